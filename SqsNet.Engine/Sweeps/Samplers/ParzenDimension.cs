using System.Text.Json;
using MathNet.Numerics;
using SqsNet.Engine.Randomness;

namespace SqsNet.Engine.Sweeps.Samplers;

/// <summary>One dimension of a Parzen estimator: a range with truncated normal kernels, or choices.</summary>
/// <remarks>
/// Internal values are numbers: of a range the number itself (its natural logarithm where the range is logarithmic),
/// of choices their position.
/// </remarks>
internal abstract record ParzenDimension
{
    /// <summary>The dimension of a space.</summary>
    internal static ParzenDimension Of(SpaceDimension dimension) =>
        dimension switch
        {
            ChoiceDimension choice => new ParzenChoices(choice.Count!.Value),
            RangeDimension { Log: true, Whole: false } r => new ParzenRange(
                Math.Log(r.Low),
                Math.Log(r.High),
                null,
                true
            ),
            RangeDimension { Log: true } r => new ParzenRange(Math.Log(r.Low - 0.5), Math.Log(r.High + 0.5), 1, true),
            RangeDimension { Count: { } count, Step: var step } r => new ParzenRange(
                r.Low - ((step ?? 1) / 2),
                r.Low + ((step ?? 1) * (count - 0.5)),
                step ?? 1,
                false
            ),
            RangeDimension r => new ParzenRange(r.Low, r.High, null, false),
            _ => throw new ArgumentOutOfRangeException(nameof(dimension), dimension, "unknown dimension"),
        };

    /// <summary>The internal values of a configuration; NaN for what does not vary there.</summary>
    internal static double[] Encode(
        IReadOnlyList<SpaceDimension> space,
        IReadOnlyDictionary<string, JsonElement> assignment
    ) => [.. space.Select(d => assignment.TryGetValue(d.Path, out var value) ? Encode(d, value) : double.NaN)];

    /// <summary>The internal value of what a configuration holds.</summary>
    private static double Encode(SpaceDimension dimension, JsonElement value) =>
        dimension switch
        {
            ChoiceDimension choice => Position(choice.Values, value),
            RangeDimension { Log: true } => Math.Log(value.GetDouble()),
            _ => value.GetDouble(),
        };

    /// <summary>What a configuration holds for an internal value.</summary>
    internal static JsonElement Decode(SpaceDimension dimension, double value) =>
        dimension switch
        {
            ChoiceDimension choice => choice.Values[(int)value],
            RangeDimension { Log: true } range => range.Number(
                range.Whole ? Math.Round(Math.Exp(value)) : Math.Exp(value)
            ),
            RangeDimension { Count: { } count, Step: var step } range => range.Value(
                Math.Clamp((int)Math.Round((value - range.Low) / (step ?? 1)), 0, count - 1)
            ),
            RangeDimension range => range.Number(value),
            _ => throw new ArgumentOutOfRangeException(nameof(dimension), dimension, "unknown dimension"),
        };

    private static double Position(IReadOnlyList<JsonElement> values, JsonElement value)
    {
        for (var i = 0; i < values.Count; i++)
            if (JsonElement.DeepEquals(values[i], value))
                return i;
        return 0;
    }
}

/// <summary>Choices.</summary>
/// <param name="Count">How many.</param>
internal sealed record ParzenChoices(int Count) : ParzenDimension;

/// <summary>A range in internal units.</summary>
/// <param name="Low">Lower end; half a step below the first value where there is a grid.</param>
/// <param name="High">Upper end; half a step above the last value where there is a grid.</param>
/// <param name="Step">Step of the grid, in plain units; null for none.</param>
/// <param name="Log">Whether internal values are logarithms.</param>
internal sealed record ParzenRange(double Low, double High, double? Step, bool Log) : ParzenDimension
{
    /// <summary>Log density (without a grid), or log mass of the value's cell (with one), of a truncated normal kernel.</summary>
    internal double LogDensity(double value, double mean, double sigma)
    {
        var whole = LogMass((Low - mean) / sigma, (High - mean) / sigma);
        if (Step is not { } step)
        {
            var z = (value - mean) / sigma;
            return (-0.5 * z * z) - Math.Log(sigma * Constants.Sqrt2Pi) - whole;
        }
        var plain = Log ? Math.Round(Math.Exp(value)) : value;
        var (from, to) = (plain - (step / 2), plain + (step / 2));
        if (Log)
            (from, to) = (Math.Log(from), Math.Log(to));
        from = Math.Clamp(from, Low, High);
        to = Math.Clamp(to, Low, High);
        return LogMass((from - mean) / sigma, (to - mean) / sigma) - whole;
    }

    /// <summary>A draw from a truncated normal kernel, on the grid if there is one.</summary>
    internal double Draw(double mean, double sigma, Rng rng)
    {
        var (a, b) = ((Low - mean) / sigma, (High - mean) / sigma);
        // From the tail that is nearer, where probabilities keep their digits.
        var z = a > 0 ? -Inverse(-b, -a, rng.NextDouble()) : Inverse(a, b, rng.NextDouble());
        var value = Math.Clamp(mean + (sigma * z), Low, High);
        if (Step is not { } step)
            return value;
        var half = step / 2;
        if (Log)
            return Math.Log(Math.Clamp(Math.Round(Math.Exp(value)), Math.Exp(Low) + half, Math.Exp(High) - half));
        var first = Low + half;
        return first
            + (step * Math.Clamp(Math.Round((value - first) / step), 0, Math.Round((High - half - first) / step)));
    }

    private static double Inverse(double a, double b, double unit)
    {
        var (from, to) = (Cdf(a), Cdf(b));
        var p = from + (unit * (to - from));
        return p <= 0 ? a : -Constants.Sqrt2 * SpecialFunctions.ErfcInv(2 * p);
    }

    /// <summary>Log of the normal mass between two points; in the upper tail from above, where a difference would cancel.</summary>
    private static double LogMass(double a, double b)
    {
        var mass = a > 0 ? Cdf(-a) - Cdf(-b) : Cdf(b) - Cdf(a);
        return Math.Log(Math.Max(mass, 1e-300));
    }

    private static double Cdf(double z) => 0.5 * SpecialFunctions.Erfc(-z / Constants.Sqrt2);
}
