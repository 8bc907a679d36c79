using System.Text.Json;
using SqsNet.Engine.Randomness;

namespace SqsNet.Engine.Sweeps.Samplers;

/// <summary>Proposes a list of configurations in order.</summary>
internal sealed class FixedSampler(IReadOnlyList<IReadOnlyDictionary<string, JsonElement>> configurations) : ISampler
{
    public int Count => configurations.Count;

    public bool IsAdaptive => false;

    public IReadOnlyDictionary<string, JsonElement> Propose(int index, IReadOnlyList<Observation> history, Rng rng) =>
        configurations[index];
}
