using System.Text.Json;
using SqsNet.Engine.Models;
using SqsNet.Engine.Similarity;
using SqsNet.Engine.Training;

namespace SqsNet.Engine.Sweeps;

/// <summary>A question with its plan: what to train, over which values, with which seeds. Immutable.</summary>
/// <remarks>One JSON shape for the form, the API, the command line and the store; defaults are the paper's.</remarks>
public sealed record SweepSpec
{
    /// <summary>What people call it. Any text; treated as hostile wherever it is shown.</summary>
    public string Name { get; init; } = "untitled";

    /// <summary>Free text.</summary>
    public string Notes { get; init; } = "";

    /// <summary>Free labels, for filtering.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Name of a registered dataset.</summary>
    public string Dataset { get; init; } = "synthetic";

    /// <summary>The network.</summary>
    public ModelSpec Model { get; init; } = new();

    /// <summary>The training protocol.</summary>
    public TrainingSpec Training { get; init; } = new();

    /// <summary>The Spatial Quad-Similarity module's six hyperparameters and its variants.</summary>
    public SqsSpec Sqs { get; init; } = new();

    /// <summary>What varies: a path of the specification ("sqs.tau") to its values or range. Empty: one configuration.</summary>
    public IReadOnlyDictionary<string, SpaceParameter> Space { get; init; } = new Dictionary<string, SpaceParameter>();

    /// <summary>How configurations are drawn from <see cref="Space"/>.</summary>
    public StrategySpec Strategy { get; init; } = new();

    /// <summary>Which trials end early.</summary>
    public PrunerSpec Pruner { get; init; } = new();

    /// <summary>Seeds for those configurations only that could be the best; null gives every configuration every seed.</summary>
    public RacingSpec? Racing { get; init; }

    /// <summary>What "better" means.</summary>
    public ObjectiveSpec Objective { get; init; } = new();

    /// <summary>One trial per configuration and seed; in a race in this order, and no more than are needed.</summary>
    public IReadOnlyList<int> Seeds { get; init; } = [0, 1, 2, 3, 4];

    /// <summary>Where and how many trials train at once.</summary>
    public ExecutorSpec Executor { get; init; } = new();
}

/// <summary>One dimension of a space: explicit values, or a range.</summary>
public sealed record SpaceParameter
{
    /// <summary>Explicit values, in order; null for a range.</summary>
    public IReadOnlyList<JsonElement>? Values { get; init; }

    /// <summary>Lower end of a range, inclusive.</summary>
    public double? Low { get; init; }

    /// <summary>Upper end of a range, inclusive.</summary>
    public double? High { get; init; }

    /// <summary>Whether the range is searched in the logarithm.</summary>
    public bool Log { get; init; }

    /// <summary>Grid step of a range; null for a continuous one.</summary>
    public double? Step { get; init; }

    /// <summary>
    /// When it varies: each path, of a parameter written before this one, to the values of which one must be chosen.
    /// Elsewhere the sweep's own value stands. Null for a parameter that always varies.
    /// </summary>
    public IReadOnlyDictionary<string, IReadOnlyList<JsonElement>>? When { get; init; }
}

/// <summary>The strategies that propose configurations.</summary>
public enum StrategyKind
{
    /// <summary>The defaults, then each parameter's values with the others at their defaults (the paper's Table 4).</summary>
    OneAtATime,

    /// <summary>Every combination of values.</summary>
    Grid,

    /// <summary>Independent draws.</summary>
    Random,

    /// <summary>Owen-scrambled Sobol points.</summary>
    Sobol,

    /// <summary>Tree-structured Parzen estimator.</summary>
    Tpe,

    /// <summary>Gaussian process with log expected improvement.</summary>
    Gp,

    /// <summary>The paper's own order of tuning: the defaults, then λ, then m, then α, then β, each from the best so far.</summary>
    Recipe,

    /// <summary>The full model, then the model without each part (the paper's Table 7).</summary>
    Ablation,

    /// <summary>The configurations of <see cref="StrategySpec.Configurations"/>, in order.</summary>
    List,
}

/// <summary>How configurations are drawn.</summary>
public sealed record StrategySpec
{
    /// <summary>Which strategy.</summary>
    public StrategyKind Kind { get; init; } = StrategyKind.OneAtATime;

    /// <summary>Number of configurations for random, sobol, tpe and gp; null for strategies that are finite by themselves.</summary>
    public int? Trials { get; init; }

    /// <summary>Whether a grid is tried in an order drawn from <see cref="Seed"/>.</summary>
    public bool Shuffle { get; init; }

    /// <summary>Whether an ablation also leaves out each two parts together, where neither contains the other.</summary>
    public bool Pairs { get; init; }

    /// <summary>Seed of the strategy's own random stream.</summary>
    public int Seed { get; init; }

    /// <summary>For <see cref="StrategyKind.List"/>: each entry maps paths to values.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, JsonElement>>? Configurations { get; init; }
}

/// <summary>The rules that end trials early.</summary>
public enum PrunerKind
{
    /// <summary>Every trial trains to its end.</summary>
    None,

    /// <summary>Ends a trial that is worse than half of the completed ones at the same epoch.</summary>
    Median,

    /// <summary>Ends a trial that is not among the best so many per cent of the completed ones at the same epoch.</summary>
    Percentile,

    /// <summary>Ends a trial at a rung unless it is among the best of those that have come there.</summary>
    SuccessiveHalving,

    /// <summary>Successive halving in brackets that leave out more and more of the early rungs.</summary>
    Hyperband,

    /// <summary>Halts every trial at each rung with a checkpoint; the best go on when a slot is free.</summary>
    Asha,
}

/// <summary>Which trials end early. Options that do not belong to the rule are null; null takes the rule's default.</summary>
public sealed record PrunerSpec
{
    /// <summary><see cref="StartTrials"/> where it is null.</summary>
    public const int DefaultStartTrials = 5;

    /// <summary><see cref="Percentile"/> where it is null.</summary>
    public const double DefaultPercentile = 25;

    /// <summary><see cref="MinEpochs"/> where it is null.</summary>
    public const int DefaultMinEpochs = 1;

    /// <summary><see cref="Factor"/> where it is null.</summary>
    public const int DefaultFactor = 3;

    /// <summary>Which rule.</summary>
    public PrunerKind Kind { get; init; } = PrunerKind.None;

    /// <summary>For median and percentile: trials that must have trained to their end before any is ended.</summary>
    public int? StartTrials { get; init; }

    /// <summary>For median and percentile: epochs before the first comparison; null for none.</summary>
    public int? WarmupEpochs { get; init; }

    /// <summary>For median and percentile: epochs between comparisons; null for every epoch.</summary>
    public int? Interval { get; init; }

    /// <summary>For percentile: how many per cent go on, above 0 and below 100.</summary>
    public double? Percentile { get; init; }

    /// <summary>For successiveHalving and hyperband: epochs of the lowest rung.</summary>
    public int? MinEpochs { get; init; }

    /// <summary>For successiveHalving and hyperband: one in so many goes on; rungs are so many times as far apart.</summary>
    public int? Factor { get; init; }
}

/// <summary>A race: each configuration starts with the first seed, and gets the next while it could be the best.</summary>
public sealed record RacingSpec
{
    /// <summary>
    /// Level of the one-sided test by which a configuration is worse than the best, above 0 and at most 0.5. Lower is
    /// more careful and takes more trials.
    /// </summary>
    public double Level { get; init; } = 0.01;
}

/// <summary>Direction of the objective.</summary>
public enum Goal
{
    /// <summary>Larger is better.</summary>
    Maximize,

    /// <summary>Smaller is better.</summary>
    Minimize,
}

/// <summary>What "better" means.</summary>
public sealed record ObjectiveSpec
{
    /// <summary>Name of a per-epoch metric. Never one of the test split.</summary>
    public string Metric { get; init; } = "val/accuracy";

    /// <summary>Direction.</summary>
    public Goal Goal { get; init; } = Goal.Maximize;

    /// <summary>Whether <paramref name="value"/> is strictly better than <paramref name="incumbent"/>; NaN never is.</summary>
    public bool IsBetter(double value, double? incumbent) =>
        !double.IsNaN(value)
        && (incumbent is not { } best || double.IsNaN(best) || (Goal == Goal.Maximize ? value > best : value < best));
}

/// <summary>The places where trials train.</summary>
public enum ExecutorKind
{
    /// <summary>A dedicated thread of this process.</summary>
    InProcess,

    /// <summary>A process for each trial: a crash in native code ends the trial and not the server.</summary>
    Process,
}

/// <summary>Where and how many trials train at once.</summary>
public sealed record ExecutorSpec
{
    /// <summary>Which executor.</summary>
    public ExecutorKind Kind { get; init; } = ExecutorKind.InProcess;

    /// <summary>Trials at once, 1 to 64.</summary>
    public int Parallel { get; init; } = 1;

    /// <summary>Sweeps of a higher priority get every slot that they can use before the others, -100 to 100.</summary>
    public int Priority { get; init; }

    /// <summary>Share of the slots among sweeps of the same priority, 1 to 100: twice the share, twice as many trials.</summary>
    public int Share { get; init; } = 1;
}
