using System.Text.Json;

namespace SqsNet.Engine.Sweeps.Samplers;

/// <summary>One dimension of a space with its rules applied: a list of choices, or a range.</summary>
internal abstract record SpaceDimension(string Path)
{
    /// <summary>Values of earlier dimensions of which one each must be chosen for this one to vary; null when it always does.</summary>
    internal IReadOnlyDictionary<string, IReadOnlyList<JsonElement>>? When { get; init; }

    internal bool IsConditional => When is { Count: > 0 };

    /// <summary>Number of different values; null when there is no end of them.</summary>
    internal abstract int? Count { get; }

    /// <summary>The value at position <paramref name="index"/>, 0 to <see cref="Count"/> - 1.</summary>
    internal abstract JsonElement Value(int index);

    /// <summary>The value at a share of the dimension, 0 to below 1: equal shares for choices, the range's scale for ranges.</summary>
    internal abstract JsonElement FromUnit(double unit);

    /// <summary>A dimension from a parameter that validation has passed.</summary>
    internal static SpaceDimension Create(string path, SpaceParameter parameter) =>
        parameter.Values is { } values
            ? new ChoiceDimension(path, values) { When = parameter.When }
            : new RangeDimension(
                path,
                parameter.Low!.Value,
                parameter.High!.Value,
                parameter.Log,
                parameter.Step ?? (SpecPath.Find(path)?.Kind == SpecValueKind.Integer && !parameter.Log ? 1 : null),
                SpecPath.Find(path)?.Kind == SpecValueKind.Integer
            )
            {
                When = parameter.When,
            };

    /// <summary>Whether the dimension varies, given what was chosen for those before it.</summary>
    internal bool IsActive(IReadOnlyDictionary<string, JsonElement> chosen) =>
        When is null
        || When.All(condition =>
            chosen.TryGetValue(condition.Key, out var value)
            && condition.Value.Any(wanted => JsonElement.DeepEquals(wanted, value))
        );

    /// <summary>A configuration from a share of each dimension, 0 to below 1; without what does not vary there.</summary>
    internal static Dictionary<string, JsonElement> FromUnits(IReadOnlyList<SpaceDimension> space, double[] units)
    {
        var chosen = new Dictionary<string, JsonElement>();
        for (var d = 0; d < space.Count; d++)
            if (space[d].IsActive(chosen))
                chosen[space[d].Path] = space[d].FromUnit(units[d]);
        return chosen;
    }

    /// <summary>The dimensions of a sweep's space, in the order in which people wrote them.</summary>
    internal static IReadOnlyList<SpaceDimension> Of(SweepSpec spec) =>
        [.. spec.Space.Select(pair => Create(pair.Key, pair.Value))];

    /// <summary>Any value as JSON.</summary>
    internal static JsonElement Json<T>(T value) => JsonSerializer.SerializeToElement(value, SweepSpecJson.Options);
}

/// <summary>Explicit values.</summary>
internal sealed record ChoiceDimension(string Path, IReadOnlyList<JsonElement> Values) : SpaceDimension(Path)
{
    internal override int? Count => Values.Count;

    internal override JsonElement Value(int index) => Values[index];

    internal override JsonElement FromUnit(double unit) =>
        Values[Math.Clamp((int)(unit * Values.Count), 0, Values.Count - 1)];
}

/// <summary>A range of numbers, continuous or on a grid.</summary>
internal sealed record RangeDimension(string Path, double Low, double High, bool Log, double? Step, bool Whole)
    : SpaceDimension(Path)
{
    internal override int? Count =>
        Step is { } step ? (int)Math.Min(int.MaxValue, Math.Floor(((High - Low) / step) + 1e-9) + 1)
        : Whole ? (int)(High - Low) + 1
        : null;

    internal override JsonElement Value(int index) => Number(OnGrid(index));

    internal override JsonElement FromUnit(double unit) => Number(Decode(unit));

    /// <summary>The number at a share of the range, on its scale and its grid.</summary>
    internal double Decode(double unit)
    {
        if (Step is not null)
            return OnGrid(Math.Clamp((int)(unit * Count!.Value), 0, Count.Value - 1));
        if (Whole)
        {
            // Each whole number owns the stretch of half a unit around it, on the logarithm's scale.
            var (from, to) = (Math.Log(Low - 0.5), Math.Log(High + 0.5));
            return Math.Clamp(Math.Round(Math.Exp(from + (unit * (to - from)))), Low, High);
        }
        var value = Log
            ? Math.Exp(Math.Log(Low) + (unit * (Math.Log(High) - Math.Log(Low))))
            : Low + (unit * (High - Low));
        return Math.Clamp(Readable(value), Low, High);
    }

    internal JsonElement Number(double value) =>
        Whole ? Json((int)value) : Json(Math.Clamp(Readable(value), Low, High));

    /// <summary>Six significant digits: what people read, print and type again is what was trained.</summary>
    private static double Readable(double value) =>
        double.Parse(value.ToString("G6", System.Globalization.CultureInfo.InvariantCulture));

    // Decimal arithmetic, so that a grid from 0.1 by 0.1 holds 0.3 and not 0.30000000000000004.
    private double OnGrid(int index)
    {
        var step = Step ?? 1;
        return Math.Abs(Low) < 1e12 && Math.Abs(High) < 1e12 && step is > 1e-12 and < 1e12
            ? (double)((decimal)Low + (index * (decimal)step))
            : Low + (index * step);
    }
}
