using SqsNet.Engine.Data;
using SqsNet.Engine.Events;
using SqsNet.Engine.Executors;
using SqsNet.Engine.Models;
using SqsNet.Engine.Sweeps;
using SqsNet.Engine.Training;

namespace SqsNet.Engine.Tests.Training;

/// <summary>A few synthetic faces of 32 pixels, and trials that train on them in a second or two.</summary>
public sealed class TrialStage : IDisposable
{
    public const string Dataset = "few";
    public const int TrainFaces = 56;
    public const int BatchSize = 14;
    public const int StepsPerEpoch = 4;

    private readonly TemporaryFolder _folder = new();
    private readonly Lazy<(TrialPlan, IReadOnlyList<string>)> _undisturbed;
    private int _trials;

    public TrialStage()
    {
        _undisturbed = new(TrainUndisturbed);
        Options = new EngineOptions
        {
            DataDirectory = _folder.Path,
            Device = "cpu",
            Threads = 2,
        };
        Datasets = new DatasetRegistry(Options);
        Import(Dataset, new(TrainFaces, 28, 21));
    }

    public EngineOptions Options { get; }

    public DatasetRegistry Datasets { get; }

    public TrialSpec Spec { get; } =
        new()
        {
            Dataset = Dataset,
            Model = new ModelSpec { Name = "sqsnet-tiny", ImageSize = 32 },
            Training = new TrainingSpec
            {
                Epochs = 3,
                BatchSize = BatchSize,
                Schedule = new() { Period = 3 },
                EarlyStopping = null,
            },
            Sqs = new(),
            Objective = new(),
            Seed = 0,
        };

    public TrialPlan Plan(TrialSpec spec) => new(++_trials, spec, 1, _folder.File($"trials/{_trials}"));

    public TrialPlan Plan(Func<TrainingSpec, TrainingSpec> training) =>
        Plan(Spec with { Training = training(Spec.Training) });

    public TrialOutcome Run(TrialPlan plan, IEventSink sink, TrialControl? control = null) =>
        new TrialRunner(Datasets, Options, TimeProvider.System).Run(plan, sink, control ?? new());

    /// <summary>The stage's own trial, trained once from start to end for every test that compares with it.</summary>
    internal (TrialPlan Plan, IReadOnlyList<string> Numbers) Undisturbed => _undisturbed.Value;

    private (TrialPlan Plan, IReadOnlyList<string> Numbers) TrainUndisturbed()
    {
        var plan = Plan(Spec);
        var sink = new ListSink();
        Run(plan, sink).State.ShouldBe(TrialState.Completed, string.Join('\n', sink.Logs()));
        return (plan, sink.Numbers());
    }

    public void Import(string name, SyntheticCounts counts) =>
        Datasets
            .ImportAsync(
                new ImportRequest("synthetic", null, name)
                {
                    Size = 32,
                    Synthetic = counts,
                    Replace = true,
                },
                null,
                CancellationToken.None
            )
            .GetAwaiter()
            .GetResult();

    public void Dispose() => _folder.Dispose();
}

/// <summary>Questions about what a trial reported.</summary>
internal static class Reports
{
    public static IReadOnlyList<MetricsReported> Metrics(this ListSink sink, MetricScope scope) =>
        [.. sink.Events.OfType<MetricsReported>().Where(m => m.Scope == scope)];

    /// <summary>Everything that training computed, without what a clock decides.</summary>
    public static IReadOnlyList<string> Numbers(this ListSink sink) =>
        [
            .. sink
                .Events.OfType<MetricsReported>()
                .SelectMany(m =>
                    m.Values.Where(v =>
                            v.Key is not ("train/images_per_second" or "train/data_share" or "system/memory_bytes")
                        )
                        .OrderBy(v => v.Key, StringComparer.Ordinal)
                        .Select(v => $"{m.Scope} {m.Epoch} {m.Step} {v.Key} {v.Value:R}")
                ),
        ];

    public static IReadOnlyList<string> Logs(this ListSink sink) =>
        [.. sink.Events.OfType<Logged>().Select(log => $"{log.Severity}: {log.Text}")];
}
