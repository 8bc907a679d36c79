using SqsNet.Engine.Sweeps;

namespace SqsNet.Engine.Training;

/// <summary>Where the search for the best epoch stands; part of every checkpoint.</summary>
/// <param name="BestValue">Objective at the best epoch; null before the first number.</param>
/// <param name="BestEpoch">The best epoch, 1-based; null before the first number.</param>
/// <param name="Waited">Epochs since then.</param>
public sealed record BestSoFar(double? BestValue = null, int? BestEpoch = null, int Waited = 0);

/// <summary>Keeps the best epoch by the objective and says when waiting for a better one has lasted long enough.</summary>
/// <param name="objective">What "better" means; equal is not better.</param>
/// <param name="patience">Epochs to wait, 1 or more; null waits for ever.</param>
/// <param name="state">Where an earlier attempt stood.</param>
public sealed class EarlyStopping(ObjectiveSpec objective, int? patience, BestSoFar state)
{
    /// <summary>Where the search stands.</summary>
    public BestSoFar State { get; private set; } = state;

    /// <summary>Whether training should end.</summary>
    public bool ShouldStop => patience is { } limit && State.Waited >= limit;

    /// <summary>Takes an epoch's objective.</summary>
    /// <param name="epoch">1-based epoch.</param>
    /// <param name="value">Its objective; NaN is never best.</param>
    /// <returns>Whether it is the best so far.</returns>
    public bool Update(int epoch, double value)
    {
        var best = objective.IsBetter(value, State.BestValue);
        State = best ? new BestSoFar(value, epoch) : State with { Waited = State.Waited + 1 };
        return best;
    }
}
