using SqsNet.Engine.Randomness;

namespace SqsNet.Engine.Sweeps.Samplers;

/// <summary>Proposes Owen-scrambled Sobol points; one that was proposed before is drawn independently instead.</summary>
internal sealed class SobolSampler(IReadOnlyList<SpaceDimension> space, int trials, int seed) : ISampler
{
    private readonly SobolSequence _sequence = new(space.Count, new Rng(seed, "sobol"));
    private readonly RandomSampler _random = new(space, trials);

    public int Count => trials;

    public bool IsAdaptive => false;

    public Proposal Propose(int index, IReadOnlyList<Observation> history, Rng rng)
    {
        var proposed = SpaceDimension.FromUnits(space, _sequence.Point(index));
        // Continuous points never meet; those of a small finite space do.
        return history.Any(past => Assignments.AreEqual(past.Assignment, proposed))
            ? _random.Propose(index, history, rng) with
            {
                Reason = ProposalReason.Of($"Drawn at random: Sobol point {index + 1} had been proposed before."),
            }
            : new(proposed, ProposalReason.Of($"Sobol point {index + 1}."));
    }
}
