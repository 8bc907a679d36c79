using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Factorization;
using MathNet.Numerics.Optimization;

namespace SqsNet.Engine.Sweeps.Samplers;

/// <summary>The kernel's parameters.</summary>
/// <param name="InverseSquares">Inverse squared length scale of each dimension.</param>
/// <param name="Scale">Variance of the function.</param>
/// <param name="Noise">Variance of the noise.</param>
internal sealed record GpParameters(double[] InverseSquares, double Scale, double Noise);

/// <summary>What the process expects at a point.</summary>
/// <param name="Mean">Mean of the function.</param>
/// <param name="Variance">Its variance, without the noise.</param>
internal readonly record struct GpPrediction(double Mean, double Variance);

/// <summary>A Gaussian process with a Matérn 5/2 kernel and a length scale for each dimension.</summary>
/// <remarks>
/// Rasmussen and Williams 2006, algorithm 2.1. With r² = Σ θ_d (x_d - x'_d)², where a dimension of unordered choices
/// counts 1 for any two that differ, k = s (1 + √5 r + 5 r² / 3) exp(-√5 r). Points lie in the unit cube, targets have
/// mean 0 and variance 1.
/// </remarks>
internal sealed class GaussianProcess
{
    private const double Sqrt5 = 2.23606797749979;

    private readonly IReadOnlyList<double[]> _points;
    private readonly IReadOnlyList<bool> _unordered;
    private readonly Cholesky<double> _factor;
    private readonly Vector<double> _weights;
    private readonly double[][] _lower;
    private readonly IReadOnlyList<double> _noises;

    /// <summary>A process that has seen targets.</summary>
    /// <param name="points">Where; one or more.</param>
    /// <param name="targets">What.</param>
    /// <param name="unordered">Which dimensions are unordered choices.</param>
    /// <param name="parameters">The kernel's parameters.</param>
    /// <param name="noises">What each target's variance of noise is times that of the parameters: 1/n for a mean of n.</param>
    internal GaussianProcess(
        IReadOnlyList<double[]> points,
        IReadOnlyList<double> targets,
        IReadOnlyList<bool> unordered,
        GpParameters parameters,
        IReadOnlyList<double> noises
    )
    {
        (_points, _unordered, Parameters, _noises) = (points, unordered, parameters, noises);
        var covariance = Matrix<double>.Build.Dense(
            points.Count,
            points.Count,
            (i, j) => Kernel(points[i], points[j]) + (i == j ? parameters.Noise * noises[i] : 0)
        );
        _factor = covariance.Cholesky();
        var observed = Vector<double>.Build.DenseOfEnumerable(targets);
        _weights = _factor.Solve(observed);
        _lower = _factor.Factor.ToRowArrays();
        LogLikelihood = -0.5 * ((observed * _weights) + _factor.DeterminantLn + (points.Count * Math.Log(2 * Math.PI)));
    }

    internal GpParameters Parameters { get; }

    /// <summary>Log density of the targets.</summary>
    internal double LogLikelihood { get; }

    /// <summary>What to expect at a point.</summary>
    internal GpPrediction Predict(double[] point)
    {
        var solved = new double[_points.Count];
        var (mean, explained) = (0.0, 0.0);
        for (var i = 0; i < solved.Length; i++)
        {
            var covariance = Kernel(_points[i], point);
            mean += covariance * _weights[i];
            var row = _lower[i];
            var sum = covariance;
            for (var j = 0; j < i; j++)
                sum -= row[j] * solved[j];
            solved[i] = sum / row[i];
            explained += solved[i] * solved[i];
        }
        return new(mean, Math.Max(Parameters.Scale - explained, 0));
    }

    /// <summary>The same process once it has also seen what it expects at some points: its mean stays, its doubt goes.</summary>
    /// <remarks>The "kriging believer" of Ginsbourger et al. 2010, for points whose targets are still to come.</remarks>
    internal GaussianProcess Believe(IReadOnlyList<double[]> pending, IReadOnlyList<double> targets) =>
        pending.Count == 0
            ? this
            : new(
                [.. _points, .. pending],
                [.. targets, .. pending.Select(point => Predict(point).Mean)],
                _unordered,
                Parameters,
                [.. _noises, .. pending.Select(_ => 1.0)]
            );

    /// <summary>The gradient of <see cref="LogLikelihood"/> in the logarithms of the inverse squares, the scale and the noise, in this order.</summary>
    internal double[] Gradient()
    {
        var n = _points.Count;
        var inverse = _factor.Solve(Matrix<double>.Build.DenseIdentity(n));
        var dimensions = Parameters.InverseSquares.Length;
        var gradient = new double[dimensions + 2];
        for (var i = 0; i < n; i++)
        for (var j = 0; j <= i; j++)
        {
            // dL/dK = (a a' - K^-1) / 2; both triangles count, the diagonal once.
            var slope = ((_weights[i] * _weights[j]) - inverse[i, j]) * (i == j ? 0.5 : 1);
            var square = Square(_points[i], _points[j]);
            var r = Math.Sqrt(square);
            var bySquare = -5.0 / 6 * Parameters.Scale * (1 + (Sqrt5 * r)) * Math.Exp(-Sqrt5 * r);
            for (var d = 0; d < dimensions; d++)
                gradient[d] += slope * bySquare * Parameters.InverseSquares[d] * Apart(d, _points[i], _points[j]);
            gradient[dimensions] += slope * Of(square);
            if (i == j)
                gradient[dimensions + 1] += slope * Parameters.Noise * _noises[i];
        }
        return gradient;
    }

    /// <summary>The kernel of two points.</summary>
    internal double Kernel(double[] a, double[] b) => Of(Square(a, b));

    private double Of(double square)
    {
        var r = Math.Sqrt(square);
        return Parameters.Scale * (1 + (Sqrt5 * r) + (5.0 / 3 * square)) * Math.Exp(-Sqrt5 * r);
    }

    private double Square(double[] a, double[] b)
    {
        var sum = 0.0;
        for (var d = 0; d < a.Length; d++)
            sum += Parameters.InverseSquares[d] * Apart(d, a, b);
        return sum;
    }

    private double Apart(int d, double[] a, double[] b)
    {
        var difference = a[d] - b[d];
        return _unordered[d] ? (difference == 0 ? 0 : 1) : difference * difference;
    }
}

/// <summary>Chooses a Gaussian process's parameters: the most likely ones under a prior.</summary>
/// <remarks>
/// The priors of Optuna 4's GPSampler: log p = -Σ (0.1 / θ + 0.1 θ) for the inverse squared length scales, Gamma(2, 1)
/// for the scale, Gamma(1.1, 30) for the noise, whose least value is 1e-6.
/// </remarks>
internal static class GpFit
{
    private const double LeastNoise = 1e-6;
    private static readonly double[] _starts = [1, 10];

    /// <summary>Fits; a pure function of the data.</summary>
    internal static GaussianProcess Fit(
        IReadOnlyList<double[]> points,
        IReadOnlyList<double> targets,
        IReadOnlyList<bool> unordered,
        IReadOnlyList<double> noises
    )
    {
        var dimensions = unordered.Count;
        var (best, bestLoss) = ((double[]?)null, double.PositiveInfinity);
        foreach (var start in _starts)
        {
            double[] guess = [.. Enumerable.Repeat(Math.Log(start), dimensions), 0, Math.Log(0.01)];
            best ??= guess;
            var objective = ObjectiveFunction.Gradient(logs =>
            {
                var (loss, gradient) = Loss(points, targets, unordered, logs.AsArray() ?? logs.ToArray(), noises);
                if (loss < bestLoss)
                    (best, bestLoss) = (logs.ToArray(), loss);
                return (loss, Vector<double>.Build.DenseOfArray(gradient));
            });
            try
            {
                new BfgsBMinimizer(1e-4, 1e-6, 1e-9, 100).FindMinimum(
                    objective,
                    Bound(dimensions, -7, -7, Math.Log(LeastNoise)),
                    Bound(dimensions, 7, 7, 1),
                    Vector<double>.Build.DenseOfArray(guess)
                );
            }
            catch (OptimizationException)
            {
                // Its line search gives up where the last digits no longer change; the best point so far stands.
            }
        }
        return new(points, targets, unordered, Parameters(best!), noises);
    }

    /// <summary>Negative log posterior, and its gradient in the logarithms of the parameters.</summary>
    internal static (double Loss, double[] Gradient) Loss(
        IReadOnlyList<double[]> points,
        IReadOnlyList<double> targets,
        IReadOnlyList<bool> unordered,
        double[] logs,
        IReadOnlyList<double> noises
    )
    {
        var process = new GaussianProcess(points, targets, unordered, Parameters(logs), noises);
        var (squares, scale, noise) = process.Parameters;
        var loss =
            -process.LogLikelihood
            + squares.Sum(square => (0.1 / square) + (0.1 * square))
            - (Math.Log(scale) - scale)
            - ((0.1 * Math.Log(noise)) - (30 * noise));
        var gradient = process.Gradient();
        for (var d = 0; d < squares.Length; d++)
            gradient[d] = -gradient[d] - (0.1 / squares[d]) + (0.1 * squares[d]);
        gradient[^2] = -gradient[^2] - 1 + scale;
        gradient[^1] = -gradient[^1] - 0.1 + (30 * noise);
        return (loss, gradient);
    }

    private static GpParameters Parameters(double[] logs) =>
        new([.. logs[..^2].Select(log => Math.Exp(log))], Math.Exp(logs[^2]), Math.Exp(logs[^1]));

    private static Vector<double> Bound(int dimensions, double square, double scale, double noise) =>
        Vector<double>.Build.DenseOfEnumerable([.. Enumerable.Repeat(square, dimensions), scale, noise]);
}
