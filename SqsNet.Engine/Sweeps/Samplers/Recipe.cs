using System.Text.Json;
using SqsNet.Engine.Randomness;

namespace SqsNet.Engine.Sweeps.Samplers;

/// <summary>The order in which the paper tunes its hyperparameters for a new dataset (section 4.6).</summary>
/// <remarks>
/// "(1) Start with default values; (2) first tune λ on the validation set; (3) adjust margin m if optimization is
/// unstable; (4) fine-tune α, β only if the class distribution is highly imbalanced. Temperature τ and scaling γ
/// typically transfer." Without a space the values are those of the paper's Table 4.
/// </remarks>
internal static class Recipe
{
    private static readonly (string Path, double[] Values)[] _steps =
    [
        ("sqs.lambda", [0.1, 0.3, 0.5, 0.7, 1.0]),
        ("sqs.margin", [0.2, 0.3, 0.5, 0.7, 1.0]),
        ("sqs.alpha", [0.5, 0.7, 1.0, 1.5]),
        ("sqs.beta", [0.3, 0.5, 0.7, 1.0]),
    ];

    /// <summary>A space in the recipe's order: λ, m, α, β, then everything else as written. The paper's own where it is empty.</summary>
    internal static IReadOnlyList<SpaceDimension> Space(IReadOnlyList<SpaceDimension> space) =>
        space.Count > 0
            ?
            [
                .. _steps.SelectMany(step => space.Where(d => d.Path == step.Path)),
                .. space.Where(d => !Array.Exists(_steps, step => step.Path == d.Path)),
            ]
            :
            [
                .. _steps.Select(step => new ChoiceDimension(
                    step.Path,
                    [.. step.Values.Select(value => SpaceDimension.Json(value))]
                )),
            ];
}

/// <summary>Tunes one parameter after the other, each from the best configuration so far.</summary>
/// <remarks>A step begins when every configuration of the steps before it has ended. A value that is the sweep's own is there already.</remarks>
internal sealed class RecipeSampler : ISampler
{
    private readonly ObjectiveSpec _objective;
    private readonly List<Step> _steps = [];

    /// <summary>A recipe.</summary>
    /// <param name="spec">The sweep.</param>
    /// <param name="space">The parameters in the order of the steps, each with a finite number of values.</param>
    internal RecipeSampler(SweepSpec spec, IReadOnlyList<SpaceDimension> space)
    {
        _objective = spec.Objective;
        var own = SpecPath.Base(spec, seed: 0);
        Count = 1;
        foreach (var dimension in space)
        {
            var standing = SpecPath.Get(own, dimension.Path);
            var values = Enumerable
                .Range(0, dimension.Count ?? 0)
                .Select(dimension.Value)
                .Where(value => !JsonElement.DeepEquals(value, standing))
                .ToList();
            if (values.Count == 0)
                continue;
            _steps.Add(new(dimension.Path, Count, values));
            Count += values.Count;
        }
    }

    public int Count { get; }

    public bool IsAdaptive => true;

    public Proposal? Propose(int index, IReadOnlyList<Observation> history, Rng rng)
    {
        if (index == 0)
            return new(Assignments.Empty, ProposalReason.Of("Recipe: starts from the sweep's own values."));
        var number = _steps.FindLastIndex(step => step.First <= index);
        var step = _steps[number];
        var before = history.Take(step.First).ToList();
        // The first step starts from the sweep's own values whatever they achieve, and need not wait for them.
        if (number > 0 && before.Exists(past => past.Pending))
            return null;
        var best = number > 0 ? Best(before) : null;
        var value = step.Values[index - step.First];
        var assignment = new Dictionary<string, JsonElement>(best?.Assignment ?? Assignments.Empty)
        {
            [step.Path] = value,
        };
        var from =
            best is null || best.Assignment.Count == 0
                ? "the sweep's own values"
                : Assignments.Describe(best.Assignment);
        return new(
            assignment,
            ProposalReason.Of(
                $"Recipe, step {number + 1} of {_steps.Count}: {step.Path} = {Assignments.Show(value)}, from {from}, the best so far.",
                ("best so far", best?.Value ?? double.NaN)
            )
        );
    }

    /// <summary>The best configuration; the earlier of equals; null when none has a value.</summary>
    private Observation? Best(IEnumerable<Observation> history) =>
        history.Aggregate(
            (Observation?)null,
            (best, past) => past.Value is { } value && _objective.IsBetter(value, best?.Value) ? past : best
        );

    /// <summary>One parameter's turn.</summary>
    /// <param name="Path">The parameter.</param>
    /// <param name="First">Number of its first configuration.</param>
    /// <param name="Values">Its values but the sweep's own.</param>
    private sealed record Step(string Path, int First, IReadOnlyList<JsonElement> Values);
}
