namespace SqsNet.Engine.Training;

/// <summary>Where training stands between two steps: with the weights and the optimizer's state, all that it needs to go on.</summary>
/// <remarks>
/// Every random draw is a function of the seed, the epoch and the step, so no generator's state is part of it.
/// </remarks>
public sealed record TrainingPosition
{
    /// <summary>Epoch in progress, 1-based; one more than the last when all are over.</summary>
    public int Epoch { get; init; } = 1;

    /// <summary>Steps taken in that epoch.</summary>
    public int StepInEpoch { get; init; }

    /// <summary>Steps taken in all.</summary>
    public long Step { get; init; }

    /// <summary>Sums over the steps of that epoch, for its means.</summary>
    public EpochSums Sums { get; init; } = new();

    /// <summary>Best epoch and patience.</summary>
    public BestSoFar Best { get; init; } = new();

    /// <summary>Hash of the dataset that was trained on; empty in checkpoints of before it was kept.</summary>
    public string DatasetHash { get; init; } = "";

    /// <summary>The warm-up that training has behind it; null while it lasts.</summary>
    public PastWarmup? Warmup { get; init; }

    /// <summary>Training time so far over all attempts, in seconds.</summary>
    public double Seconds { get; init; }
}

/// <summary>A warm-up that is over: it stays as long as it was, however many epochs are added.</summary>
/// <param name="Share">The share of all epochs that it was given. A fork with another one has a warm-up of its own.</param>
/// <param name="Epochs">How long it lasted.</param>
public sealed record PastWarmup(double Share, double Epochs);

/// <summary>Sums of the training metrics over the steps of an epoch.</summary>
/// <param name="Steps">Steps that were added.</param>
/// <param name="Loss">Sum of their losses.</param>
/// <param name="Accuracy">Sum of their accuracies.</param>
public sealed record EpochSums(int Steps = 0, double Loss = 0, double Accuracy = 0)
{
    /// <summary>The sums with one more step.</summary>
    public EpochSums Plus(double loss, double accuracy) => new(Steps + 1, Loss + loss, Accuracy + accuracy);

    /// <summary>Means by metric name; NaN without steps.</summary>
    public IReadOnlyDictionary<string, double> Means() =>
        new Dictionary<string, double> { ["train/loss"] = Loss / Steps, ["train/accuracy"] = Accuracy / Steps };
}
