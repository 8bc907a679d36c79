using SqsNet.Torch;

namespace SqsNet.Engine.Models;

/// <summary>What a file of weights did to a network.</summary>
/// <param name="File">The file's name.</param>
/// <param name="Part">Which part of the network it filled: "" for the whole, "cnn" or "swin" for a branch.</param>
/// <param name="Loaded">Entries that were copied.</param>
/// <param name="Fresh">Entries of a head that keep their freshly drawn values, because the file's do not fit or are absent.</param>
/// <param name="Ignored">Entries of the file that the network has no use for: heads that it lacks, and buffers that it computes.</param>
public sealed record LoadedWeights(
    string File,
    string Part,
    int Loaded,
    IReadOnlyList<string> Fresh,
    IReadOnlyList<string> Ignored
)
{
    /// <summary>One line for a trial's log.</summary>
    public string Describe()
    {
        var part = Part.Length == 0 ? "the network" : $"the branch \"{Part}\"";
        var fresh = Fresh.Count == 0 ? "" : $"; drawn anew: {string.Join(", ", Fresh)}";
        return $"Starts {part} from '{File}': {Loaded} tensors{fresh}.";
    }
}

/// <summary>Loads published or own weights (.safetensors, or PyTorch's .pth and .pt) into a network.</summary>
/// <remarks>
/// Files lie in the data directory's "weights" folder and are named, never given as a path, so that a specification
/// from the network cannot reach other files. Keys are timm's or torchvision's. Loading is strict: every entry
/// outside the head must be there with its shape, and nothing may be left over.
/// </remarks>
public static class PretrainedWeights
{
    /// <summary>The names in a specification, which joins them by "+": one for each part that is to be filled.</summary>
    public static IReadOnlyList<string> Names(string pretrained) =>
        pretrained.Split('+', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Whether a name can be a file's: letters, digits, dots, dashes and underscores, not starting with a dot.</summary>
    public static bool IsName(string name) =>
        name.Length is > 0 and <= 200
        && name[0] != '.'
        && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_');

    /// <summary>The names of the files in the weights folder, sorted; .safetensors without their extension.</summary>
    public static IReadOnlyList<string> List(string directory)
    {
        var folder = new DirectoryInfo(directory);
        return folder.Exists
            ?
            [
                .. folder
                    .EnumerateFiles()
                    .Where(file => WeightsFile.Extensions.Contains(file.Extension))
                    .Select(file =>
                        file.Extension == WeightsFile.Extensions[0]
                            ? Path.GetFileNameWithoutExtension(file.Name)
                            : file.Name
                    )
                    .Order(StringComparer.Ordinal),
            ]
            : [];
    }

    /// <summary>Loads every file that a specification names.</summary>
    /// <param name="model">The network.</param>
    /// <param name="directory">The weights folder.</param>
    /// <param name="pretrained">Names joined by "+", with or without the extension.</param>
    /// <returns>What each file did, in order.</returns>
    /// <exception cref="FileNotFoundException">There is no file of that name.</exception>
    /// <exception cref="WeightsMismatchException">A file does not fit; carries every difference.</exception>
    public static IReadOnlyList<LoadedWeights> Load(ImageModel model, string directory, string pretrained) =>
        [.. Names(pretrained).Select(name => LoadFile(model, FindFile(name, directory)))];

    /// <summary>Loads one file.</summary>
    /// <param name="model">The network.</param>
    /// <param name="path">A file of any format that <see cref="WeightsFile"/> reads. For a whole network it may hold the whole or one branch.</param>
    /// <exception cref="InvalidDataException">The file is damaged, or no file of weights.</exception>
    /// <exception cref="WeightsMismatchException">The file does not fit; carries every difference.</exception>
    public static LoadedWeights LoadFile(ImageModel model, string path)
    {
        using var scope = torch.NewDisposeScope();
        var entries = WeightsFile.Load(path);
        var (part, prefix, heads, translated) = Match(model, entries);
        var own = model.state_dict().Where(entry => entry.Key.StartsWith(prefix, StringComparison.Ordinal)).ToArray();
        var known = own.Select(entry => entry.Key).ToHashSet();

        var plan = new List<(Tensor Target, Tensor Source)>();
        var (missing, misshapen, fresh) = (new List<string>(), new List<string>(), new List<string>());
        foreach (var (key, target) in own)
        {
            var local = key[prefix.Length..];
            var inHead = heads.Any(head => local.StartsWith(head, StringComparison.Ordinal));
            if (!translated.TryGetValue(local, out var source))
            {
                if (inHead)
                    fresh.Add(key);
                else if (!IsCounter(key))
                    missing.Add(key);
            }
            else if (source.shape.AsSpan().SequenceEqual(target.shape))
                plan.Add((target, source));
            else if (inHead)
                fresh.Add(key);
            else
                misshapen.Add($"{key}: {Shape(source)} in the file, {Shape(target)} needed");
        }
        var left = translated.Keys.Where(key => !known.Contains(prefix + key)).ToLookup(key => IsIgnorable(key, heads));
        if (missing.Count > 0 || misshapen.Count > 0 || left[false].Any())
            throw new WeightsMismatchException(
                Path.GetFileName(path),
                model.ModelName,
                missing,
                [.. left[false]],
                misshapen
            );

        using (torch.no_grad())
        {
            foreach (var (target, source) in plan)
                target.copy_(source);
        }
        return new LoadedWeights(Path.GetFileName(path), part, plan.Count, fresh, [.. left[true]]);
    }

    private static string FindFile(string name, string directory)
    {
        if (!IsName(name))
            throw new FileNotFoundException($"'{name}' cannot be the name of a file of weights.");
        return WeightsFile
                .Extensions.Prepend("")
                .Select(extension => Path.Combine(directory, name + extension))
                .FirstOrDefault(File.Exists)
            ?? throw new FileNotFoundException(
                $"There are no weights '{name}' in {directory}. There: {string.Join(", ", List(directory))}."
            );
    }

    /// <summary>Which part of the network the file is for, and the file's entries under that part's own keys.</summary>
    private static (string Part, string Prefix, IReadOnlyList<string> Heads, Dictionary<string, Tensor> Entries) Match(
        ImageModel model,
        IReadOnlyDictionary<string, Tensor> entries
    )
    {
        if (model is not HybridModel network)
            return ("", "", model.HeadPrefixes, Translate((Backbone)model, entries));
        var whole = network.Parts.Any(part =>
            entries.Keys.Any(key => key.StartsWith($"{part.Name}.", StringComparison.Ordinal))
        );
        if (whole)
            return ("", "", model.HeadPrefixes, new Dictionary<string, Tensor>(entries));
        var own = model.state_dict();
        return network
            .Parts.Select(part =>
                (part.Name, Prefix: $"{part.Name}.", part.Branch.HeadPrefixes, Entries: Translate(part.Branch, entries))
            )
            .MaxBy(part => part.Entries.Keys.Count(key => own.ContainsKey(part.Prefix + key)));
    }

    private static Dictionary<string, Tensor> Translate(
        Backbone backbone,
        IReadOnlyDictionary<string, Tensor> entries
    ) =>
        TorchvisionKeys.For(backbone, entries.Keys) is { } names
            ? entries.ToDictionary(entry => names.GetValueOrDefault(entry.Key, entry.Key), entry => entry.Value)
            : new Dictionary<string, Tensor>(entries);

    private static bool IsIgnorable(string key, IReadOnlyList<string> heads) =>
        IsCounter(key)
        || key.EndsWith(".relative_position_index", StringComparison.Ordinal)
        || key.EndsWith(".attn_mask", StringComparison.Ordinal)
        || heads.Any(head => key.StartsWith(head, StringComparison.Ordinal));

    /// <summary>Batch norms count their batches only to average without momentum, which none here does.</summary>
    private static bool IsCounter(string key) => key.EndsWith(".num_batches_tracked", StringComparison.Ordinal);

    private static string Shape(Tensor tensor) => $"[{string.Join(", ", tensor.shape)}]";
}

/// <summary>A file of weights does not fit a network.</summary>
public sealed class WeightsMismatchException : Exception
{
    internal WeightsMismatchException(
        string file,
        string model,
        IReadOnlyList<string> missing,
        IReadOnlyList<string> unexpected,
        IReadOnlyList<string> misshapen
    )
        : base(
            $"{file} does not fit {model}."
                + Describe("Missing in the file", missing)
                + Describe("Unknown to the network", unexpected)
                + Describe("Of another shape", misshapen)
        ) => (Missing, Unexpected, Misshapen) = (missing, unexpected, misshapen);

    /// <summary>Keys that the network needs and the file lacks.</summary>
    public IReadOnlyList<string> Missing { get; }

    /// <summary>Keys of the file that the network does not have.</summary>
    public IReadOnlyList<string> Unexpected { get; }

    /// <summary>Keys with both shapes, where they differ.</summary>
    public IReadOnlyList<string> Misshapen { get; }

    private static string Describe(string what, IReadOnlyList<string> keys)
    {
        const int shown = 8;
        if (keys.Count == 0)
            return "";
        var more = keys.Count > shown ? $" and {keys.Count - shown} more" : "";
        return $" {what} ({keys.Count}): {string.Join("; ", keys.Take(shown))}{more}.";
    }
}
