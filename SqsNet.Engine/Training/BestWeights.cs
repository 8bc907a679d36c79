using System.Text.Json;
using SqsNet.Engine.Models;
using SqsNet.Engine.Similarity;
using SqsNet.Engine.Sweeps;
using SqsNet.Torch;

namespace SqsNet.Engine.Training;

/// <summary>What a file of weights says about itself.</summary>
public sealed record WeightsInfo
{
    /// <summary>The network, with every value settled.</summary>
    public required ModelSpec Model { get; init; }

    /// <summary>The SQS module that it was trained with.</summary>
    public required SqsSpec Sqs { get; init; }

    /// <summary>Name of the dataset that it was trained on.</summary>
    public required string Dataset { get; init; }

    /// <summary>The dataset's hash then; empty in files of before it was kept.</summary>
    public string DatasetHash { get; init; } = "";

    /// <summary>Width of the dataset's faces in pixels; 0 in files of before it was kept.</summary>
    public int FaceWidth { get; init; }

    /// <summary>Height of the dataset's faces in pixels; 0 in files of before it was kept.</summary>
    public int FaceHeight { get; init; }

    /// <summary>Channels of the dataset's faces, 1 (gray) or 3; 0 in files of before they were kept.</summary>
    public int FaceChannels { get; init; }

    /// <summary>Class names, in order of the scores.</summary>
    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>Share of each class that was held out where the dataset has no validation split.</summary>
    public double ValidationFraction { get; init; }

    /// <summary>Epoch that the weights are from, 1-based.</summary>
    public int Epoch { get; init; }

    /// <summary>Optimizer steps until then.</summary>
    public long Step { get; init; }

    /// <summary>Metric that the epoch was chosen by.</summary>
    public string Metric { get; init; } = "";

    /// <summary>Its value; null when there was none.</summary>
    public double? Value { get; init; }
}

/// <summary>best.safetensors: the weights of the best epoch, under timm's key names, with what they are in the header.</summary>
internal static class BestWeights
{
    /// <summary>Name of the file in a trial's folder.</summary>
    public const string FileName = "best.safetensors";

    private const string InfoKey = "sqsnet";

    /// <summary>Writes the weights; the file appears whole or not at all.</summary>
    /// <returns>Its size in bytes.</returns>
    public static long Save(string path, ImageModel model, WeightsInfo info)
    {
        var metadata = new Dictionary<string, string>
        {
            ["format"] = "pt",
            [InfoKey] = JsonSerializer.Serialize(info, SweepSpecJson.Options),
        };
        Safetensors.Save(path, model.state_dict(), metadata);
        DurableFile.FlushDirectory(Path.GetDirectoryName(path)!);
        return new FileInfo(path).Length;
    }

    /// <summary>What the file says about itself; null when it is not one of ours.</summary>
    /// <exception cref="InvalidDataException">The file is not a safetensors file, or its header is damaged.</exception>
    public static WeightsInfo? ReadInfo(string path)
    {
        if (!WeightsFile.ReadMetadata(path).TryGetValue(InfoKey, out var json))
            return null;
        try
        {
            return JsonSerializer.Deserialize<WeightsInfo>(json, SweepSpecJson.Options);
        }
        catch (JsonException malformed)
        {
            throw new InvalidDataException($"{path} describes itself wrongly: {malformed.Message}", malformed);
        }
    }

    /// <summary>Copies the weights into a model; every key must be there and no other.</summary>
    /// <exception cref="InvalidDataException">The file is damaged, or no file of weights.</exception>
    /// <exception cref="StateDictException">The weights are of another model.</exception>
    public static void Load(string path, ImageModel model)
    {
        using var scope = torch.NewDisposeScope();
        model.load_state_dict(WeightsFile.Load(path));
    }
}
