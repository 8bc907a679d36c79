using System.Text.Json;
using SqsNet.Engine.Randomness;

namespace SqsNet.Engine.Sweeps.Samplers;

/// <summary>Independent draws; a configuration that was proposed before is drawn again, as long as there are others.</summary>
internal sealed class RandomSampler(IReadOnlyList<SpaceDimension> space, int trials) : ISampler
{
    // Enough to find the last free one of a small space; a space that is nearly used up is refused by validation.
    private const int Redraws = 1000;

    public int Count => trials;

    public bool IsAdaptive => false;

    public Proposal Propose(int index, IReadOnlyList<Observation> history, Rng rng)
    {
        var drawn = Draw(space, rng);
        for (var i = 0; i < Redraws && history.Any(past => Assignments.AreEqual(past.Assignment, drawn)); i++)
            drawn = Draw(space, rng);
        return new(drawn, ProposalReason.Of("Drawn at random."));
    }

    /// <summary>One point of the space, each dimension by itself.</summary>
    internal static IReadOnlyDictionary<string, JsonElement> Draw(IReadOnlyList<SpaceDimension> space, Rng rng) =>
        SpaceDimension.FromUnits(space, [.. space.Select(_ => rng.NextDouble())]);
}
