using System.Text.Json;
using SqsNet.Engine.Models;
using SqsNet.Engine.Sweeps;
using SqsNet.Engine.Training;
using SqsNet.Web.Forms;

namespace SqsNet.Web.Tests.Forms;

public sealed class SweepFormTests
{
    private static JsonElement Value(object value) => JsonSerializer.SerializeToElement(value);

    private static readonly SweepSpec s_rich = new()
    {
        Name = "everything <b>set</b>",
        Tags = ["a", "b"],
        Model = new()
        {
            Name = "sqsnet",
            Fusion = new() { Heads = 2 },
            Width = 64,
        },
        Training = new()
        {
            EarlyStopping = null,
            ClipGradNorm = 1.5,
            FacesPerEpoch = 500,
        },
        Space = new Dictionary<string, SpaceParameter>
        {
            ["sqs.tau"] = new() { Values = [Value(0.1), Value(1)] },
            ["model.fusion.kind"] = new() { Values = [Value("concat"), Value("crossAttention")] },
            ["sqs.lambda"] = new()
            {
                Low = 0.1,
                High = 1,
                Step = 0.3,
            },
        },
        Strategy = new() { Kind = StrategyKind.Grid },
        Seeds = [0, 1, 2, 7],
    };

    [Fact]
    public void Form_of_a_sweep_reads_as_the_same_sweep()
    {
        foreach (var spec in new[] { new SweepSpec(), s_rich })
        {
            var read = new SweepForm(spec).Read(out _);

            SweepSpecJson.Serialize(read!).ShouldBe(SweepSpecJson.Serialize(spec));
        }
    }

    [Fact]
    public void Every_field_typed_again_as_it_is_shown_changes_nothing()
    {
        var form = new SweepForm(s_rich);

        form.SetNumber("training.learningRate", form.Text("training.learningRate"));
        form.SetNumber("training.clipGradNorm", form.Text("training.clipGradNorm"), optional: true);
        form.SetText("name", form.Text("name"));
        form.SetSeeds(form.Seeds);
        form.SetTags(form.Tags);
        form.SetValues("sqs.tau", form.Values("sqs.tau"));
        form.SetValues("model.fusion.kind", form.Values("model.fusion.kind"));
        foreach (var part in new[] { "low", "high", "step" })
            form.SetRangePart("sqs.lambda", part, form.RangePart("sqs.lambda", part));

        SweepSpecJson.Serialize(form.Read(out _)!).ShouldBe(SweepSpecJson.Serialize(s_rich));
    }

    [Theory]
    [InlineData("abc")]
    [InlineData("0,5")]
    [InlineData("")]
    [InlineData("1.")]
    [InlineData("-")]
    [InlineData("NaN")]
    [InlineData("1e999")]
    public void What_is_no_number_stays_as_typed_and_is_reported_at_its_place(string typed)
    {
        var form = new SweepForm(new());

        form.SetNumber("sqs.tau", typed);
        form.Read(out var errors);

        form.Text("sqs.tau").ShouldBe(typed);
        // "1." is a number to people and to .NET, though not to JSON.
        if (typed == "1.")
            errors.ShouldBeEmpty();
        else
            errors.ShouldContain(error => error.Path == "sqs.tau");
    }

    [Fact]
    public void Numbers_keep_the_digits_that_were_typed()
    {
        var form = new SweepForm(new());

        form.SetNumber("training.learningRate", "1e-4");

        form.Text("training.learningRate").ShouldBe("1e-4");
        form.Read(out var errors)!.Training.LearningRate.ShouldBe(1e-4);
        errors.ShouldBeEmpty();
    }

    [Fact]
    public void Optional_number_left_empty_is_absent()
    {
        var form = new SweepForm(s_rich);

        form.SetNumber("training.facesPerEpoch", " ", optional: true);

        form.Read(out _)!.Training.FacesPerEpoch.ShouldBeNull();
    }

    [Theory]
    [InlineData("0-4", new[] { 0, 1, 2, 3, 4 })]
    [InlineData("0, 2 5;7", new[] { 0, 2, 5, 7 })]
    [InlineData("3", new[] { 3 })]
    [InlineData("0-1, 9", new[] { 0, 1, 9 })]
    public void Seeds_are_numbers_and_ranges(string typed, int[] seeds)
    {
        var form = new SweepForm(new());

        form.SetSeeds(typed);

        form.Read(out _)!.Seeds.ShouldBe(seeds);
        form.Seeds.ShouldBe(typed);
    }

    [Theory]
    [InlineData("0-100000")]
    [InlineData("5-1")]
    [InlineData("one")]
    public void Seeds_that_cannot_be_are_reported(string typed)
    {
        var form = new SweepForm(new());

        form.SetSeeds(typed);
        form.Read(out var errors);

        errors.ShouldContain(error => error.Path.StartsWith("seeds"));
    }

    [Fact]
    public void Consecutive_seeds_are_shown_as_a_range()
    {
        new SweepForm(s_rich).Seeds.ShouldBe("0-2, 7");
        new SweepForm(new() { Seeds = [4, 5] }).Seeds.ShouldBe("4, 5");
    }

    [Fact]
    public void List_that_was_typed_comes_back_after_trying_a_range()
    {
        var form = new SweepForm(new());
        form.SetVariation("sqs.tau", VariationKind.Values);
        form.SetValues("sqs.tau", "0.1, 0.2");

        form.SetVariation("sqs.tau", VariationKind.Range);
        form.VariationOf("sqs.tau").ShouldBe(VariationKind.Range);
        form.SetVariation("sqs.tau", VariationKind.Values);

        form.Values("sqs.tau").ShouldBe("0.1, 0.2");
        form.Read(out _)!.Space["sqs.tau"].Values!.Count.ShouldBe(2);
    }

    [Fact]
    public void Fixed_value_leaves_the_space()
    {
        var form = new SweepForm(s_rich);

        form.SetVariation("sqs.tau", VariationKind.Fixed);

        form.Varied.ShouldBe(["model.fusion.kind", "sqs.lambda"]);
        form.Read(out _)!.Space.Keys.ShouldNotContain("sqs.tau");
    }

    [Fact]
    public void New_range_lies_around_the_value()
    {
        var form = new SweepForm(new());

        form.SetVariation("sqs.margin", VariationKind.Range);

        var range = form.Read(out _)!.Space["sqs.margin"];
        range.Low.ShouldBe(0.25);
        range.High.ShouldBe(1);
    }

    [Fact]
    public void Group_switched_off_is_null_and_switched_on_has_its_defaults()
    {
        var form = new SweepForm(s_rich);

        form.SetGroup("training.earlyStopping", new EarlyStoppingSpec());
        form.SetGroup<FusionSpec>("model.fusion", null);

        var read = form.Read(out _)!;
        read.Training.EarlyStopping.ShouldBe(new EarlyStoppingSpec());
        read.Model.Fusion.ShouldBeNull();
    }

    [Fact]
    public void Pasted_json_fills_the_form_and_what_it_leaves_out_with_defaults()
    {
        var form = new SweepForm(s_rich);

        form.LoadJson("""{ "name": "short", "sqs": { "tau": 0.25 }, "seeds": [3] }""").ShouldBeNull();

        var read = form.Read(out var errors)!;
        errors.ShouldBeEmpty();
        read.Name.ShouldBe("short");
        read.Sqs.ShouldBe(new() { Tau = 0.25 });
        read.Seeds.ShouldBe([3]);
        read.Space.ShouldBeEmpty();
        form.Text("sqs.tau").ShouldBe("0.25");
    }

    [Fact]
    public void Pasted_json_keeps_misspelt_keys_so_that_they_are_reported()
    {
        var form = new SweepForm(new());

        form.LoadJson("""{ "sqs": { "tua": 1 } }""").ShouldBeNull();
        form.Read(out var errors).ShouldBeNull();

        errors.ShouldContain(error => error.Path == "sqs.tua");
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{ \"a\": 1, \"a\": 2 }")]
    [InlineData("")]
    public void Pasted_text_that_is_no_object_is_refused_and_changes_nothing(string text)
    {
        var form = new SweepForm(s_rich);
        var before = form.Json;

        form.LoadJson(text).ShouldNotBeNullOrEmpty();

        form.Json.ShouldBe(before);
    }

    [Fact]
    public void A_condition_stays_when_the_values_of_its_parameter_change()
    {
        var form = new SweepForm(new());
        form.LoadJson(
                """
                { "strategy": { "kind": "grid" },
                  "space": { "sqs.alpha": { "values": [0.5, 1] },
                             "sqs.tau": { "values": [0.5], "when": { "sqs.alpha": [0.5] } } } }
                """
            )
            .ShouldBeNull();

        form.SetValues("sqs.tau", "0.5, 2");

        var spec = form.Read(out var errors).ShouldNotBeNull();
        errors.ShouldBeEmpty();
        spec.Space["sqs.tau"].When!.Keys.ShouldBe(["sqs.alpha"]);
        SweepPlan.CountConfigurations(spec).ShouldBe(3);
    }

    [Fact]
    public void Json_of_unexpected_shape_is_reported_and_breaks_no_field()
    {
        var form = new SweepForm(new());

        form.LoadJson("""{ "space": 3, "seeds": "x", "tags": null, "model": [1] }""").ShouldBeNull();

        form.Read(out var errors).ShouldBeNull();
        errors.Select(error => error.Path).ShouldBe(["tags", "model", "space", "seeds"], ignoreOrder: true);
        form.Seeds.ShouldBe("");
        form.Varied.ShouldBeEmpty();
        form.Text("model.name").ShouldBe("");
        form.Flag("model.sqsModule").ShouldBeFalse();
    }
}
