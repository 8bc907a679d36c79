using SqsNet.Engine.Data;
using SqsNet.Engine.Events;
using SqsNet.Engine.Executors;
using SqsNet.Engine.Models;
using SqsNet.Engine.Training;
using SqsNet.Torch;

namespace SqsNet.Engine.Evaluation;

/// <summary>What to evaluate.</summary>
public sealed record EvaluationRequest
{
    /// <summary>A file of weights: a trial's best.safetensors, or weights from elsewhere under timm's or torchvision's keys.</summary>
    public required string Weights { get; init; }

    /// <summary>Name of a registered dataset.</summary>
    public required string Dataset { get; init; }

    /// <summary>The network; what is left open, or null, comes from what the weights say about themselves.</summary>
    public ModelSpec? Model { get; init; }

    /// <summary>Which faces.</summary>
    public DatasetSplit Split { get; init; } = DatasetSplit.Test;

    /// <summary>Views of test-time augmentation: 1 (none) or 5, which adds metrics with the suffix "_tta".</summary>
    public int Tta { get; init; } = 1;

    /// <summary>Where: "cpu", "cuda", "cuda:1" or "auto".</summary>
    public string Device { get; init; } = Devices.Auto;
}

/// <summary>What an evaluation found.</summary>
public sealed record EvaluationReport
{
    /// <summary>The network.</summary>
    public required string Model { get; init; }

    /// <summary>The dataset.</summary>
    public required string Dataset { get; init; }

    /// <summary>Which of its faces: "train", "val" or "test".</summary>
    public required string Split { get; init; }

    /// <summary>How many faces.</summary>
    public required int Faces { get; init; }

    /// <summary>Class names, in the order of <see cref="Confusion"/>.</summary>
    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>Metrics by name, as trials report them: "test/accuracy", "test/accuracy_tta".</summary>
    public required IReadOnlyDictionary<string, double> Metrics { get; init; }

    /// <summary>Counts without test-time augmentation, row = true class, column = predicted class.</summary>
    public required IReadOnlyList<IReadOnlyList<int>> Confusion { get; init; }

    /// <summary>
    /// How often these weights have been held against the test split by evaluations apart from their trial, this one
    /// included; null where it was another split, or weights from elsewhere.
    /// </summary>
    public int? TestLooks { get; init; }

    /// <summary>Faces per second without test-time augmentation.</summary>
    public required double FacesPerSecond { get; init; }
}

/// <summary>Evaluates trained or imported weights on a dataset, apart from any trial.</summary>
/// <param name="datasets">The registered datasets.</param>
/// <param name="options">What of the machine it may use.</param>
/// <param name="clock">The time.</param>
public sealed class WeightsEvaluation(DatasetRegistry datasets, EngineOptions options, TimeProvider clock)
{
    /// <summary>Evaluates on the calling thread.</summary>
    /// <exception cref="ArgumentException">
    /// The request names no model and the weights do not either, the classes of weights and dataset differ, the dataset has
    /// changed since the weights were trained on it, the split is empty, or there is no such device.
    /// </exception>
    /// <exception cref="FileNotFoundException">There are no such weights.</exception>
    /// <exception cref="InvalidDataException">The file is no file of weights, it is damaged, or the weights are of another network.</exception>
    public EvaluationReport Run(EvaluationRequest request)
    {
        if (request.Tta is not (1 or 5))
            throw new ArgumentException(
                $"Test-time augmentation has 1 or 5 views, not {request.Tta}.",
                nameof(request)
            );
        if (!File.Exists(request.Weights))
            throw new FileNotFoundException($"There are no weights at {request.Weights}.", request.Weights);
        var device = Devices.Resolve(request.Device);
        TorchRuntime.Initialize(options.Threads > 0 ? options.Threads : Environment.ProcessorCount);
        var info = BestWeights.ReadInfo(request.Weights);
        var spec = WeightsModel.Spec(request.Model, info);
        using var dataset = datasets.Open(request.Dataset);
        RequireSameClasses(info, dataset.Info);
        RequireSameFaces(info, dataset.Info);
        var faces = Faces(dataset, request.Split, info?.ValidationFraction ?? 0);
        if (faces.Count == 0)
            throw new ArgumentException(
                $"The dataset '{request.Dataset}' has no {Name(request.Split)} faces.",
                nameof(request)
            );

        using var scope = torch.NewDisposeScope();
        using var model = WeightsModel.Load(request.Weights, spec, info, dataset.Info.Classes.Count);
        model.to(device);
        var batches = new BatchBuilder(dataset, model.ImageSize, device, model.Normalization);

        var looks =
            request.Split == DatasetSplit.Test && info is not null ? NoteLook(request, info, faces.Count) : null;
        var started = clock.GetTimestamp();
        var split = Name(request.Split);
        var plain = Evaluator.Evaluate(model, batches, faces)!;
        var seconds = clock.GetElapsedTime(started).TotalSeconds;
        var metrics = new Dictionary<string, double>(
            SplitMetrics.Of(split, plain.Confusion, plain.Loss, dataset.Info.Classes)
        );
        AddParts(plain, tta: false);
        if (request.Tta > 1)
        {
            var views = Evaluator.Evaluate(model, batches, faces, request.Tta)!;
            foreach (
                var (name, value) in SplitMetrics.Of(
                    split,
                    views.Confusion,
                    views.Loss,
                    dataset.Info.Classes,
                    tta: true
                )
            )
                metrics[name] = value;
            AddParts(views, tta: true);
        }
        return new()
        {
            TestLooks = looks,
            Model = spec.Name,
            Dataset = request.Dataset,
            Split = split,
            Faces = faces.Count,
            Classes = dataset.Info.Classes,
            Metrics = metrics,
            Confusion = plain.Confusion.ToCounts(),
            FacesPerSecond = faces.Count / Math.Max(seconds, 1e-9),
        };

        void AddParts(EvaluationResult result, bool tta)
        {
            if (request.Split != DatasetSplit.Test)
                return;
            foreach (var (name, value) in TestParts.Metrics(split, dataset, faces, result, tta))
                metrics[name] = value;
        }
    }

    /// <summary>Every look at the test split is noted beside the weights before it happens.</summary>
    /// <exception cref="ArgumentException">The note cannot be written.</exception>
    private int? NoteLook(EvaluationRequest request, WeightsInfo info, int faces)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(request.Weights))!;
        var weights = Path.GetFileNameWithoutExtension(request.Weights);
        try
        {
            TestLooks.Append(
                folder,
                new TestLooked("eval", weights, info.Epoch, request.Tta, faces) { At = clock.GetUtcNow() }
            );
            return TestLooks.Read(folder).Count;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ArgumentException(
                $"Looks at the test split are noted in {Path.Combine(folder, TestLooks.FileName)}, which cannot be written: {error.Message} Make it writable, copy the weights elsewhere, or evaluate --split val.",
                nameof(request),
                error
            );
        }
    }

    private static IReadOnlyList<int> Faces(FaceDataset dataset, DatasetSplit split, double validationFraction)
    {
        var splits = TrialSplits.Of(dataset, validationFraction);
        return split switch
        {
            DatasetSplit.Train => splits.Train,
            DatasetSplit.Validation => splits.Validation,
            _ => splits.Test,
        };
    }

    private static string Name(DatasetSplit split) =>
        split switch
        {
            DatasetSplit.Train => "train",
            DatasetSplit.Validation => "val",
            _ => "test",
        };

    private static void RequireSameClasses(WeightsInfo? info, DatasetInfo dataset)
    {
        if (info is not null && !info.Classes.SequenceEqual(dataset.Classes))
            throw new ArgumentException(
                $"The weights tell {string.Join(", ", info.Classes)} apart; the dataset '{dataset.Name}' has "
                    + $"{string.Join(", ", dataset.Classes)}. Names and order must be equal.",
                nameof(dataset)
            );
    }

    /// <summary>Test faces of a dataset that was made anew may be among those that the weights learned from.</summary>
    private static void RequireSameFaces(WeightsInfo? info, DatasetInfo dataset)
    {
        if (info?.Dataset == dataset.Name && info.DatasetHash.Length > 0 && info.DatasetHash != dataset.Hash)
            throw new ArgumentException(
                $"The dataset '{dataset.Name}' has other faces, labels or splits than when these weights were trained on it: "
                    + "what they learned from may be among its test faces now. Import the old one again, or import what is "
                    + "there now under a name of its own to evaluate on it all the same.",
                nameof(dataset)
            );
    }
}
