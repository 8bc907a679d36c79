namespace SqsNet.Engine;

/// <summary>Where the engine keeps its files and what of the machine it may use.</summary>
public sealed record EngineOptions
{
    /// <summary>The data directory, absolute: datasets, trials' folders, the store.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>Threads per training trial; 0 takes every core.</summary>
    public int Threads { get; init; }

    /// <summary>Device of trials: "cpu", "cuda", "cuda:1" or "auto" (a GPU when there is one).</summary>
    public string Device { get; init; } = "auto";

    /// <summary>Trials that train at once over all sweeps, on top of each sweep's own limit; 0 takes one per processor core.</summary>
    public int Slots { get; init; }

    /// <summary>
    /// What the checkpoints of all trials may take on the disk, in bytes; above it those of trials that are over go,
    /// the oldest first. 0 sets no limit.
    /// </summary>
    public long CheckpointBudget { get; init; } = DefaultCheckpointBudget;

    /// <summary>The budget that is not told otherwise: 50 GiB.</summary>
    public const long DefaultCheckpointBudget = 50L << 30;

    /// <summary>Program and first arguments of a worker process; null starts this very program again.</summary>
    public IReadOnlyList<string>? Worker { get; init; }

    /// <summary>Folder of registered datasets.</summary>
    public string DatasetsDirectory => Path.Combine(DataDirectory, "datasets");

    /// <summary>Folder of pretrained weights, put there by whoever runs the program.</summary>
    public string WeightsDirectory => Path.Combine(DataDirectory, "weights");

    /// <summary>Folder of the trials' folders.</summary>
    public string TrialsDirectory => Path.Combine(DataDirectory, "trials");

    /// <summary>A trial's own folder.</summary>
    public string TrialDirectory(long trialId) => Path.Combine(TrialsDirectory, $"{trialId}");
}
