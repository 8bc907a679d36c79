namespace SqsNet.Engine.Sweeps;

/// <summary>What a sweep is to have more of than it was started with.</summary>
public sealed record SweepExtension
{
    /// <summary>Further seeds, behind those that there are: for every configuration, or in a race for its contenders.</summary>
    public IReadOnlyList<int> Seeds { get; init; } = [];

    /// <summary>New number of configurations in all, for strategies that are told how many; null leaves it.</summary>
    public int? Trials { get; init; }

    /// <summary>New number of epochs of each trial; those that trained to their last one go on from their checkpoints. Null leaves it.</summary>
    public int? Epochs { get; init; }

    /// <summary>Whether an ablation is to leave out each two parts together, too; null leaves it.</summary>
    public bool? Pairs { get; init; }

    /// <summary>The longer sweep.</summary>
    /// <exception cref="InvalidSpecException">It would be no valid sweep, or is no longer than it was; carries every problem.</exception>
    internal SweepSpec Apply(SweepSpec spec)
    {
        var errors = new List<ConfigError>();
        var range = new SpecRange(errors);
        if (Seeds.Count == 0 && Trials is null && Epochs is null && Pairs is not true)
            range.Add("seeds", "is empty, and neither trials, epochs nor pairs are named: there is nothing to extend");
        for (var i = 0; i < Seeds.Count; i++)
            if (spec.Seeds.Contains(Seeds[i]))
                range.Add($"seeds[{i}]", $"{Seeds[i]} is there already; each seed trains a configuration once");
        if (Trials is { } trials)
        {
            if (!SweepSpecValidation.IsCounted(spec.Strategy.Kind))
                range.Add("trials", $"does not go with {SweepSpecJson.Word(spec.Strategy.Kind)}, which ends by itself");
            else if (trials <= spec.Strategy.Trials)
                range.Add("trials", $"must be more than the {spec.Strategy.Trials} that there are; it is {trials}");
        }
        if (Epochs is { } epochs)
        {
            if (VariesEpochs(spec))
                range.Add("epochs", "cannot change where configurations differ in them");
            else if (epochs <= spec.Training.Epochs)
                range.Add("epochs", $"must be more than the {spec.Training.Epochs} that there are; it is {epochs}");
        }
        if (Pairs is true && spec.Strategy.Pairs)
            range.Add("pairs", "are there already");
        var longer = spec with
        {
            Seeds = [.. spec.Seeds, .. Seeds],
            Strategy = spec.Strategy with
            {
                Trials = Trials ?? spec.Strategy.Trials,
                Pairs = spec.Strategy.Pairs || Pairs is true,
            },
            Training = spec.Training with { Epochs = Epochs ?? spec.Training.Epochs },
        };
        if (errors.Count == 0)
            errors.AddRange(longer.Validate());
        return errors.Count == 0 ? longer : throw new InvalidSpecException(errors);
    }

    /// <summary>Whether the number of epochs belongs to the configuration.</summary>
    internal static bool VariesEpochs(SweepSpec spec) =>
        spec
            .Space.Keys.Concat((spec.Strategy.Configurations ?? []).SelectMany(listed => listed.Keys))
            .Any(path => path is "training" or "training.epochs");
}

/// <summary>A sweep's place in the queue for slots.</summary>
public sealed record QueuePlace
{
    /// <summary>As <see cref="ExecutorSpec.Priority"/>; null leaves it.</summary>
    public int? Priority { get; init; }

    /// <summary>As <see cref="ExecutorSpec.Share"/>; null leaves it.</summary>
    public int? Share { get; init; }

    /// <summary>The sweep in this place.</summary>
    /// <exception cref="InvalidSpecException">Priority or share are out of range; carries every problem.</exception>
    public SweepSpec Apply(SweepSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        var (priority, share) = (Priority ?? spec.Executor.Priority, Share ?? spec.Executor.Share);
        var placed = spec with { Executor = spec.Executor with { Priority = priority, Share = share } };
        return placed.Validate() is { Count: > 0 } errors ? throw new InvalidSpecException(errors) : placed;
    }
}
