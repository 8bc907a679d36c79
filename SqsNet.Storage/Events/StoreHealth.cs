namespace SqsNet.Storage;

/// <summary>Whether events reach the disk.</summary>
public enum StoreCondition
{
    /// <summary>The last batch was committed.</summary>
    Healthy,

    /// <summary>The last batch could not be committed (full disk, error of the disk, locked); it is tried again.</summary>
    Retrying,

    /// <summary>Closed: nothing is taken any more.</summary>
    Closed,
}

/// <summary>How the event log is doing.</summary>
/// <param name="Condition">Whether events reach the disk.</param>
/// <param name="Problem">What the last attempt to commit said; null while healthy.</param>
/// <param name="Since">When the trouble began; null while healthy.</param>
/// <param name="Waiting">Events taken and not yet committed; they are kept in memory.</param>
/// <param name="Rejected">Events that could never be stored since the start (of a trial that does not exist).</param>
/// <param name="LastCommit">When a batch was last committed; null before the first.</param>
public sealed record StoreHealth(
    StoreCondition Condition,
    string? Problem,
    DateTimeOffset? Since,
    long Waiting,
    long Rejected,
    DateTimeOffset? LastCommit
);
