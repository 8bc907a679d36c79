using System.Text.Json;
using SqsNet.Engine.Randomness;

namespace SqsNet.Engine.Sweeps.Samplers;

/// <summary>Every combination of values, the last parameter varying fastest; or in an order drawn from a seed.</summary>
/// <remarks>A parameter whose condition does not hold makes no combinations: each configuration comes once.</remarks>
internal sealed class GridSampler : ISampler
{
    private readonly IReadOnlyList<SpaceDimension> _space;
    private readonly int? _seed;
    private readonly Lazy<List<IReadOnlyDictionary<string, JsonElement>>> _points;
    private readonly Lazy<int[]> _order;

    /// <summary>A grid over a finite space.</summary>
    /// <param name="space">The space.</param>
    /// <param name="seed">Seed of a shuffled order; null for the plain one.</param>
    internal GridSampler(IReadOnlyList<SpaceDimension> space, int? seed)
    {
        (_space, _seed) = (space, seed);
        _points = new(() => [.. Walk(0, []).Take(SweepPlan.MaxTrials + 1)]);
        _order = new(Order);
        Count = space.Any(d => d.IsConditional)
            ? _points.Value.Count
            : (int)space.Aggregate(1L, (product, d) => Math.Min(int.MaxValue, product * (d.Count ?? int.MaxValue)));
    }

    /// <summary>Number of combinations; counted no further than one more than a sweep may have where there are conditions.</summary>
    public int Count { get; }

    public bool IsAdaptive => false;

    public Proposal Propose(int index, IReadOnlyList<Observation> history, Rng rng)
    {
        var point = _seed is null ? index : _order.Value[index];
        var shuffled = _seed is null ? "" : ", in shuffled order";
        return new(_points.Value[point], ProposalReason.Of($"Point {point + 1} of {Count} of the grid{shuffled}."));
    }

    private int[] Order()
    {
        int[] order = [.. Enumerable.Range(0, Count)];
        new Rng(_seed!.Value, "grid").Shuffle<int>(order);
        return order;
    }

    private IEnumerable<IReadOnlyDictionary<string, JsonElement>> Walk(int at, Dictionary<string, JsonElement> chosen)
    {
        if (at == _space.Count)
        {
            yield return new Dictionary<string, JsonElement>(chosen);
            yield break;
        }
        var dimension = _space[at];
        if (!dimension.IsActive(chosen))
        {
            foreach (var point in Walk(at + 1, chosen))
                yield return point;
            yield break;
        }
        for (var i = 0; i < dimension.Count; i++)
        {
            chosen[dimension.Path] = dimension.Value(i);
            foreach (var point in Walk(at + 1, chosen))
                yield return point;
        }
        chosen.Remove(dimension.Path);
    }
}
