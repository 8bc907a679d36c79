namespace SqsNet.Engine.Sweeps.Racing;

/// <summary>Where a configuration stands.</summary>
public enum RacePlace
{
    /// <summary>It has the best mean.</summary>
    Leads,

    /// <summary>It cannot yet be told from the best.</summary>
    Contends,

    /// <summary>It is worse than the best by more than its seeds explain.</summary>
    Behind,

    /// <summary>It has no value, or the pruner has ended a trial of it.</summary>
    Out,
}

/// <summary>A configuration's standing.</summary>
/// <param name="Configuration">Its 0-based number.</param>
/// <param name="Seeds">Completed trials with a value.</param>
/// <param name="Mean">Mean of the objective as if it had every seed; NaN without a value.</param>
/// <param name="StandardError">Standard error of the mean, by the noise of all configurations; NaN before it is known.</param>
/// <param name="Chance">Probability of differences this large where it is as good as the best (one-sided); NaN before the noise is known, and for the best.</param>
/// <param name="Place">Where it stands.</param>
public sealed record RaceStanding(
    int Configuration,
    int Seeds,
    double Mean,
    double StandardError,
    double Chance,
    RacePlace Place
);
