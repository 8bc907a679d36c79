using System.Text.Json;
using SqsNet.Engine.Randomness;

namespace SqsNet.Engine.Sweeps.Samplers;

/// <summary>Proposes a list of configurations in order.</summary>
internal sealed class FixedSampler(IReadOnlyList<Proposal> proposals) : ISampler
{
    public int Count => proposals.Count;

    public bool IsAdaptive => false;

    public Proposal Propose(int index, IReadOnlyList<Observation> history, Rng rng) => proposals[index];

    /// <summary>Of configurations that people listed.</summary>
    internal static FixedSampler Listed(IReadOnlyList<IReadOnlyDictionary<string, JsonElement>> configurations) =>
        new([
            .. configurations.Select(
                (listed, i) =>
                    new Proposal(listed, ProposalReason.Of($"Configuration {i + 1} of {configurations.Count} listed."))
            ),
        ]);
}
