using System.Text.Json;
using SqsNet.Engine.Models;
using SqsNet.Engine.Sweeps;
using SqsNet.Engine.Tests.Fakes;

namespace SqsNet.Engine.Tests.Sweeps;

public class SpecPathTests
{
    private static readonly TrialSpec _own = SpecPath.Trial(new SweepSpec(), Sample.Assignment(), seed: 3);

    [Fact]
    public void All_paths_are_known_once_with_their_kind_and_can_be_read()
    {
        SpecPath.All.Select(p => p.Path).Distinct().Count().ShouldBe(SpecPath.All.Count);
        foreach (var path in SpecPath.All)
            SpecPath.Get(_own, path.Path).ValueKind.ShouldNotBe(JsonValueKind.Undefined);
        SpecPath.Find("sqs.tau")!.Kind.ShouldBe(SpecValueKind.Number);
        SpecPath.Find("training.epochs")!.Kind.ShouldBe(SpecValueKind.Integer);
        SpecPath
            .Find("model.width")!
            .ShouldSatisfyAllConditions(p => p.Kind.ShouldBe(SpecValueKind.Integer), p => p.Nullable.ShouldBeTrue());
        SpecPath.Find("sqs.learnable")!.Kind.ShouldBe(SpecValueKind.Flag);
        SpecPath.Find("sqs.normalize")!.Words.ShouldBe(["l2", "none", "meanSquare"]);
        SpecPath.Find("model.fusion")!.Kind.ShouldBe(SpecValueKind.Group);
        SpecPath.Find("dataset")!.Kind.ShouldBe(SpecValueKind.Text);
        SpecPath.Find("seed").ShouldBeNull();
        SpecPath.Find("objective.metric").ShouldBeNull();
    }

    [Fact]
    public void Apply_replaces_what_it_names_and_nothing_else()
    {
        var changed = SpecPath.Apply(_own, Sample.Assignment(("sqs.lambda", 0.25), ("training.quads", "explicit")));
        changed.Sqs.ShouldBe(_own.Sqs with { Lambda = 0.25 });
        changed.Training.ShouldBe(_own.Training with { Quads = Engine.Training.QuadMode.Explicit });
        changed.Seed.ShouldBe(3);
        _own.Sqs.Lambda.ShouldBe(0.5);
    }

    [Fact]
    public void A_key_of_an_absent_group_brings_the_group_with_its_defaults() =>
        SpecPath
            .Apply(
                _own with
                {
                    Training = _own.Training with { EarlyStopping = null },
                },
                Sample.Assignment(("training.earlyStopping.patience", 4))
            )
            .Training.EarlyStopping!.Patience.ShouldBe(4);

    [Fact]
    public void A_key_of_an_absent_fusion_keeps_the_rest_of_the_named_models_own()
    {
        // The light network's own fusion has a residual; the record's default has none.
        SpecPath
            .Apply(_own, Sample.Assignment(("model.fusion.heads", 4)))
            .Model.Fusion.ShouldBe(new FusionSpec { Heads = 4, Residual = true });
        SpecPath
            .Apply(_own, Sample.Assignment(("model.fusion.heads", 4), ("model.name", "sqsnet")))
            .Model.Fusion.ShouldBe(new FusionSpec { Heads = 4, Residual = false });
    }

    [Fact]
    public void A_group_is_set_before_the_keys_within_it() =>
        SpecPath
            .Apply(
                _own,
                Sample.Assignment(("model.name", "sqsnet"), ("model", new { name = "sqsnet-tiny", width = 64 }))
            )
            .Model.ShouldBe(new ModelSpec { Name = "sqsnet", Width = 64 });

    [Fact]
    public void Every_wrong_path_and_value_is_reported()
    {
        var errors = Should
            .Throw<InvalidSpecException>(() =>
                SpecPath.Apply(
                    _own,
                    Sample.Assignment(
                        ("sqs.tau", "hot"),
                        ("sqs.tao", 1),
                        ("training.epochs", 1.5),
                        ("sqs.normalize", null)
                    )
                )
            )
            .Errors;
        errors.Select(e => e.Path).ShouldBe(["sqs.tau", "sqs.tao", "training.epochs", "sqs.normalize"]);
    }
}
