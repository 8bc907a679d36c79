using SqsNet.Engine.Data;
using SqsNet.Engine.Executors;
using SqsNet.Engine.Models;
using SqsNet.Engine.Training;
using SqsNet.Torch;

namespace SqsNet.Engine.Evaluation;

/// <summary>What to classify images with.</summary>
public sealed record ClassifierRequest
{
    /// <summary>A file of weights: a trial's best.safetensors, or weights from elsewhere under timm's or torchvision's keys.</summary>
    public required string Weights { get; init; }

    /// <summary>The network; what is left open, or null, comes from what the weights say about themselves.</summary>
    public ModelSpec? Model { get; init; }

    /// <summary>A text file with the name of a class on each line; null takes the weights' own names, or numbers.</summary>
    public string? Labels { get; init; }

    /// <summary>Where: "cpu", "cuda", "cuda:1" or "auto".</summary>
    public string Device { get; init; } = Devices.Auto;
}

/// <summary>A class that an image may be of.</summary>
/// <param name="Class">Its number, from 0.</param>
/// <param name="Label">Its name.</param>
/// <param name="Probability">Its share of the softmax, 0..1.</param>
/// <param name="Logit">Its score.</param>
public sealed record ClassScore(int Class, string Label, double Probability, double Logit);

/// <summary>Tells what single images show, by weights that are at hand. Not for several threads at once.</summary>
public sealed class ImageClassifier : IDisposable
{
    // TensorFlow's lists of ImageNet's classes begin with one that its published weights drop.
    private const string Background = "background";

    private readonly ImageModel _model;
    private readonly WeightsInfo? _info;
    private readonly Device _device;

    private ImageClassifier(ImageModel model, WeightsInfo? info, Device device, IReadOnlyList<string> labels)
    {
        _model = model;
        _info = info;
        _device = device;
        Labels = labels;
    }

    /// <summary>Names of the classes, in order of the scores.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>Name of the network.</summary>
    public string ModelName => _model.ModelName;

    /// <summary>Builds the network, fills it and reads the names.</summary>
    /// <param name="request">What to use.</param>
    /// <param name="threads">Threads of the arithmetic; 0 takes every core.</param>
    /// <exception cref="ArgumentException">Neither request nor weights name a model, or there is no such device.</exception>
    /// <exception cref="FileNotFoundException">There are no such weights or names.</exception>
    /// <exception cref="InvalidDataException">
    /// The weights are damaged or of another network, or there are not as many names as classes.
    /// </exception>
    public static ImageClassifier Open(ClassifierRequest request, int threads = 0)
    {
        if (!File.Exists(request.Weights))
            throw new FileNotFoundException($"There are no weights at {request.Weights}.", request.Weights);
        var device = Devices.Resolve(request.Device);
        TorchRuntime.Initialize(threads > 0 ? threads : Environment.ProcessorCount);
        var info = BestWeights.ReadInfo(request.Weights);
        var names = request.Labels is { } file ? ReadLabels(file) : info?.Classes;
        var model = WeightsModel.Load(
            request.Weights,
            WeightsModel.Spec(request.Model, info),
            info,
            info?.Classes.Count
        );
        try
        {
            var labels = Match(names, model.Classes, request.Labels);
            model.to(device);
            return new(model, info, device, labels);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>The likeliest classes of an image, likeliest first.</summary>
    /// <param name="image">A whole JPEG, PNG or BMP file. As at import, images that are not square are stretched.</param>
    /// <param name="top">How many classes; all where there are fewer.</param>
    /// <exception cref="InvalidDataException">The image is damaged, too large, or of a kind that is not read.</exception>
    public IReadOnlyList<ClassScore> Classify(ReadOnlySpan<byte> image, int top)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(top, 1);
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        var logits = _model.call(Load(image)).to(ScalarType.Float64)[0]; // (K)
        var probabilities = torch.nn.functional.softmax(logits, 0).ToArray<double>();
        var scores = logits.ToArray<double>();
        return
        [
            .. Enumerable
                .Range(0, scores.Length)
                .OrderByDescending(k => scores[k])
                .Take(top)
                .Select(k => new ClassScore(k, Labels[k], probabilities[k], scores[k])),
        ];
    }

    /// <inheritdoc/>
    public void Dispose() => _model.Dispose();

    /// <summary>The image as the network takes it, shape (1, 3, S, S): like the faces that it was trained on.</summary>
    private Tensor Load(ReadOnlySpan<byte> image)
    {
        var (width, height, channels) = _info is { FaceChannels: > 0 }
            ? (_info.FaceWidth, _info.FaceHeight, _info.FaceChannels)
            : (_model.ImageSize, _model.ImageSize, 3);
        byte[] pixels;
        try
        {
            pixels = ImageFile.Decode(image, channels, width, height);
        }
        catch (FaceProblemException problem)
        {
            throw new InvalidDataException(problem.Message, problem);
        }
        var bytes = torch.tensor<byte>(pixels, [1, height, width, channels], _device);
        return _model.Normalization.Apply(BatchBuilder.ToInput(bytes, _model.ImageSize));
    }

    private static List<string> ReadLabels(string path)
    {
        if (!File.Exists(path))
            throw new FileNotFoundException($"There are no names of classes at {path}.", path);
        var names = File.ReadAllLines(path).Select(line => line.Trim()).ToList();
        // The end of the last line is not a class.
        while (names.Count > 0 && names[^1].Length == 0)
            names.RemoveAt(names.Count - 1);
        return names;
    }

    private static IReadOnlyList<string> Match(IReadOnlyList<string>? names, int classes, string? file)
    {
        if (names is null)
            return [.. Enumerable.Range(0, classes).Select(k => $"class {k}")];
        if (names.Count == classes + 1 && names[0] == Background)
            return [.. names.Skip(1)];
        return names.Count == classes
            ? names
            : throw new InvalidDataException(
                $"{file} names {names.Count} classes; the weights tell {classes} apart. It needs one name a line, in order of the scores."
            );
    }
}
