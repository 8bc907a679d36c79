using System.Text.Json;
using SqsNet.Engine.Randomness;

namespace SqsNet.Engine.Sweeps.Samplers;

/// <summary>A dimension of a space as an axis of the unit cube.</summary>
/// <remarks>
/// A range lies on its own scale, from 0 to 1. A list of numbers lies in its order, equally spaced; any other list is
/// unordered: its coordinates are names, and any two of them are equally far apart.
/// </remarks>
internal sealed class GpDimension
{
    private readonly SpaceDimension _dimension;
    private readonly int[] _order; // of a list: positions in the order of the axis

    internal GpDimension(SpaceDimension dimension)
    {
        _dimension = dimension;
        var values = (dimension as ChoiceDimension)?.Values ?? [];
        IsUnordered = values.Any(value => value.ValueKind != JsonValueKind.Number);
        _order = [.. Enumerable.Range(0, values.Count).OrderBy(i => IsUnordered ? i : values[i].GetDouble())];
    }

    /// <summary>Whether any two different values are equally far apart.</summary>
    internal bool IsUnordered { get; }

    /// <summary>Where a parameter stands that does not vary.</summary>
    internal double Middle => IsUnordered ? -1 : 0.5;

    /// <summary>Number of values on the axis; null for a continuous one.</summary>
    private int? Levels => _dimension.Count;

    private bool IsEven => _dimension is not RangeDimension { Log: true };

    /// <summary>The coordinate of a value.</summary>
    internal double Encode(JsonElement value)
    {
        if (_dimension is ChoiceDimension choice)
        {
            var rank = Array.FindIndex(_order, i => JsonElement.DeepEquals(choice.Values[i], value));
            return OfRank(Math.Max(rank, 0));
        }
        var range = (RangeDimension)_dimension;
        var (low, high, x) = range.Log
            ? (Math.Log(range.Low), Math.Log(range.High), Math.Log(value.GetDouble()))
            : (range.Low, LastOf(range), value.GetDouble());
        return high > low ? Math.Clamp((x - low) / (high - low), 0, 1) : 0.5;
    }

    /// <summary>The value at a coordinate.</summary>
    internal JsonElement Decode(double unit)
    {
        if (_dimension is ChoiceDimension choice)
            return choice.Values[_order[Rank(unit)]];
        var range = (RangeDimension)_dimension;
        if (!range.Log && Levels is { } levels)
            return range.Value(Math.Clamp((int)Math.Round(unit * (levels - 1)), 0, levels - 1));
        var value = range.Log
            ? Math.Exp(Math.Log(range.Low) + (unit * (Math.Log(range.High) - Math.Log(range.Low))))
            : range.Low + (unit * (range.High - range.Low));
        return range.Number(range.Whole ? Math.Clamp(Math.Round(value), range.Low, range.High) : value);
    }

    /// <summary>The coordinate of the value at a uniform share of the axis, 0 to below 1.</summary>
    internal double Snap(double share) =>
        IsUnordered || (IsEven && Levels is not null) ? OfRank(Math.Min((int)(share * Levels!.Value), Levels.Value - 1))
        : Levels is null ? share
        : Encode(Decode(share));

    /// <summary>A coordinate near another.</summary>
    internal double Jitter(double unit, double width, Rng rng)
    {
        if (IsUnordered)
            return OfRank(rng.NextInt(Levels!.Value));
        var moved = Math.Clamp(unit + (width * rng.NextNormal()), 0, 1);
        return Levels is null ? moved : Encode(Decode(moved));
    }

    /// <summary>Where a climb may go next: a step up and down, at least to the next value; of unordered choices every other.</summary>
    internal IEnumerable<double> Neighbours(double unit, double step)
    {
        if (IsUnordered)
            return Enumerable.Range(0, Levels!.Value).Select(OfRank).Where(other => other != unit);
        if (Levels is not { } levels)
            return [Math.Min(unit + step, 1), Math.Max(unit - step, 0)];
        if (!IsEven)
        {
            // Whole numbers on a logarithmic scale: at least to the next number.
            var (value, range) = (Decode(unit).GetDouble(), (RangeDimension)_dimension);
            return new[]
            {
                Math.Max(value + 1, Decode(Math.Min(unit + step, 1)).GetDouble()),
                Math.Min(value - 1, Decode(Math.Max(unit - step, 0)).GetDouble()),
            }
                .Where(other => other >= range.Low && other <= range.High)
                .Select(other => Encode(SpaceDimension.Json(other)));
        }
        var jump = Math.Max(1, (int)Math.Round(step * (levels - 1)));
        var rank = (int)Math.Round(unit * (levels - 1));
        return new[] { rank + jump, rank - jump }.Where(other => other >= 0 && other < levels).Select(OfRank);
    }

    private double OfRank(int rank) =>
        IsUnordered ? rank
        : Levels > 1 ? rank / (double)(Levels.Value - 1)
        : 0.5;

    private int Rank(double unit) =>
        IsUnordered
            ? Math.Max((int)unit, 0)
            : Math.Clamp((int)Math.Round(unit * (Levels!.Value - 1)), 0, Levels.Value - 1);

    private static double LastOf(RangeDimension range) =>
        range.Count is { } count ? range.Low + ((range.Step ?? 1) * (count - 1)) : range.High;
}
