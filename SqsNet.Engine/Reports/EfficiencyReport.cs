using SqsNet.Engine.Efficiency;
using SqsNet.Engine.Models;
using SqsNet.Engine.Statistics;
using SqsNet.Engine.Sweeps;

namespace SqsNet.Engine.Reports;

/// <summary>Size, arithmetic, speed, memory and accuracy of each model, beside what the paper's Table 3 prints.</summary>
/// <remarks>
/// Parameters, multiply-accumulates and bytes are counted from the architecture; training speed is what the trials
/// reported; latency, throughput and memory are what "models --measure" or the models page kept.
/// </remarks>
internal static class EfficiencyReport
{
    private const string TrainingSpeedMetric = "train/images_per_second";
    private const double Mebibyte = 1 << 20;

    internal static ReportTable Create(ReportInput input)
    {
        var parts = new ReportParts(input);
        var metric = parts.Split == "test" ? "test/accuracy" : parts.Objective.Metric;
        var models = parts
            .Groups.GroupBy(group => Inference(group.Trials[0].Spec.Model))
            .Select(groups => new Model(groups, input.Speeds));
        var shown = models.ToList();
        return new(
            "efficiency",
            "Size, arithmetic, speed and memory",
            [
                new("model", "Model"),
                new("image_size", "Pixels", ColumnKind.Number, Decimals: 0),
                new("trunk_parameters_m", "Trunk (M)", ColumnKind.Number, Decimals: 3),
                new("parameters_m", "Parameters (M)", ColumnKind.Number, Decimals: 3),
                new("gmacs", "GMACs", ColumnKind.Number, Decimals: 3),
                new("checkpoint_mib", "Checkpoint (MiB)", ColumnKind.Number, Decimals: 1),
                new("latency_ms", "Latency (ms)", ColumnKind.Number),
                new("latency_quartiles_ms", "Its quartiles (ms)", ColumnKind.Interval),
                new(
                    "images_per_second",
                    $"Images/s in batches of {EfficiencyMeter.BatchImages}",
                    ColumnKind.Number,
                    Decimals: 1
                ),
                new(
                    "peak_memory_mib",
                    $"Memory, {EfficiencyMeter.BatchImages} images (MiB)",
                    ColumnKind.Number,
                    Decimals: 0
                ),
                new("train_images_per_second", "Training images/s", ColumnKind.Measure, Decimals: 1),
                ReportParts.MeasureColumn(metric),
                new("paper_parameters_m", "Paper: parameters (M)", ColumnKind.Number, Decimals: 1),
                new("paper_gflops", "Paper: GFLOPs", ColumnKind.Number),
            ],
            [.. shown.Select(model => model.Row(metric))],
            [
                $"Counted for one face and {ModelInfo.CountedClasses} classes; one multiply-accumulate is two FLOPs. Trunk: the backbones without fusion and heads. Checkpoint: every tensor of the state dictionary in 32-bit floats, without the file's header.",
                .. Conditions(shown, input.Speeds),
                "The paper's columns are its Table 3 as printed.",
                .. shown.Select(model => model.PaperNote).OfType<string>(),
                .. parts.Notes(metric),
            ]
        );
    }

    /// <summary>Where and when the speeds are from, and which are missing.</summary>
    private static IEnumerable<string> Conditions(List<Model> models, KeptSpeeds kept)
    {
        if (kept.Problem is { } problem)
            yield return problem;
        foreach (var speeds in models.Select(model => model.Speed).OfType<ModelSpeed>().GroupBy(s => s.Conditions))
        {
            var dates = speeds.Select(speed => speed.MeasuredAt.UtcDateTime.Date).Distinct().Order().ToList();
            var when = dates.Count == 1 ? $"{dates[0]:yyyy-MM-dd}" : $"{dates[0]:yyyy-MM-dd} to {dates[^1]:yyyy-MM-dd}";
            yield return $"Latency (one face), throughput and memory of {string.Join(", ", speeds.Select(s => s.Model))}: {speeds.Key}, measured {when}; medians of {speeds.Min(s => s.Single.Times.Repetitions)} passes or more after a warm-up. Memory is the most that tensors held, weights included.";
        }
        foreach (var speed in models.Select(model => model.Speed).OfType<ModelSpeed>())
            if (speed.BatchProblem is { } why)
                yield return $"{speed.Model}: {why}";
        var missing = models.Where(model => model.Speed is null).Select(model => model.Name).ToList();
        if (missing.Count > 0)
            yield return $"Not measured, or not with these settings: {string.Join(", ", missing)}. Registered models are measured on the models page or by ./sqsnet models --measure.";
    }

    /// <summary>The groups of one network.</summary>
    private sealed class Model
    {
        private readonly IGrouping<ModelSpec, TrialGroup> _groups;
        private readonly ModelSpec _spec;
        private readonly PaperCost? _paper;

        internal Model(IGrouping<ModelSpec, TrialGroup> groups, KeptSpeeds kept)
        {
            _groups = groups;
            _spec = groups.First().Trials[0].Spec.Model;
            Name = ArchitecturesReport.Name(groups.First()) + Variant(_spec);
            _paper = PaperCost.Of(Name);
            var isAsRegistered = groups.Key == Inference(new ModelSpec { Name = _spec.Name });
            Speed = isAsRegistered ? kept.Find(_spec.Name, ImageSize) : null;
        }

        internal string Name { get; }

        internal ModelSpeed? Speed { get; }

        internal string? PaperNote => _paper?.Note is { } note ? $"{Name}: {note}" : null;

        private int ImageSize => _groups.Key.ImageSize ?? 0;

        /// <summary>What else the specification says of the network, so that two rows of a model can be told apart.</summary>
        private static string Variant(ModelSpec spec) =>
            (spec.Width is { } width ? $", width {width}" : "")
            + (
                spec.Fusion is { } fusion
                    ? $", {SweepSpecJson.Word(fusion.Kind)}{(fusion.Heads > 1 ? $" {fusion.Heads} heads" : "")}{(fusion.Tied ? "" : " untied")}{(fusion.Residual ? " residual" : "")}"
                    : ""
            );

        internal ReportRow Row(string metric)
        {
            var cost = ModelRegistry.Count(_spec, ModelInfo.CountedClasses);
            var measured = new Measurement(metric, [.. _groups.SelectMany(group => group.Measure(metric).Values)]);
            var trainingSpeed = _groups
                .SelectMany(group => group.Completed)
                .Select(trial => trial.Latest.GetValueOrDefault(TrainingSpeedMetric, double.NaN))
                .Where(double.IsFinite);
            return new(
                [
                    Name,
                    ImageSize,
                    ModelRegistry.CountTrunks(_spec) / 1e6,
                    cost.Parameters / 1e6,
                    cost.Macs / 1e9,
                    cost.StateBytes / Mebibyte,
                    1000 * Speed?.Single.Times.MedianSeconds ?? double.NaN,
                    new IntervalCell(
                        Speed?.Single.Times is { } times
                            ? new(1000 * times.LowerQuartileSeconds, 1000 * times.UpperQuartileSeconds)
                            : null
                    ),
                    Speed?.Batch?.ImagesPerSecond ?? double.NaN,
                    Speed?.Batch?.PeakBytes / Mebibyte ?? double.NaN,
                    new MeasureCell(Summary.Of([.. trainingSpeed])),
                    new MeasureCell(measured.Summary),
                    _paper?.Parameters ?? double.NaN,
                    _paper?.Gflops ?? double.NaN,
                ],
                measured.TrialIds
            );
        }
    }

    /// <summary>What of a network decides its cost at inference: weights and the SQS module play no part.</summary>
    private static ModelSpec Inference(ModelSpec spec) =>
        ModelRegistry.Resolve(spec) with
        {
            Pretrained = null,
            SqsModule = false,
        };
}
