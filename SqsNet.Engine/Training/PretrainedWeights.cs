using SqsNet.Engine.Models;
using SqsNet.Torch;

namespace SqsNet.Engine.Training;

/// <summary>Starts a network from weights that were trained before: of the same network, or of one of its branches.</summary>
/// <remarks>
/// Files lie in the weights directory, put there by whoever runs the program: a specification, which may come from
/// anywhere, can name them but cannot reach outside. Keys are timm's. A head for other classes is drawn anew.
/// </remarks>
internal static class PretrainedWeights
{
    private const string Extension = ".safetensors";

    // A branch counts as meant when nearly all of its tensors are there: heads and position tables may differ.
    private const double Enough = 0.9;

    private static readonly string[] s_prefixes = ["", "cnn.", "swin."];

    /// <summary>Copies what fits into a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="directory">The weights directory.</param>
    /// <param name="name">Name of a file in it, with or without ".safetensors".</param>
    /// <returns>What was taken, for the log.</returns>
    /// <exception cref="FileNotFoundException">There is no such file; the message says where it is looked for.</exception>
    /// <exception cref="InvalidDataException">The file is damaged, or its tensors fit neither the model nor a branch.</exception>
    public static string Load(ImageModel model, string directory, string name)
    {
        var path = Find(directory, name);
        using var scope = torch.NewDisposeScope();
        var given = Safetensors.Load(path);
        var own = model.state_dict();
        var candidates = s_prefixes.Select(prefix => (Prefix: prefix, Fitting: Fitting(given, own, prefix))).ToArray();
        var meant = candidates.Where(c => c.Fitting.Count >= Enough * Wanted(own, c.Prefix)).ToArray();
        if (meant.Length == 0)
            throw new InvalidDataException(
                $"The pretrained weights '{name}' fit neither {model.ModelName} nor one of its branches: at most "
                    + $"{candidates.Max(c => c.Fitting.Count)} of its {own.Count} tensors are there in the same shape. "
                    + $"First keys of the file: {string.Join(", ", given.Keys.Take(3))}."
            );
        var taken = meant.MaxBy(c => c.Fitting.Count);
        model.load_state_dict(taken.Fitting, strict: false);
        var part = taken.Prefix.Length == 0 ? "the network" : $"the branch \"{taken.Prefix.TrimEnd('.')}\"";
        return $"Starts from the pretrained weights '{name}': {taken.Fitting.Count} of {own.Count} tensors, {part}.";
    }

    private static string Find(string directory, string name)
    {
        var file = name.EndsWith(Extension, StringComparison.Ordinal) ? name : name + Extension;
        // No separators and no "..": what a specification names stays inside.
        var path = Path.GetFileName(file) == file ? Path.Combine(directory, file) : null;
        return path is not null && File.Exists(path)
            ? path
            : throw new FileNotFoundException(
                $"There are no pretrained weights '{name}'. Put {Path.GetFileName(file)} into {directory}."
            );
    }

    private static Dictionary<string, Tensor> Fitting(
        OrderedDictionary<string, Tensor> given,
        OrderedDictionary<string, Tensor> own,
        string prefix
    ) =>
        given
            .Where(pair =>
                own.TryGetValue(prefix + pair.Key, out var tensor) && tensor.shape.SequenceEqual(pair.Value.shape)
            )
            .ToDictionary(pair => prefix + pair.Key, pair => pair.Value);

    private static int Wanted(OrderedDictionary<string, Tensor> own, string prefix) =>
        Math.Max(1, own.Keys.Count(key => key.StartsWith(prefix, StringComparison.Ordinal)));
}
