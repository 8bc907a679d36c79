using System.Text.Json;
using SqsNet.Engine.Data;
using SqsNet.Engine.Tests.Fixtures;
using SqsNet.Torch;

namespace SqsNet.Engine.Tests.Data.Batches;

/// <summary>Held against timm's Mixup and CutMix.</summary>
public class MixingTests
{
    private static readonly JsonElement s_reference = Reference.Sqs("aug_mixup_cutmix_erase_tta");

    private static Tensor Input() => torch.tensor<double>(FormulaWeights.Doubles("aug/x", 4 * 2 * 6 * 5), [4, 2, 6, 5]);

    private static Tensor Targets(double smoothing)
    {
        var targets = new double[4 * 7];
        Array.Fill(targets, smoothing / 7);
        var labels = s_reference.GetProperty("labels").EnumerateArray().Select(l => l.GetInt32()).ToArray();
        for (var i = 0; i < 4; i++)
            targets[(7 * i) + labels[i]] += 1 - smoothing;
        return torch.tensor<double>(targets, [4, 7]);
    }

    [Fact]
    public void Rectangles_of_cutmix_are_timms()
    {
        foreach (var box in s_reference.GetProperty("cutmix_boxes").EnumerateArray())
        {
            int Whole(string name) => box.GetProperty(name).GetInt32();
            var mixing = Mixing.Cut(Whole("h"), Whole("w"), box.Number("lam"), Whole("cy"), Whole("cx"));
            mixing.Box.ShouldBe(new CutBox(Whole("yl"), Whole("yh"), Whole("xl"), Whole("xh")));
            mixing.Lambda.ShouldBe(box.Number("lam_corrected"), 1e-15);
        }
    }

    [Fact]
    public void Mixup_blends_images_and_targets_as_timm_does()
    {
        using var scope = torch.NewDisposeScope();
        foreach (var expected in s_reference.GetProperty("mixup").EnumerateArray())
        {
            var mixing = new Mixing(expected.Number("lam"), null);
            mixing.Apply(Input()).ShouldMatch(expected.GetProperty("x"), 1e-9, "images");
            // The reference's targets were computed in single precision.
            mixing
                .ApplyToTargets(Targets(expected.Number("smoothing")))
                .Values()
                .ShouldBeClose(Flat(expected.GetProperty("target")), 1e-6, 1e-7, "targets");
        }
    }

    [Fact]
    public void Cutmix_cuts_images_and_mixes_targets_as_timm_does()
    {
        using var scope = torch.NewDisposeScope();
        foreach (var expected in s_reference.GetProperty("cutmix").EnumerateArray())
        {
            var (row, column) = (expected.GetProperty("cy").GetInt32(), expected.GetProperty("cx").GetInt32());
            var mixing = Mixing.Cut(6, 5, expected.Number("lam"), row, column);
            mixing.Apply(Input()).ShouldMatch(expected.GetProperty("x"), 1e-9, "images");
            mixing
                .ApplyToTargets(Targets(0.1))
                .Values()
                .ShouldBeClose(Flat(expected.GetProperty("target")), 1e-6, 1e-7, "targets");
        }
    }

    [Fact]
    public void Input_is_left_as_it_is()
    {
        using var scope = torch.NewDisposeScope();
        var input = Input();
        var before = input.Values();
        new Mixing(0.3, null).Apply(input);
        Mixing.Cut(6, 5, 0.4, 3, 3).Apply(input);
        input.Values().ShouldBe(before);
    }

    [Fact]
    public void Mixup_and_cutmix_are_drawn_by_equal_chances_and_only_where_they_are_on()
    {
        List<Mixing?> Draw(double mixup, double cutmix) =>
            [.. Enumerable.Range(0, 1000).Select(i => Mixing.Draw(mixup, cutmix, 32, 32, new(i, "mixing")))];
        // Five standard errors of 1,000 draws.
        Draw(0.4, 0.4).Average(m => m!.Box is null ? 1.0 : 0).ShouldBe(0.5, 0.08);
        Draw(0.4, 0).ShouldAllBe(m => m!.Box == null);
        Draw(0, 0.4).ShouldAllBe(m => m!.Box != null);
        Draw(0, 0).ShouldAllBe(m => m == null);
        Draw(0.4, 0.4).ShouldAllBe(m => m!.Lambda >= 0 && m.Lambda <= 1);
    }

    private static double[] Flat(JsonElement rows) => [.. rows.EnumerateArray().SelectMany(row => row.Numbers())];
}
