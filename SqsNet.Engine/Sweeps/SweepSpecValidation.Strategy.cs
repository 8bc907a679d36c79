using System.Text.Json;
using SqsNet.Engine.Sweeps.Samplers;

namespace SqsNet.Engine.Sweeps;

// What the strategies ask of the space and of their own settings.
public static partial class SweepSpecValidation
{
    // Above this share of a finite space, independent draws would look long for the last free configurations.
    private const double LargestShare = 0.9;

    private static void CheckStrategy(SweepSpec spec, TrialSpec own, List<ConfigError> errors)
    {
        var strategy = spec.Strategy;
        var word = SweepSpecJson.Word(strategy.Kind);
        var counted = IsCounted(strategy.Kind);
        if (counted && strategy.Trials is null)
            errors.Add(new("strategy.trials", $"is required for {word}: the number of configurations"));
        else if (counted && strategy.Trials is < 1 or > SweepPlan.MaxTrials)
            errors.Add(new("strategy.trials", $"must be from 1 to {SweepPlan.MaxTrials}; it is {strategy.Trials}"));
        else if (!counted && strategy.Trials is not null)
            errors.Add(new("strategy.trials", $"does not go with {word}, which ends by itself; leave it out"));
        if (strategy.Seed < 0)
            errors.Add(new("strategy.seed", $"must be 0 or more; it is {strategy.Seed}"));
        if (strategy is { Shuffle: true, Kind: not StrategyKind.Grid })
            errors.Add(new("strategy.shuffle", $"belongs to grid; the strategy is {word}"));
        if (strategy is { Pairs: true, Kind: not StrategyKind.Ablation })
            errors.Add(new("strategy.pairs", $"belongs to ablation; the strategy is {word}"));
        if (strategy.Kind == StrategyKind.List)
            CheckConfigurations(spec, own, errors);
        else if (strategy.Configurations is not null)
            errors.Add(new("strategy.configurations", $"belongs to list; the strategy is {word}"));
        if (counted && spec.Space.Count == 0)
            errors.Add(new("space", $"is empty; {word} needs something to vary"));
        if (strategy.Kind is StrategyKind.Grid || IsOneByOne(strategy.Kind))
            RequireFinite(spec, word, errors);
    }

    /// <summary>Whether a strategy goes on for as many configurations as it is told.</summary>
    internal static bool IsCounted(StrategyKind kind) =>
        kind is StrategyKind.Random or StrategyKind.Sobol or StrategyKind.Tpe or StrategyKind.Gp;

    /// <summary>Whether a strategy changes one parameter at a time.</summary>
    private static bool IsOneByOne(StrategyKind kind) =>
        kind is StrategyKind.OneAtATime or StrategyKind.Recipe or StrategyKind.Ablation;

    /// <summary>A condition names values that an earlier parameter may take; so no circle can close.</summary>
    private static void CheckConditions(SweepSpec spec, List<ConfigError> errors)
    {
        var earlier = new HashSet<string>();
        foreach (var (path, parameter) in spec.Space)
        {
            var place = $"{SpecShape.Join("space", path)}.when";
            if (parameter.When is { Count: > 0 } && IsOneByOne(spec.Strategy.Kind))
                errors.Add(
                    new(
                        place,
                        $"does not go with {SweepSpecJson.Word(spec.Strategy.Kind)}, which changes one parameter at a time"
                    )
                );
            foreach (var (condition, wanted) in parameter.When ?? new Dictionary<string, IReadOnlyList<JsonElement>>())
                if (!earlier.Contains(condition))
                    errors.Add(new(place, $"names \"{condition}\", which does not stand before it in the space"));
                else if (wanted.Count == 0)
                    errors.Add(new(place, $"needs a value of \"{condition}\""));
                else if (spec.Space[condition].Values is not { } values)
                    errors.Add(
                        new(place, $"names \"{condition}\", which has a range; a condition needs listed values")
                    );
                else if (!wanted.Any(value => values.Any(listed => AreEqual(value, listed))))
                    errors.Add(
                        new(
                            place,
                            $"can never hold: \"{condition}\" is never {string.Join(" or ", wanted.Select(Assignments.Show))}"
                        )
                    );
            earlier.Add(path);
        }
    }

    private static void RequireFinite(SweepSpec spec, string word, List<ConfigError> errors)
    {
        foreach (var (path, parameter) in spec.Space)
            if (
                parameter is { Values: null, Step: null }
                && (parameter.Log || SpecPath.Find(path) is { Kind: SpecValueKind.Number })
            )
                errors.Add(new(SpecShape.Join("space", path), $"needs values or a step: {word} tries every one"));
    }

    private static void CheckConfigurations(SweepSpec spec, TrialSpec own, List<ConfigError> errors)
    {
        const string place = "strategy.configurations";
        if (spec.Space.Count > 0)
            errors.Add(new("space", "does not go with list; put the values into strategy.configurations"));
        var configurations = spec.Strategy.Configurations ?? [];
        if (configurations.Count is 0 or > SweepPlan.MaxTrials)
        {
            errors.Add(
                new(place, $"must hold 1 to {SweepPlan.MaxTrials:N0} entries; it holds {configurations.Count:N0}")
            );
            return;
        }
        for (var i = 0; i < configurations.Count && errors.Count < SpecShape.MaxErrors; i++)
        {
            var at = $"{place}[{i}]";
            var found = errors.Count;
            if (configurations[i].Count > MaxDimensions)
                errors.Add(new(at, $"must set at most {MaxDimensions} values; it sets {configurations[i].Count}"));
            CheckOverlaps(configurations[i].Keys, path => SpecShape.Join(at, path), errors);
            if (errors.Count == found)
                CheckAssignment(configurations[i], own, path => SpecShape.Join(at, path), errors);
        }
        // Pairs are compared only where nothing else is wrong, and only in lists that people write by hand.
        for (var i = 1; errors.Count == 0 && i < Math.Min(configurations.Count, MaxValues); i++)
            if (configurations.Take(i).Any(earlier => Assignments.AreEqual(earlier, configurations[i])))
                errors.Add(new($"{place}[{i}]", "is listed twice"));
    }

    private static void CheckSize(SweepSpec spec, SpecRange range)
    {
        var configurations = SweepPlan.CountConfigurations(spec);
        var trials = (long)configurations * spec.Seeds.Count;
        if (trials > SweepPlan.MaxTrials)
            range.Add(
                spec.Strategy.Trials is null ? "space" : "strategy.trials",
                $"makes {configurations:N0} configurations x {spec.Seeds.Count} seeds = {trials:N0} trials; at most {SweepPlan.MaxTrials:N0} fit in one sweep"
            );
        if (spec.Strategy.Kind == StrategyKind.Ablation && configurations < 2)
            range.Add("strategy.kind", "ablation finds no part that is switched on; name the parts in space");
        if (spec.Strategy is { Trials: { } wanted })
        {
            var points = SpaceDimension.Of(spec).Aggregate(1.0, (product, d) => product * (d.Count ?? 1e300));
            if (wanted > 1 && wanted > LargestShare * points)
                range.Add(
                    "strategy.trials",
                    $"asks for {wanted} different configurations of a space that has {points:N0}; take grid, or fewer"
                );
        }
    }

    /// <summary>Values that are right one by one may not fit together: checks every configuration known beforehand.</summary>
    private static void CheckCombinations(SweepSpec spec, List<ConfigError> errors)
    {
        if (spec.Strategy.Kind == StrategyKind.List)
            return; // Each of them has been checked as it stands.
        foreach (var assignment in SweepPlan.Preview(spec))
        {
            var problems = SpecPath.Trial(spec, assignment, seed: 0).Validate();
            if (problems.Count == 0)
                continue;
            errors.Add(
                new(
                    "space",
                    $"makes {Assignments.Describe(assignment)}, where {problems[0].Path} {problems[0].Message}"
                )
            );
            return;
        }
    }
}
