using System.Text.Json;
using SqsNet.Engine.Randomness;

namespace SqsNet.Engine.Sweeps.Samplers;

/// <summary>Every combination of values, the last parameter varying fastest.</summary>
internal sealed class GridSampler(IReadOnlyList<SpaceDimension> space) : ISampler
{
    public int Count { get; } =
        (int)space.Aggregate(1L, (product, d) => Math.Min(int.MaxValue, product * (d.Count ?? int.MaxValue)));

    public bool IsAdaptive => false;

    public IReadOnlyDictionary<string, JsonElement> Propose(int index, IReadOnlyList<Observation> history, Rng rng)
    {
        var chosen = new Dictionary<string, JsonElement>();
        for (var i = space.Count - 1; i >= 0; i--)
        {
            (index, var position) = Math.DivRem(index, space[i].Count!.Value);
            chosen[space[i].Path] = space[i].Value(position);
        }
        return space.ToDictionary(d => d.Path, d => chosen[d.Path]);
    }
}
