using System.Text.Json;
using SqsNet.Engine.Models;

namespace SqsNet.Engine.Sweeps.Samplers;

/// <summary>The full model, then the model without each part: the paper's Table 7.</summary>
/// <remarks>
/// Without a space, the parts are those of Table 7 and the two of the training protocol that the paper credits:
/// <list type="bullet">
/// <item><b>w/o SQS</b>: no SQS module, no enhanced head, no distillation; the base head alone.</item>
/// <item><b>w/o CNN</b>: the transformer branch alone with a linear head.</item>
/// <item><b>w/o Transformer</b>: the CNN branch alone with a linear head (the paper's "w/o Swin").</item>
/// <item><b>w/o distillation</b>: the enhanced head stays, its KL term goes (weight 0).</item>
/// <item><b>w/o mixing</b>: neither Mixup nor CutMix; every batch is a clean quad batch (probability 0).</item>
/// </list>
/// A single branch has no fused map, so w/o CNN and w/o Transformer lose the SQS module as well; the paper does not say
/// what it did there. A part that the sweep has switched off already makes no row. With a space, the parts are the
/// space's: one row for each value that differs from the sweep's own. With <see cref="StrategySpec.Pairs"/> each two parts
/// that do not contain one another are left out together, too, from which a table takes how they interact.
/// </remarks>
public static class Ablation
{
    /// <summary>One part that can be switched off.</summary>
    /// <param name="Label">How a table names the row.</param>
    /// <param name="Assignment">What switches it off.</param>
    public sealed record Part(string Label, IReadOnlyDictionary<string, JsonElement> Assignment);

    /// <summary>The parts of a sweep's model and protocol that are switched on.</summary>
    public static IReadOnlyList<Part> Parts(SweepSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        var parts = new List<Part>();
        var model = ModelRegistry.Resolve(spec.Model);
        if (model is { Cnn: { } cnn, Transformer: { } transformer })
        {
            if (model.SqsModule)
                parts.Add(Off("w/o SQS", "model.sqsModule", false));
            parts.Add(Alone("w/o CNN", transformer, model.ImageSize));
            parts.Add(Alone("w/o Transformer", cnn, model.ImageSize));
            if (model.SqsModule && spec.Training.Distillation.Weight > 0)
                parts.Add(Off("w/o distillation", "training.distillation.weight", 0));
        }
        if (spec.Training is { MixProbability: > 0 } and ({ Mixup: > 0 } or { Cutmix: > 0 }))
            parts.Add(Off("w/o mixing", "training.mixProbability", 0));
        return parts;
    }

    /// <summary>How a table names a configuration of an ablation.</summary>
    public static string Label(SweepSpec spec, IReadOnlyDictionary<string, JsonElement> assignment)
    {
        if (assignment.Count == 0)
            return "full";
        var parts = Parts(spec);
        return parts
                .Concat(Pairs(parts))
                .FirstOrDefault(part => Assignments.AreEqual(part.Assignment, assignment))
                ?.Label
            ?? Assignments.Describe(assignment);
    }

    /// <summary>How many pairs of parts a sweep could still leave out together; 0 where it is no ablation.</summary>
    public static int MissingPairs(SweepSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return spec.Strategy is { Kind: StrategyKind.Ablation, Pairs: false } strategy
            ? SweepPlan.CountConfigurations(spec with { Strategy = strategy with { Pairs = true } })
                - SweepPlan.CountConfigurations(spec)
            : 0;
    }

    internal static IReadOnlyList<Proposal> Configurations(SweepSpec spec, IReadOnlyList<SpaceDimension> space)
    {
        var singles =
            space.Count > 0
                ? OneAtATime.Configurations(spec, space)
                :
                [
                    new(Assignments.Empty, ProposalReason.Of("The full model.")),
                    .. Parts(spec)
                        .Select(part => new Proposal(part.Assignment, ProposalReason.Of($"The model {part.Label}."))),
                ];
        if (!spec.Strategy.Pairs)
            return singles;
        // Behind all single ones, so that a sweep can get its pairs later.
        var parts = singles
            .Skip(1)
            .Select(single => new Part(Label(spec, single.Assignment), single.Assignment))
            .ToList();
        return
        [
            .. singles,
            .. Pairs(parts)
                .Select(pair => new Proposal(pair.Assignment, ProposalReason.Of($"Both left out: {pair.Label}."))),
        ];
    }

    /// <summary>Each two parts left out together, where neither contains the other.</summary>
    private static IEnumerable<Part> Pairs(IReadOnlyList<Part> parts) =>
        from i in Enumerable.Range(0, parts.Count)
        let first = parts[i]
        from second in parts.Skip(i + 1)
        where AreApart(first, second)
        select new Part(
            $"{first.Label}, {second.Label}",
            first.Assignment.Concat(second.Assignment).ToDictionary(pair => pair.Key, pair => pair.Value)
        );

    /// <summary>
    /// Whether two parts can be left out together: values of different parameters can. Of the paper's parts those of the
    /// network cannot: a single branch has no SQS module, and without the module there is nothing to distill.
    /// </summary>
    private static bool AreApart(Part first, Part second) =>
        !first.Assignment.Keys.Intersect(second.Assignment.Keys).Any() && !(IsOfNetwork(first) && IsOfNetwork(second));

    private static bool IsOfNetwork(Part part) =>
        part.Assignment.Keys.Any(path => path is "model" or "model.sqsModule" or "training.distillation.weight");

    private static Part Off<T>(string label, string path, T value) =>
        new(label, new Dictionary<string, JsonElement> { [path] = SpaceDimension.Json(value) });

    private static Part Alone(string label, string backbone, int? imageSize) =>
        new(
            label,
            new Dictionary<string, JsonElement>
            {
                ["model"] = SpaceDimension.Json(
                    new ModelSpec
                    {
                        Name = backbone,
                        ImageSize = imageSize,
                        SqsModule = false,
                    }
                ),
            }
        );
}
