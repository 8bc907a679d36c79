using SqsNet.Engine.Sweeps;
using SqsNet.Web.Components.Shared;

namespace SqsNet.Web.Components.Workbench;

/// <summary>The columns that a sweep's trials can be shown with.</summary>
public sealed class TrialColumns
{
    private static readonly string[] s_hyperparameters =
    [
        "sqs.tau",
        "sqs.alpha",
        "sqs.beta",
        "sqs.gamma",
        "sqs.margin",
        "sqs.lambda",
    ];

    private static readonly string[] s_tags = ["tags"];

    private readonly Dictionary<string, TrialColumn> _byKey;

    private TrialColumns(
        IReadOnlyList<TrialColumn> all,
        IReadOnlyList<string> standard,
        IReadOnlyList<string> varied,
        string objective
    )
    {
        All = all;
        Standard = standard;
        _byKey = all.ToDictionary(column => column.Key);
        Varied = [.. varied.Select(path => _byKey[path])];
        Objective = _byKey[$"best:{objective}"];
    }

    /// <summary>Every column, in order.</summary>
    public IReadOnlyList<TrialColumn> All { get; }

    /// <summary>Keys of those that are shown unless others are chosen.</summary>
    public IReadOnlyList<string> Standard { get; }

    /// <summary>What the sweep varies.</summary>
    public IReadOnlyList<TrialColumn> Varied { get; }

    /// <summary>The objective at the best epoch.</summary>
    public TrialColumn Objective { get; }

    /// <summary>The column of a key or, for filters, of a short name ("tau", "τ", "val/accuracy"); null for none.</summary>
    /// <remarks>A metric by its plain name is the one at the best epoch.</remarks>
    public TrialColumn? Find(string name) =>
        _byKey.GetValueOrDefault(name)
        ?? _byKey.GetValueOrDefault($"best:{name}")
        ?? All.FirstOrDefault(column =>
            column.Key.EndsWith($".{name}", StringComparison.OrdinalIgnoreCase)
            || column.Title.Equals(name, StringComparison.OrdinalIgnoreCase)
        );

    /// <summary>The columns of a sweep.</summary>
    /// <param name="sweep">The sweep.</param>
    /// <param name="trials">Its trials: their metrics and varied values make columns.</param>
    /// <param name="now">The time, for those that still train.</param>
    public static TrialColumns Of(SweepRecord sweep, IReadOnlyList<TrialRecord> trials, DateTimeOffset now)
    {
        var objective = sweep.Spec.Objective;
        var varied = sweep.Spec.Space.Keys.Union(trials.SelectMany(trial => trial.Assignment.Keys)).ToList();
        var paths = varied.Union(s_hyperparameters);
        var last = trials.SelectMany(trial => trial.Latest.Keys).Append("train/loss").Append(objective.Metric);
        var best = trials.SelectMany(trial => trial.Best.Keys).Append(objective.Metric);
        var lastHint = "At the last step or epoch that was reported.";
        var bestHint =
            $"At the epoch that is best by {objective.Metric} ({SweepSpecJson.Word(objective.Goal)}); metrics of the test split at the end.";
        TrialColumn[] all =
        [
            TrialColumn.OfWords("state", "State", "", trial => SweepSpecJson.Word(trial.State)),
            .. paths.Select(TrialColumn.OfPath),
            TrialColumn.OfNumber("configuration", "Configuration", "Its number", trial => trial.Configuration),
            TrialColumn.OfNumber("seed", "Seed", "", trial => trial.Spec.Seed, Whole),
            TrialColumn.OfNumber("epoch", "Epoch", "Epochs that are through", trial => trial.Epoch, Whole),
            TrialColumn.OfNumber("bestEpoch", "Best epoch", bestHint, trial => trial.BestEpoch, Whole),
            .. Sorted(last).Select(metric => TrialColumn.OfMetric(metric, best: false, lastHint)),
            .. Sorted(best).Select(metric => TrialColumn.OfMetric(metric, best: true, bestHint)),
            TrialColumn.OfNumber(
                "time",
                "Time",
                "From its first start to its end",
                trial => trial.StartedAt is { } start ? ((trial.EndedAt ?? now) - start).TotalSeconds : null,
                seconds => Format.Duration(TimeSpan.FromSeconds(seconds))
            ),
            TrialColumn.OfNumber("attempts", "Attempts", "", trial => trial.Attempts, Whole),
            TrialColumn.OfWords("tags", "Tags", "What people find it by", trial => string.Join(", ", trial.Tags)),
            TrialColumn.OfWords("note", "Note", "What people have to say about it", trial => trial.Note),
            TrialColumn.OfWords("message", "Message", "Why it is in its state", trial => trial.Message ?? ""),
        ];
        return new(
            all,
            [
                "state",
                .. varied,
                "seed",
                "epoch",
                "last:train/loss",
                $"last:{objective.Metric}",
                $"best:{objective.Metric}",
                "time",
                .. trials.Any(trial => trial.Tags.Count > 0) ? s_tags : [],
            ],
            varied,
            objective.Metric
        );
    }

    private static IEnumerable<string> Sorted(IEnumerable<string> metrics) =>
        metrics.Distinct().Order(StringComparer.Ordinal);

    private static string Whole(double value) => Format.Count((long)value);
}
