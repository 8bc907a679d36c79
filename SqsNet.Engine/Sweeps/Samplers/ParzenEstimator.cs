using SqsNet.Engine.Randomness;

namespace SqsNet.Engine.Sweeps.Samplers;

/// <summary>How a Parzen estimator is made of observations.</summary>
internal sealed record ParzenOptions
{
    /// <summary>Whether a kernel as wide as the space takes part; one always does where nothing was observed.</summary>
    internal bool Prior { get; init; } = true;

    /// <summary>Weight of that kernel, in observations.</summary>
    internal double PriorWeight { get; init; } = 1;

    /// <summary>Share of the whole mass that the prior kernel has, instead of its weight; null takes the weight.</summary>
    internal double? PriorShare { get; init; }

    /// <summary>Whether kernels are kept from becoming narrower than a share of the range that shrinks with their number.</summary>
    internal bool Clip { get; init; } = true;

    /// <summary>Whether the outermost kernels also reach to the borders.</summary>
    internal bool Endpoints { get; init; }

    /// <summary>One width for all kernels of a dimension, or for each the larger gap to its neighbours.</summary>
    internal bool EqualWidths { get; init; } = true;
}

/// <summary>A density estimated from observations: a mixture of one kernel per observation and a prior.</summary>
/// <remarks>
/// Bergstra et al. 2011, in the form of Optuna's multivariate estimator: a component is a product over dimensions, so
/// that parameters which work together stay together. Observations are given oldest first; of more than 25 the older
/// ones weigh less.
/// <para>
/// A parameter that does not vary at an observation is NaN there: the observation says nothing about it, and its
/// component has the prior's kernel in that dimension. At a point where it does not vary it is NaN too and left out of
/// the product, which is the mixture's marginal density. So a space with conditions needs no estimators beside this one.
/// </para>
/// </remarks>
internal sealed class ParzenEstimator
{
    private const int Remembered = 25;

    private readonly IReadOnlyList<ParzenDimension> _dimensions;
    private readonly double[] _logWeights;

    /// <summary>Estimates a density.</summary>
    /// <param name="dimensions">The dimensions.</param>
    /// <param name="observations">Internal values, one per dimension (NaN for none), oldest first.</param>
    /// <param name="options">How.</param>
    internal ParzenEstimator(
        IReadOnlyList<ParzenDimension> dimensions,
        IReadOnlyList<double[]> observations,
        ParzenOptions options
    )
    {
        _dimensions = dimensions;
        var prior = options.Prior || observations.Count == 0;
        var ramp = Ramp(observations.Count);
        var priorWeight =
            options.PriorShare is { } share && ramp.Length > 0 ? ramp.Sum() * share / (1 - share) : options.PriorWeight;
        double[] weights = prior ? [.. ramp, priorWeight] : ramp;
        var total = weights.Sum();
        Weights = [.. weights.Select(weight => weight / total)];
        _logWeights = [.. Weights.Select(weight => Math.Log(weight))];
        var kernels = new DimensionKernels[dimensions.Count];
        for (var d = 0; d < kernels.Length; d++)
        {
            double[] observed = [.. observations.Select(observation => observation[d])];
            kernels[d] = observed.Any(double.IsNaN)
                ? WithGaps(dimensions[d], observed, dimensions.Count, prior, options)
                : KernelsOf(dimensions[d], observed, dimensions.Count, prior, options);
        }
        Kernels = kernels;
    }

    /// <summary>Weights of the components, the prior's last; their sum is 1.</summary>
    internal IReadOnlyList<double> Weights { get; }

    /// <summary>The kernels of each dimension.</summary>
    internal IReadOnlyList<DimensionKernels> Kernels { get; }

    /// <summary>Log density at a point of internal values.</summary>
    internal double LogDensity(double[] point)
    {
        var terms = new double[_logWeights.Length];
        for (var component = 0; component < terms.Length; component++)
        {
            terms[component] = _logWeights[component];
            for (var d = 0; d < _dimensions.Count; d++)
                if (!double.IsNaN(point[d]))
                    terms[component] += Kernels[d].LogDensity(_dimensions[d], component, point[d]);
        }
        var largest = terms.Max();
        return largest + Math.Log(terms.Sum(term => Math.Exp(term - largest)));
    }

    /// <summary>Draws a point: a component first, then every dimension from it.</summary>
    internal double[] Draw(Rng rng)
    {
        var component = Pick(Weights, rng);
        return [.. _dimensions.Select((dimension, d) => Kernels[d].Draw(dimension, component, rng))];
    }

    /// <summary>Weights by age: the newest 25 count fully, older ones on a ramp that starts at 1/n.</summary>
    internal static double[] Ramp(int count)
    {
        var old = Math.Max(0, count - Remembered);
        return
        [
            .. Enumerable
                .Range(0, old)
                .Select(i => old == 1 ? 1.0 / count : (1.0 / count) + (i * (1 - (1.0 / count)) / (old - 1))),
            .. Enumerable.Repeat(1.0, count - old),
        ];
    }

    internal static int Pick(IReadOnlyList<double> weights, Rng rng)
    {
        var left = rng.NextDouble() * weights.Sum();
        for (var i = 0; i < weights.Count - 1; i++)
            if ((left -= weights[i]) < 0)
                return i;
        return weights.Count - 1;
    }

    /// <summary>The kernels of those that were observed, and the prior's kernel for the others.</summary>
    private static DimensionKernels WithGaps(
        ParzenDimension dimension,
        double[] observed,
        int dimensions,
        bool prior,
        ParzenOptions options
    )
    {
        var (means, sigmas, shares) = KernelsOf(
            dimension,
            [.. observed.Where(value => !double.IsNaN(value))],
            dimensions,
            prior,
            options
        );
        var (priorMean, priorSigma, priorShares) = KernelsOf(dimension, [], dimensions, prior: true, options);
        var next = 0;
        var from = observed.Select(value => double.IsNaN(value) ? (int?)null : next++).ToList();
        if (prior)
            from.Add(next);
        T[] Spread<T>(T[] kernels, T[] priors) =>
            priors.Length == 0 ? [] : [.. from.Select(i => i is { } known ? kernels[known] : priors[0])];
        return new(Spread(means, priorMean), Spread(sigmas, priorSigma), Spread(shares, priorShares));
    }

    private static DimensionKernels KernelsOf(
        ParzenDimension dimension,
        double[] observed,
        int dimensions,
        bool prior,
        ParzenOptions options
    ) =>
        dimension is ParzenRange range
            ? NormalKernels(range, observed, dimensions, prior, options)
            : ChoiceKernels(((ParzenChoices)dimension).Count, observed, prior, options);

    private static DimensionKernels ChoiceKernels(int count, double[] observed, bool prior, ParzenOptions options)
    {
        var spread = options.PriorWeight / (prior ? observed.Length + 1 : observed.Length);
        var rows = observed
            .Select(choice => Enumerable.Range(0, count).Select(c => ((int)choice == c ? 1 : 0) + spread).ToArray())
            .ToList();
        if (prior)
            rows.Add([.. Enumerable.Repeat(1.0, count)]);
        return new([], [], [.. rows.Select(row => row.Select(p => p / row.Sum()).ToArray())]);
    }

    private static DimensionKernels NormalKernels(
        ParzenRange range,
        double[] observed,
        int dimensions,
        bool prior,
        ParzenOptions options
    )
    {
        var width = range.High - range.Low;
        double[] means = [.. observed, .. prior ? [0.5 * (range.Low + range.High)] : Array.Empty<double>()];
        var sigmas = options.EqualWidths
            ? [.. means.Select(_ => 0.2 * width * Math.Pow(Math.Max(observed.Length, 1), -1.0 / (dimensions + 4)))]
            : Gaps(means, range, options.Endpoints);
        var narrowest = options.Clip ? width / Math.Min(100, 1 + means.Length) : 1e-12;
        for (var i = 0; i < sigmas.Length; i++)
            sigmas[i] = Math.Clamp(sigmas[i], narrowest, width);
        if (prior)
            sigmas[^1] = width;
        return new(means, sigmas, []);
    }

    private static double[] Gaps(double[] means, ParzenRange range, bool endpoints)
    {
        var order = Enumerable.Range(0, means.Length).OrderBy(i => means[i]).ToArray();
        double[] edges = [range.Low, .. order.Select(i => means[i]), range.High];
        var sigmas = new double[means.Length];
        for (var rank = 0; rank < order.Length; rank++)
        {
            var (left, right) = (edges[rank + 1] - edges[rank], edges[rank + 2] - edges[rank + 1]);
            var inner = endpoints || means.Length < 2;
            sigmas[order[rank]] =
                !inner && rank == 0 ? right
                : !inner && rank == order.Length - 1 ? left
                : Math.Max(left, right);
        }
        return sigmas;
    }
}

/// <summary>The kernels of one dimension: normal ones of a range, or shares of choices.</summary>
/// <param name="Means">Centres, by component; empty for choices.</param>
/// <param name="Sigmas">Widths, by component; empty for choices.</param>
/// <param name="Shares">Probability of each choice, by component; empty for a range.</param>
internal sealed record DimensionKernels(double[] Means, double[] Sigmas, double[][] Shares)
{
    internal double LogDensity(ParzenDimension dimension, int component, double value) =>
        dimension is ParzenRange range
            ? range.LogDensity(value, Means[component], Sigmas[component])
            : Math.Log(Shares[component][(int)value]);

    internal double Draw(ParzenDimension dimension, int component, Rng rng) =>
        dimension is ParzenRange range
            ? range.Draw(Means[component], Sigmas[component], rng)
            : ParzenEstimator.Pick(Shares[component], rng);
}
