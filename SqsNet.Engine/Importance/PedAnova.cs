using MathNet.Numerics;

namespace SqsNet.Engine.Importance;

/// <summary>Importance for being among the best: how far the good values of a parameter are from all of its values.</summary>
/// <remarks>
/// Watanabe et al. 2023 ("PED-ANOVA"), with the estimators of Optuna 4's PedAnovaImportanceEvaluator: the best tenth
/// against all, each parameter by itself on a grid of at most 50 cells or on its choices; importance is Pearson's
/// divergence Σ p (q / p - 1)² between the density q of the best and that of all, p, divided by the sum over parameters.
/// A density has one kernel per observation, of Scott's width (half a cell over 1.64 at least), and one as wide as the
/// grid with the weight of an observation. We ask for five among the best, Optuna for two; our cells are all of one
/// width, its first and last ones are half as wide.
/// </remarks>
internal static class PedAnova
{
    private const double Narrowest = 0.5 / 1.64;

    /// <summary>Fewest configurations for an answer: twice as many as count as best.</summary>
    internal const int Fewest = 10;

    /// <summary>Number of configurations that count as the best, ties not counted: a tenth, at least five.</summary>
    internal static int Best(int count) => Math.Max((int)Math.Ceiling(0.1 * count), 5);

    /// <summary>Measures.</summary>
    /// <param name="points">Points of the unit cube, <see cref="Fewest"/> or more.</param>
    /// <param name="losses">Value of each point, less is better.</param>
    /// <param name="grids">The grid of each feature.</param>
    /// <returns>Share of each feature; their sum is 1, or 0 where nothing matters.</returns>
    internal static double[] Measure(
        IReadOnlyList<double[]> points,
        IReadOnlyList<double> losses,
        IReadOnlyList<PedGrid> grids
    )
    {
        var bar = losses.Order().ElementAt(Best(losses.Count) - 1);
        var best = points.Where((_, i) => losses[i] <= bar).ToList();
        double[] divergences =
        [
            .. grids.Select(
                (grid, d) =>
                    Divergence(
                        Density([.. best.Select(point => grid.Cell(point[d]))], grid),
                        Density([.. points.Select(point => grid.Cell(point[d]))], grid)
                    )
            ),
        ];
        var total = divergences.Sum();
        return total > 0 ? [.. divergences.Select(divergence => divergence / total)] : divergences;
    }

    /// <summary>Pearson's divergence of q from p.</summary>
    internal static double Divergence(double[] q, double[] p) =>
        q.Zip(p, (good, all) => all * Math.Pow((good / all) - 1, 2)).Sum();

    /// <summary>The estimated probability of each cell or choice.</summary>
    /// <param name="cells">Cell of each observation.</param>
    /// <param name="grid">The grid.</param>
    internal static double[] Density(int[] cells, PedGrid grid)
    {
        var count = grid.Cells;
        var density = new double[count];
        // The prior, with the weight of an observation.
        Add(density, (count - 1) / 2.0, grid.IsRange ? count : double.PositiveInfinity, 1);
        var kinds = cells.Distinct().Count();
        var width = grid.IsRange ? Width(cells) : 0;
        foreach (var (cell, times) in cells.CountBy(cell => cell))
            if (grid.IsRange)
                Add(density, cell, width, times);
            else
            {
                // One on its choice and a little on each: kernels are the different choices and the prior.
                var spread = 1.0 / (kinds + 1);
                for (var i = 0; i < count; i++)
                    density[i] += times * ((i == cell ? 1 : 0) + spread) / (1 + (count * spread));
            }
        return [.. density.Select(mass => mass / (cells.Length + 1))];
    }

    /// <summary>Adds a normal kernel, cut off at the ends of the grid; of infinite width a uniform one.</summary>
    private static void Add(double[] density, double mean, double width, double weight)
    {
        double Below(double x) => 0.5 * SpecialFunctions.Erfc(-(x - mean) / (width * Constants.Sqrt2));
        var whole = Below(density.Length - 0.5) - Below(-0.5);
        for (var i = 0; i < density.Length; i++)
            density[i] += weight * (whole > 0 ? (Below(i + 0.5) - Below(i - 0.5)) / whole : 1.0 / density.Length);
    }

    /// <summary>Scott's rule with the robust spread: 1.059 min(IQR / 1.34, σ) n^(-1/5), in cells.</summary>
    private static double Width(int[] cells)
    {
        double[] sorted = [.. cells.Select(cell => (double)cell).Order()];
        var mean = sorted.Average();
        var deviation = sorted.Length > 1 ? Math.Sqrt(sorted.Sum(x => Math.Pow(x - mean, 2)) / (sorted.Length - 1)) : 0;
        // The quartiles of Optuna: the last of the first quarter, and the first beyond the third.
        var (lower, upper) = (Math.Max((sorted.Length / 4) - 1, 0), Math.Min(3 * sorted.Length / 4, sorted.Length - 1));
        var spread = Math.Min((sorted[upper] - sorted[lower]) / 1.34, deviation);
        return Math.Max(1.059 * spread * Math.Pow(sorted.Length, -0.2), Narrowest);
    }
}

/// <summary>How an axis is cut up.</summary>
/// <param name="Cells">Number of equal cells.</param>
/// <param name="IsRange">Whether neighbours are alike; choices are not.</param>
internal readonly record struct PedGrid(int Cells, bool IsRange)
{
    /// <summary>The cell of a coordinate, 0 to 1.</summary>
    internal int Cell(double unit) => Math.Clamp((int)(unit * Cells), 0, Cells - 1);
}
