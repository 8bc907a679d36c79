using SqsNet.Engine.Randomness;

namespace SqsNet.Engine.Importance;

/// <summary>Shares of the variance of a forest over the whole space.</summary>
/// <param name="Mains">What each feature explains by itself.</param>
/// <param name="Pairs">What each pair explains beyond its two features, by the numbers of the features.</param>
/// <param name="Fit">R² of the forest on points that a tree had not seen; NaN where there are none.</param>
internal sealed record FanovaShares(
    double[] Mains,
    IReadOnlyDictionary<(int First, int Second), double> Pairs,
    double Fit
);

/// <summary>Functional analysis of variance of a random forest: which features matter, alone and together.</summary>
/// <remarks>
/// Hutter et al. 2014, as in Optuna's FanovaImportanceEvaluator: each tree is grown to its leaves on as many points as
/// there are, drawn with replacement; a share is the mean over trees of V_u / V. Unlike Optuna the space is the unit
/// cube of the parameters' own scales: a logarithmic parameter is measured in its logarithm, not by its top decade.
/// </remarks>
internal static class Fanova
{
    /// <summary>Measures.</summary>
    /// <param name="points">Points of the unit cube; two or more.</param>
    /// <param name="values">Value of each point.</param>
    /// <param name="trees">Number of trees.</param>
    /// <param name="rng">Of the draws.</param>
    internal static FanovaShares Measure(
        IReadOnlyList<double[]> points,
        IReadOnlyList<double> values,
        int trees,
        Rng rng
    )
    {
        var (n, features) = (points.Count, points[0].Length);
        double[] low = new double[features];
        double[] high = [.. Enumerable.Repeat(1.0, features)];
        var mains = new double[features];
        var pairs = new Dictionary<(int, int), double>();
        for (var first = 0; first < features; first++)
        for (var second = first + 1; second < features; second++)
            pairs[(first, second)] = 0;
        var measured = 0;
        var (predicted, seen) = (new double[n], new int[n]);
        for (var t = 0; t < trees; t++)
        {
            int[] sample = [.. Enumerable.Range(0, n).Select(_ => rng.NextInt(n))];
            var tree = RegressionTree.Grow(points, values, sample);
            foreach (var i in Enumerable.Range(0, n).Except(sample))
                (predicted[i], seen[i]) = (predicted[i] + tree.Predict(points[i]), seen[i] + 1);
            var variance = new TreeVariance(tree, low, high);
            if (variance.Total <= 0)
                continue;
            measured++;
            double[] alone = [.. Enumerable.Range(0, features).Select(d => variance.Marginal(d))];
            for (var d = 0; d < features; d++)
                mains[d] += alone[d] / variance.Total;
            foreach (var (first, second) in pairs.Keys)
                pairs[(first, second)] +=
                    (variance.Marginal(first, second) - alone[first] - alone[second]) / variance.Total;
        }
        return new(
            [.. mains.Select(sum => sum / Math.Max(measured, 1))],
            // A sum of squares less others: what falls below 0 is rounding.
            pairs.ToDictionary(pair => pair.Key, pair => Math.Max(pair.Value / Math.Max(measured, 1), 0)),
            RSquared(values, predicted, seen)
        );
    }

    private static double RSquared(IReadOnlyList<double> values, double[] predicted, int[] seen)
    {
        var known = Enumerable.Range(0, seen.Length).Where(i => seen[i] > 0).ToList();
        if (known.Count < 2)
            return double.NaN;
        var mean = known.Average(i => values[i]);
        var total = known.Sum(i => Math.Pow(values[i] - mean, 2));
        var left = known.Sum(i => Math.Pow(values[i] - (predicted[i] / seen[i]), 2));
        return total > 0 ? 1 - (left / total) : double.NaN;
    }
}
