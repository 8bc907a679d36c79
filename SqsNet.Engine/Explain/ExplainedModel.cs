using SqsNet.Engine.Data;
using SqsNet.Engine.Executors;
using SqsNet.Engine.Models;
using SqsNet.Engine.Randomness;
using SqsNet.Engine.Training;
using SqsNet.Torch;
using static SqsNet.Torch.torch;

namespace SqsNet.Engine.Explain;

/// <summary>A trial's best weights, loaded to look at pictures with. For one thread.</summary>
internal sealed class ExplainedModel : IDisposable
{
    private readonly WeightsInfo _info;
    private readonly FaceDataset _dataset;
    private readonly ImageModel _model;
    private readonly BatchBuilder _batches;

    private ExplainedModel(long trialId, string stamp, WeightsInfo info, FaceDataset dataset, Device device)
    {
        (TrialId, Stamp, _info, _dataset) = (trialId, stamp, info, dataset);
        var spec = info.Model with { Pretrained = null };
        // The weights are loaded over whatever is drawn here.
        _model = ModelRegistry.Create(spec, info.Sqs, info.Classes.Count, new Rng(0, "overwritten"));
        _model.to(device);
        _model.eval();
        _batches = new BatchBuilder(dataset, _model.ImageSize, device, _model.Normalization);
        var splits = TrialSplits.Of(dataset, info.ValidationFraction);
        Train = splits.Train;
        Inspected = splits.Validation.Count > 0 ? splits.Validation : splits.Train;
    }

    /// <summary>The trial.</summary>
    public long TrialId { get; }

    /// <summary>Names these weights and these faces: another stamp means that what was computed of them is stale.</summary>
    public string Stamp { get; }

    /// <summary>Indices of the faces that it was trained on.</summary>
    public IReadOnlyList<int> Train { get; }

    /// <summary>Indices of the faces that quads are chosen from: the validation split, or the training split where there is none.</summary>
    public IReadOnlyList<int> Inspected { get; }

    /// <summary>Class names.</summary>
    public IReadOnlyList<string> Classes => _info.Classes;

    /// <summary>Epoch of the weights.</summary>
    public int Epoch => _info.Epoch;

    /// <summary>Features of those faces, once they were needed.</summary>
    public FaceIndex? Index { get; set; }

    /// <summary>What <see cref="TrialExplainer.ClassMapsAsync"/> found, once it was asked.</summary>
    public ClassMaps? ClassMaps { get; set; }

    /// <summary>Class of a face.</summary>
    public int Label(int face) => _dataset.Label(face);

    /// <summary>What <see cref="Stamp"/> would be if the trial were loaded now.</summary>
    /// <exception cref="InvalidOperationException">The trial has no weights, or its dataset is gone.</exception>
    public static string StampOf(long trialId, EngineOptions options, DatasetRegistry datasets) =>
        Describe(trialId, options, datasets).Stamp;

    /// <summary>Loads a trial's best weights.</summary>
    /// <exception cref="InvalidOperationException">The trial has no weights, or its dataset is gone or another.</exception>
    /// <exception cref="InvalidDataException">The weights are damaged.</exception>
    public static ExplainedModel Load(long trialId, EngineOptions options, DatasetRegistry datasets)
    {
        TorchRuntime.Initialize(options.Threads > 0 ? options.Threads : Environment.ProcessorCount);
        var device = Devices.Resolve(options.Device);
        var (path, info, stamp) = Describe(trialId, options, datasets);
        var loaded = new ExplainedModel(trialId, stamp, info, datasets.Open(info.Dataset), device);
        try
        {
            BestWeights.Load(path, loaded._model);
            return loaded;
        }
        catch (Exception failure)
        {
            loaded.Dispose();
            if (failure is not StateDictException)
                throw;
            throw new InvalidDataException(
                $"{path} does not hold the weights of {info.Model.Name}. {failure.Message}",
                failure
            );
        }
    }

    /// <summary>Looks at one picture.</summary>
    /// <param name="picture">A whole image file; the largest part in its middle with the shape of a face is taken.</param>
    /// <exception cref="InvalidDataException">It cannot be decoded.</exception>
    public FaceExplanation Explain(byte[] picture)
    {
        using var scope = NewDisposeScope();
        var image = _batches.Image(Decode(picture)); // (1, 3, S, S)
        var (logits, maps) = GradCam.Of(_model, image); // (1, K), (1, K, H, W)
        using var noGrad = no_grad();
        var views = TestTimeAugmentation.Views(image, 5).Select(_model.call).ToArray();
        var width = (int)maps.size(3);
        return new()
        {
            TrialId = TrialId,
            Stamp = Stamp,
            Epoch = _info.Epoch,
            Classes = _info.Classes,
            Probabilities = nn.functional.softmax(logits, -1).ToArray<float>(),
            ProbabilitiesTta = TestTimeAugmentation.Average(views).ToArray<float>(),
            GradCam = [.. maps.select(0, 0).unbind(0).Select(map => map.ToArray<float>().Chunk(width).ToArray())],
            Feature = Direction(_model.ForwardFeatures(image)).ToArray<float>(),
        };
    }

    /// <summary>Pooled features of faces, each of length 1.</summary>
    /// <param name="faces">Indices of B faces.</param>
    /// <returns>B rows, one behind the other.</returns>
    public float[] Features(IReadOnlyList<int> faces)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        return Direction(_model.ForwardFeatures(_batches.Images(faces))).ToArray<float>();
    }

    /// <summary>The maps of four faces as a quad.</summary>
    /// <param name="quad">Indices of A, P, N1 and N2.</param>
    /// <exception cref="ArgumentOutOfRangeException">The dataset has no such face.</exception>
    /// <exception cref="InvalidOperationException">The trial has no SQS module.</exception>
    public SimilarityMaps Maps(IReadOnlyList<int> quad)
    {
        foreach (var face in quad)
            if (face < 0 || face >= _dataset.Count)
                throw new ArgumentOutOfRangeException(
                    nameof(quad),
                    $"There is no face {face}: {_info.Dataset} has the faces 0 to {_dataset.Count - 1}."
                );
        using var scope = NewDisposeScope();
        return QuadMaps.Compute(Network, _batches.Images(quad), _info.Sqs)[0];
    }

    /// <summary>An empty gathering of faces, to compare them with one another.</summary>
    /// <exception cref="InvalidOperationException">The trial has no SQS module.</exception>
    public FaceFeatures Gather() => new(Stamp, Network, _info.Sqs);

    /// <summary>Adds faces to a gathering.</summary>
    public void Add(FaceFeatures features, IReadOnlyList<int> faces)
    {
        using var scope = NewDisposeScope();
        features.Add(faces, faces.Select(_dataset.Label), _batches.Images(faces));
    }

    private SqsNetModel Network =>
        _model as SqsNetModel
        ?? throw new InvalidOperationException(
            $"Trial {TrialId} has no SQS module, so its faces have no similarity maps."
        );

    /// <inheritdoc/>
    public void Dispose()
    {
        _model.Dispose();
        _dataset.Dispose();
    }

    private Tensor Direction(Tensor features)
    {
        var pooled = _model.PoolFeatures(features); // (B, C)
        return pooled / pooled.square().sum([1], keepdim: true).sqrt().clamp_min(1e-12);
    }

    /// <summary>A picture in the size and channels of the dataset's faces, as an import would have stored it.</summary>
    private byte[] Decode(byte[] picture)
    {
        var face = _dataset.Info;
        try
        {
            var header = ImageFile.Probe(picture);
            var scale = Math.Min((double)header.Width / face.Width, (double)header.Height / face.Height);
            var (width, height) = (face.Width * scale, face.Height * scale);
            var middle = new ImageBox((header.Width - width) / 2, (header.Height - height) / 2, width, height);
            return ImageFile.Decode(picture, face.Channels, face.Width, face.Height, middle);
        }
        catch (FaceProblemException problem)
        {
            throw new InvalidDataException(
                $"The picture cannot be read: {problem.Message}. Give a JPEG, PNG or BMP file.",
                problem
            );
        }
    }

    private static (string Path, WeightsInfo Info, string Stamp) Describe(
        long trialId,
        EngineOptions options,
        DatasetRegistry datasets
    )
    {
        var path = Path.Combine(options.TrialDirectory(trialId), BestWeights.FileName);
        var file = new FileInfo(path);
        if (!file.Exists)
            throw new InvalidOperationException(
                $"Trial {trialId} has no weights yet: they are kept at the end of each epoch that is the best so far."
            );
        var info =
            BestWeights.ReadInfo(path)
            ?? throw new InvalidDataException($"{path} does not say which network it is of: it is not a trial's file.");
        var dataset =
            datasets.Find(info.Dataset)
            ?? throw new InvalidOperationException(
                $"Trial {trialId} was trained on the dataset '{info.Dataset}', which is gone: import it again under this name."
            );
        if (!dataset.Classes.SequenceEqual(info.Classes))
            throw new InvalidOperationException(
                $"The dataset '{info.Dataset}' has other classes than when trial {trialId} was trained."
            );
        var stamp = FormattableString.Invariant(
            $"{info.Epoch} {info.Step} {file.Length} {file.LastWriteTimeUtc.Ticks} {dataset.Hash}"
        );
        return (path, info, stamp);
    }
}
