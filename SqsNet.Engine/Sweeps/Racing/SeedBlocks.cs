using MathNet.Numerics.LinearAlgebra;

namespace SqsNet.Engine.Sweeps.Racing;

/// <summary>Least squares of values = configuration + seed + noise, where configurations may have different seeds.</summary>
/// <remarks>
/// The intra-block analysis of incomplete blocks (Yates 1940; Montgomery, "Design and Analysis of Experiments", 4.4)
/// with seeds as blocks. With n_i values of configuration i, m_j of seed j and N_ij = 1 where i has j, the effects of
/// seeds solve R b = q, R_jk = δ_jk m_j - Σ_i N_ij N_ik / n_i, q_j = Σ_i N_ij (y_ij - ȳ_i), with b = 0 for the first
/// seed. A configuration's mean is ȳ_i - Σ_j N_ij b_j / n_i, told on the scale of all seeds. The variance of a
/// difference is σ² (1/n_h + 1/n_i + c' R⁻¹ c), c_j = N_hj/n_h - N_ij/n_i: where two have the same n seeds it is the
/// σ² 2/n of a paired test. σ² is pooled over everything with two seeds or more.
/// </remarks>
internal sealed class SeedBlocks
{
    // Keeps seeds apart that no configuration shares; their differences then get a variance without bounds.
    private const double Ridge = 1e-9;

    private readonly int[] _counts;
    private readonly double[][] _shares;
    private readonly Matrix<double>? _inverse;
    private readonly double[] _means;
    private readonly double _level;

    /// <summary>Fits.</summary>
    /// <param name="values">The values of each configuration by the seed's index; one or more each, finite.</param>
    internal SeedBlocks(IReadOnlyList<IReadOnlyDictionary<int, double>> values)
    {
        int[] seeds = [.. values.SelectMany(own => own.Keys).Distinct().Order()];
        _counts = [.. values.Select(own => own.Count)];
        // The first seed is the reference: it has no column.
        _shares =
        [
            .. values.Select(own =>
                seeds.Skip(1).Select(seed => own.ContainsKey(seed) ? 1.0 / own.Count : 0).ToArray()
            ),
        ];
        double[] plain = [.. values.Select(own => own.Values.Average())];
        double[] effects = [0];
        if (seeds.Length > 1)
        {
            var (r, q) = NormalEquations(values, seeds, plain);
            _inverse = r.Inverse();
            effects = [0, .. _inverse * q];
        }
        _level = effects.Average();
        _means = [.. plain.Select((mean, i) => mean - _shares[i].Select((share, j) => share * effects[j + 1]).Sum())];
        Degrees = _counts.Sum() - values.Count - (seeds.Length - 1);
        var squares = values
            .SelectMany((own, i) => own.Select(v => v.Value - _means[i] - effects[Array.BinarySearch(seeds, v.Key)]))
            .Sum(residual => residual * residual);
        Variance = Degrees > 0 ? squares / Degrees : double.NaN;
        Effects = seeds.Zip(effects).ToDictionary(pair => pair.First, pair => pair.Second - _level);
    }

    /// <summary>Degrees of freedom of <see cref="Variance"/>; 0 or less where nothing tells noise from effects.</summary>
    internal int Degrees { get; }

    /// <summary>Variance of the noise; NaN without degrees of freedom.</summary>
    internal double Variance { get; }

    /// <summary>What each seed adds, by its index; they sum to zero.</summary>
    internal IReadOnlyDictionary<int, double> Effects { get; }

    /// <summary>The mean of a configuration as if it had every seed that any has.</summary>
    internal double Mean(int configuration) => _means[configuration] + _level;

    /// <summary>Standard error of the mean; NaN without degrees of freedom.</summary>
    internal double StandardError(int configuration) => Math.Sqrt(Variance / _counts[configuration]);

    /// <summary>Standard error of the difference of two configurations; NaN without degrees of freedom.</summary>
    internal double StandardError(int first, int second)
    {
        var spread = (1.0 / _counts[first]) + (1.0 / _counts[second]);
        if (_inverse is not null)
        {
            var c = Vector<double>.Build.DenseOfEnumerable(_shares[first].Zip(_shares[second], (a, b) => a - b));
            spread += c * _inverse * c;
        }
        return Math.Sqrt(Variance * spread);
    }

    private static (Matrix<double> R, Vector<double> Q) NormalEquations(
        IReadOnlyList<IReadOnlyDictionary<int, double>> values,
        int[] seeds,
        double[] plain
    )
    {
        var r = Matrix<double>.Build.DenseDiagonal(seeds.Length - 1, Ridge);
        var q = Vector<double>.Build.Dense(seeds.Length - 1);
        for (var i = 0; i < values.Count; i++)
        {
            int[] own = [.. values[i].Keys.Select(seed => Array.BinarySearch(seeds, seed) - 1).Where(j => j >= 0)];
            foreach (var j in own)
            {
                r[j, j]++;
                q[j] += values[i][seeds[j + 1]] - plain[i];
                foreach (var k in own)
                    r[j, k] -= 1.0 / values[i].Count;
            }
        }
        return (r, q);
    }
}
