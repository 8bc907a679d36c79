using System.Text.Json;
using SqsNet.Engine.Sweeps.Samplers;

namespace SqsNet.Engine.Importance;

/// <summary>A parameter as an axis from 0 to 1 on which all of its values are equally likely.</summary>
/// <remarks>
/// A range lies on its own scale, its logarithm where it is logarithmic. A list, and a range on a grid, is cut into
/// equal cells; numbers lie in their order.
/// </remarks>
internal sealed class ImportanceAxis
{
    private const int MostCells = 50;

    private readonly SpaceDimension _dimension;
    private readonly IReadOnlyList<JsonElement> _cells;

    internal ImportanceAxis(SpaceDimension dimension)
    {
        _dimension = dimension;
        var values = (dimension as ChoiceDimension)?.Values ?? [];
        _cells = values.All(value => value.ValueKind == JsonValueKind.Number)
            ? [.. values.OrderBy(value => value.GetDouble())]
            : values;
    }

    internal string Path => _dimension.Path;

    /// <summary>The choices of a list, or the cells of a range: its values where it has 50 at most, else 50.</summary>
    internal PedGrid Grid =>
        _dimension is RangeDimension range
            ? new(range is { Log: false, Count: { } count } ? Math.Min(count, MostCells) : MostCells, IsRange: true)
            : new(_cells.Count, IsRange: false);

    /// <summary>The coordinate of a value, or null where the axis has no such value.</summary>
    internal double? Place(JsonElement value)
    {
        if (_dimension is not RangeDimension range)
        {
            for (var i = 0; i < _cells.Count; i++)
                if (JsonElement.DeepEquals(_cells[i], value))
                    return (i + 0.5) / _cells.Count;
            return null;
        }
        if (value.ValueKind != JsonValueKind.Number)
            return null;
        var (low, high, x) = range switch
        {
            { Log: true, Whole: true } => (
                Math.Log(range.Low - 0.5),
                Math.Log(range.High + 0.5),
                Math.Log(value.GetDouble())
            ),
            { Log: true } => (Math.Log(range.Low), Math.Log(range.High), Math.Log(value.GetDouble())),
            { Count: { } count } => (-0.5, count - 0.5, (value.GetDouble() - range.Low) / (range.Step ?? 1)),
            _ => (range.Low, range.High, value.GetDouble()),
        };
        var unit = (x - low) / (high - low);
        return unit is >= -1e-9 and <= 1 + 1e-9 ? Math.Clamp(unit, 0, 1) : null;
    }
}
