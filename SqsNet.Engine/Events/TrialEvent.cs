using System.Text.Json.Serialization;
using SqsNet.Engine.Executors;
using SqsNet.Engine.Sweeps;
using SqsNet.Engine.Sweeps.Pruners;

namespace SqsNet.Engine.Events;

/// <summary>Something that happened in a trial. The store numbers events per trial, from 1, without gaps.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(StateChanged), "state")]
[JsonDerivedType(typeof(MetricsReported), "metrics")]
[JsonDerivedType(typeof(ConfusionReported), "confusion")]
[JsonDerivedType(typeof(QuadsChosen), "quads")]
[JsonDerivedType(typeof(ArtifactSaved), "artifact")]
[JsonDerivedType(typeof(Logged), "log")]
[JsonDerivedType(typeof(PruningDecided), "pruning")]
[JsonDerivedType(typeof(TestLooked), "testLook")]
[JsonDerivedType(typeof(TrialMarked), "marked")]
public abstract record TrialEvent
{
    /// <summary>When it happened.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>Training time of the trial so far, over all attempts, in seconds.</summary>
    public double Seconds { get; init; }
}

/// <summary>The trial's state changed.</summary>
/// <param name="State">The new state.</param>
/// <param name="Attempt">1-based number of the attempt.</param>
/// <param name="Message">Why; null when nothing needs saying.</param>
public sealed record StateChanged(TrialState State, int Attempt, string? Message = null) : TrialEvent
{
    /// <summary>What people ask of a trial that trains: written down before it obeys, so that it outlives the process.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ControlRequest Asked { get; init; }
}

/// <summary>When a set of metrics was taken.</summary>
public enum MetricScope
{
    /// <summary>After an optimizer step.</summary>
    Step,

    /// <summary>At the end of an epoch.</summary>
    Epoch,

    /// <summary>Once, by the final evaluation.</summary>
    Final,
}

/// <summary>Metrics, all taken at the same step.</summary>
/// <param name="Scope">When they were taken.</param>
/// <param name="Step">Optimizer steps so far.</param>
/// <param name="Epoch">Epoch, 1-based.</param>
/// <param name="Values">Value by name ("train/loss", "val/accuracy"); may be NaN.</param>
/// <param name="IsBest">Whether this epoch is the best so far by the sweep's objective.</param>
public sealed record MetricsReported(
    MetricScope Scope,
    long Step,
    int Epoch,
    IReadOnlyDictionary<string, double> Values,
    bool IsBest = false
) : TrialEvent;

/// <summary>A confusion matrix.</summary>
/// <param name="Split">"val" or "test".</param>
/// <param name="Epoch">Epoch, 1-based.</param>
/// <param name="Classes">Class names, in order.</param>
/// <param name="Counts">Counts, row = true class, column = predicted class.</param>
public sealed record ConfusionReported(
    string Split,
    int Epoch,
    IReadOnlyList<string> Classes,
    IReadOnlyList<IReadOnlyList<int>> Counts
) : TrialEvent
{
    /// <summary>The share of a true class that was taken for a class, 0 to 1; NaN where the class has no faces.</summary>
    public double Share(int truth, int predicted)
    {
        var faces = Counts[truth].Sum();
        return faces > 0 ? (double)Counts[truth][predicted] / faces : double.NaN;
    }
}

/// <summary>A quad of faces kept for inspection.</summary>
/// <param name="Anchor">Index of the anchor face in the dataset.</param>
/// <param name="Positive">Index of a face of the anchor's class.</param>
/// <param name="Negative1">Index of a face of another class.</param>
/// <param name="Negative2">Index of a face of another class.</param>
/// <param name="Labels">Class numbers of the four, in this order.</param>
public sealed record InspectedQuad(int Anchor, int Positive, int Negative1, int Negative2, IReadOnlyList<int> Labels);

/// <summary>The quads whose similarity maps are kept every epoch.</summary>
/// <param name="Dataset">Name of the dataset that the indices belong to.</param>
/// <param name="Quads">The quads.</param>
public sealed record QuadsChosen(string Dataset, IReadOnlyList<InspectedQuad> Quads) : TrialEvent;

/// <summary>A file was written into the trial's folder.</summary>
/// <param name="Artifact">What it is: "maps", "checkpoint", "weights".</param>
/// <param name="Epoch">Epoch, 1-based.</param>
/// <param name="Path">Path relative to the trial's folder, with forward slashes.</param>
/// <param name="Bytes">Size in bytes.</param>
public sealed record ArtifactSaved(string Artifact, int Epoch, string Path, long Bytes) : TrialEvent;

/// <summary>Severity of a log line.</summary>
public enum LogSeverity
{
    /// <summary>Good to know.</summary>
    Info,

    /// <summary>Odd; training goes on.</summary>
    Warning,

    /// <summary>Ended something.</summary>
    Error,
}

/// <summary>A log line.</summary>
/// <param name="Severity">Severity.</param>
/// <param name="Text">The line.</param>
public sealed record Logged(LogSeverity Severity, string Text) : TrialEvent;

/// <summary>The pruner judged the trial.</summary>
/// <param name="Epoch">At the end of which epoch, 1-based.</param>
/// <param name="Decision">Whether it ends here, and by which numbers.</param>
public sealed record PruningDecided(int Epoch, PruneDecision Decision) : TrialEvent;

/// <summary>Weights were held against the test split. Reported before the evaluation, so that a look cut short counts too.</summary>
/// <param name="By">Who looked: "trial", or "eval" for the command.</param>
/// <param name="Weights">Which weights: "best", "last", "ema", or a file's name.</param>
/// <param name="Epoch">Their epoch, 1-based.</param>
/// <param name="Views">Views of test-time augmentation, 1 for none.</param>
/// <param name="Faces">Test faces.</param>
public sealed record TestLooked(string By, string Weights, int Epoch, int Views, int Faces) : TrialEvent;
