using System.Text.Json;
using SqsNet.Engine.Randomness;
using SqsNet.Engine.Statistics;
using SqsNet.Engine.Sweeps;
using SqsNet.Engine.Sweeps.Samplers;

namespace SqsNet.Engine.Importance;

/// <summary>What a parameter, or a pair of them, is worth.</summary>
/// <param name="Paths">One path, or two for what they do together beyond each alone.</param>
/// <param name="Share">Share of the variance over the whole space (fANOVA), 0 to 1.</param>
/// <param name="ShareInterval">Its interval over configurations drawn anew.</param>
/// <param name="Best">Share of importance for being among the best (PED-ANOVA); NaN for pairs and where there are too few configurations.</param>
/// <param name="BestInterval">Its interval; null where there is none.</param>
internal sealed record ParameterWorth(
    IReadOnlyList<string> Paths,
    double Share,
    Interval ShareInterval,
    double Best,
    Interval? BestInterval
);

/// <summary>Which parameters of a sweep decide its objective.</summary>
/// <param name="Worths">Parameters by falling share, then pairs by falling share.</param>
/// <param name="Configurations">Number of configurations behind it.</param>
/// <param name="Fit">R² of the forest on configurations that its trees had not seen.</param>
internal sealed record ParameterImportance(IReadOnlyList<ParameterWorth> Worths, int Configurations, double Fit)
{
    /// <summary>Fewest configurations for an answer.</summary>
    internal const int Fewest = 8;

    /// <summary>Number of trees of the shares.</summary>
    internal const int Trees = 64;

    /// <summary>Number of times that configurations are drawn anew for the intervals, and trees of each.</summary>
    internal const int Redraws = 50;
    internal const int RedrawnTrees = 8;

    /// <summary>Measures a sweep; null where fewer than <see cref="Fewest"/> configurations have a value or nothing varies.</summary>
    /// <param name="spec">The sweep.</param>
    /// <param name="groups">Its configurations with their trials.</param>
    /// <param name="confidence">Of the intervals, 0 to 1 exclusive.</param>
    internal static ParameterImportance? Of(SweepSpec spec, IReadOnlyList<TrialGroup> groups, double confidence)
    {
        var measured = groups
            .Select(group => (group.Assignment, group.Measure(spec.Objective.Metric).Summary))
            .Where(group => group.Summary.N > 0 && double.IsFinite(group.Summary.Mean))
            .ToList();
        var own = SpecPath.Base(spec, seed: 0);
        JsonElement Of(IReadOnlyDictionary<string, JsonElement> assignment, string path) =>
            assignment.TryGetValue(path, out var value) ? value : SpecPath.Get(own, path);
        var axes = Axes(spec, [.. measured.Select(group => group.Assignment)], Of);
        // A value outside of its axis (the sweep's own, beyond the range) has no place in the space.
        var placed = measured
            .Select(group =>
                (Point: axes.Select(axis => axis.Place(Of(group.Assignment, axis.Path))).ToList(), group.Summary.Mean)
            )
            .Where(group => group.Point.TrueForAll(unit => unit is not null))
            .ToList();
        if (axes.Count == 0 || placed.Count < Fewest)
            return null;
        List<double[]> points = [.. placed.Select(group => group.Point.Select(unit => unit!.Value).ToArray())];
        double[] values = [.. placed.Select(group => group.Mean)];
        var sign = spec.Objective.Goal == Goal.Maximize ? -1 : 1;
        double[] losses = [.. values.Select(value => sign * value)];
        PedGrid[] grids = [.. axes.Select(axis => axis.Grid)];
        var rng = new Rng(spec.Strategy.Seed, "importance");
        var shares = Fanova.Measure(points, values, Trees, rng);
        var enough = points.Count >= PedAnova.Fewest;
        var best = enough ? PedAnova.Measure(points, losses, grids) : null;
        var (redrawn, redrawnBest) = (new List<FanovaShares>(), new List<double[]>());
        for (var i = 0; i < Redraws; i++)
        {
            int[] sample = [.. points.Select(_ => rng.NextInt(points.Count))];
            List<double[]> drawn = [.. sample.Select(j => points[j])];
            redrawn.Add(Fanova.Measure(drawn, [.. sample.Select(j => values[j])], RedrawnTrees, rng));
            if (enough)
                redrawnBest.Add(PedAnova.Measure(drawn, [.. sample.Select(j => losses[j])], grids));
        }
        var mains = axes.Select(
            (axis, d) =>
                new ParameterWorth(
                    [axis.Path],
                    shares.Mains[d],
                    Middle(redrawn.Select(r => r.Mains[d]), confidence),
                    best?[d] ?? double.NaN,
                    enough ? Middle(redrawnBest.Select(r => r[d]), confidence) : null
                )
        );
        var pairs = shares.Pairs.Select(pair => new ParameterWorth(
            [axes[pair.Key.First].Path, axes[pair.Key.Second].Path],
            pair.Value,
            Middle(redrawn.Select(r => r.Pairs[pair.Key]), confidence),
            double.NaN,
            null
        ));
        return new(
            [.. mains.OrderByDescending(worth => worth.Share), .. pairs.OrderByDescending(worth => worth.Share)],
            points.Count,
            shares.Fit
        );
    }

    /// <summary>The parameters that took more than one value: as the space has them, or as a list of what was tried.</summary>
    private static List<ImportanceAxis> Axes(
        SweepSpec spec,
        IReadOnlyList<IReadOnlyDictionary<string, JsonElement>> assignments,
        Func<IReadOnlyDictionary<string, JsonElement>, string, JsonElement> valueOf
    )
    {
        var axes = new List<ImportanceAxis>();
        foreach (var path in assignments.SelectMany(assignment => assignment.Keys).Distinct().ToList())
        {
            var tried = assignments
                .Select(assignment => valueOf(assignment, path))
                .Distinct(JsonValues.Instance)
                .ToList();
            if (tried.Count < 2)
                continue;
            var isRange = spec.Space.TryGetValue(path, out var parameter) && parameter.Values is null;
            axes.Add(new(isRange ? SpaceDimension.Create(path, parameter!) : new ChoiceDimension(path, tried)));
        }
        return axes;
    }

    /// <summary>The middle share of values: the percentile bootstrap (Efron 1979).</summary>
    private static Interval Middle(IEnumerable<double> values, double confidence)
    {
        double[] sorted = [.. values.Order()];
        var tail = (1 - confidence) / 2;
        double At(double share)
        {
            var place = share * (sorted.Length - 1);
            var below = (int)place;
            var above = Math.Min(below + 1, sorted.Length - 1);
            return sorted[below] + ((place - below) * (sorted[above] - sorted[below]));
        }
        return new(At(tail), At(1 - tail));
    }
}
