using SqsNet.Engine.Models;
using SqsNet.Engine.Randomness;
using SqsNet.Engine.Similarity;
using SqsNet.Engine.Training;
using SqsNet.Torch;

namespace SqsNet.Engine.Evaluation;

/// <summary>A network made for a file of weights, and filled with all of them.</summary>
internal static class WeightsModel
{
    /// <summary>The network asked for; what is left open of it comes from weights of the same network.</summary>
    /// <exception cref="ArgumentException">Neither the request nor the weights name a model.</exception>
    internal static ModelSpec Spec(ModelSpec? asked, WeightsInfo? info)
    {
        if (asked is null)
            return info?.Model
                ?? throw new ArgumentException(
                    "The weights do not say which model they are of; name it.",
                    nameof(asked)
                );
        return info?.Model.Name != asked.Name
            ? asked
            : asked with
            {
                Cnn = asked.Cnn ?? info.Model.Cnn,
                Transformer = asked.Transformer ?? info.Model.Transformer,
                Fusion = asked.Fusion ?? info.Model.Fusion,
                Width = asked.Width ?? info.Model.Width,
                ImageSize = asked.ImageSize ?? info.Model.ImageSize,
                Normalization = asked.Normalization ?? info.Model.Normalization,
            };
    }

    /// <summary>Builds the network and fills it; a head that the file does not fill is an error.</summary>
    /// <param name="path">The file.</param>
    /// <param name="spec">The network.</param>
    /// <param name="info">What the file says about itself.</param>
    /// <param name="classes">Classes; null takes as many as the file's classifier has.</param>
    /// <returns>The network on the CPU, in evaluation mode.</returns>
    /// <exception cref="InvalidDataException">The file is damaged, or the weights are of another network.</exception>
    internal static ImageModel Load(string path, ModelSpec spec, WeightsInfo? info, int? classes)
    {
        using var scope = torch.NewDisposeScope();
        var entries = WeightsFile.Load(path);
        var count =
            classes
            ?? PretrainedWeights.FindClasses(entries)
            ?? throw new InvalidDataException($"The weights at {path} have no classifier.");
        // The weights are loaded over whatever is drawn here.
        var model = ModelRegistry.Create(
            spec with
            {
                Pretrained = null,
            },
            info?.Sqs ?? new SqsSpec(),
            count,
            new Rng(0, "overwritten")
        );
        try
        {
            var loaded = PretrainedWeights.Fill(model, Path.GetFileName(path), entries);
            if (loaded.Fresh.Count > 0)
                throw new InvalidDataException(
                    $"The weights at {path} do not fill the head of {spec.Name} for {count} classes: {string.Join(", ", loaded.Fresh)}."
                );
            model.eval();
            return model;
        }
        catch (WeightsMismatchException other)
        {
            model.Dispose();
            throw new InvalidDataException($"The weights at {path} are not of {spec.Name}. {other.Message}", other);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }
}
