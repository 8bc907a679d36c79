using SqsNet.Torch;

namespace SqsNet.Engine.Models;

/// <summary>What a file of weights did to a network.</summary>
/// <param name="File">The file's name.</param>
/// <param name="Part">Which part of the network it filled: "" for the whole, "cnn" or "swin" for a branch.</param>
/// <param name="Loaded">Entries that were copied.</param>
/// <param name="Fitted">Of these, tables of positions that were fitted to another size of image.</param>
/// <param name="Fresh">Entries of a head that keep their freshly drawn values, because the file's do not fit or are absent.</param>
/// <param name="Ignored">Entries of the file that the network has no use for: heads that it lacks, and buffers that it computes.</param>
public sealed record LoadedWeights(
    string File,
    string Part,
    int Loaded,
    IReadOnlyList<string> Fitted,
    IReadOnlyList<string> Fresh,
    IReadOnlyList<string> Ignored
)
{
    /// <summary>One line for a trial's log.</summary>
    public string Describe()
    {
        var part = Part.Length == 0 ? "the network" : $"the branch \"{Part}\"";
        var fitted = Fitted.Count == 0 ? "" : $", positions of {Fitted.Count} fitted to the size of the image";
        var fresh = Fresh.Count == 0 ? "" : $"; drawn anew: {string.Join(", ", Fresh)}";
        return $"Starts {part} from '{File}': {Loaded} tensors{fitted}{fresh}.";
    }
}

/// <summary>Loads published or own weights (.safetensors, or PyTorch's .pth and .pt) into a network.</summary>
/// <remarks>
/// Files lie in the data directory's "weights" folder and are named, never given as a path, so that a specification
/// from the network cannot reach other files. Keys are timm's or torchvision's. Loading is strict: every entry
/// outside the head must be there with its shape, and nothing may be left over. Tables of positions may be of another
/// size of image: they are fitted.
/// </remarks>
public static class PretrainedWeights
{
    // timm's and torchvision's names for the last layer, and that of whole networks.
    private static readonly string[] s_classifiers =
    [
        "base_head.weight",
        "classifier.weight",
        "classifier.1.weight",
        "head.fc.weight",
        "head.weight",
        "fc.weight",
    ];

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
        return Fill(model, Path.GetFileName(path), WeightsFile.Load(path));
    }

    /// <summary>How many classes a file's classifier tells apart, or null where it has none.</summary>
    /// <param name="entries">The file's tensors, under timm's or torchvision's keys.</param>
    internal static int? FindClasses(IReadOnlyDictionary<string, Tensor> entries) =>
        s_classifiers.Select(key => entries.GetValueOrDefault(key)).FirstOrDefault(weight => weight?.ndim == 2)
            is { } found
            ? (int)found.shape[0]
            : null;

    /// <summary>Copies a file's tensors into a network.</summary>
    /// <param name="model">The network.</param>
    /// <param name="file">The file's name.</param>
    /// <param name="entries">Its tensors.</param>
    /// <exception cref="InvalidDataException">A tensor holds values that are not numbers.</exception>
    /// <exception cref="WeightsMismatchException">The file does not fit; carries every difference.</exception>
    internal static LoadedWeights Fill(ImageModel model, string file, IReadOnlyDictionary<string, Tensor> entries)
    {
        using var scope = torch.NewDisposeScope();
        var (part, prefix, heads, translated) = Match(model, entries);
        var own = model.state_dict().Where(entry => entry.Key.StartsWith(prefix, StringComparison.Ordinal)).ToArray();
        var known = own.Select(entry => entry.Key).ToHashSet();

        var plan = new List<(string Key, Tensor Target, Tensor Source)>();
        var (missing, misshapen, fresh, fitted) = (
            new List<string>(),
            new List<string>(),
            new List<string>(),
            new List<string>()
        );
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
            else if (source.is_floating_point() != target.is_floating_point())
                misshapen.Add($"{key}: {source.dtype} in the file, {target.dtype} needed");
            else if (source.shape.AsSpan().SequenceEqual(target.shape))
                plan.Add((key, target, source));
            else if (inHead)
                fresh.Add(key);
            else if (PositionTables.Fit(local, source, target.shape) is { } table)
            {
                plan.Add((key, target, table));
                fitted.Add(key);
            }
            else
                misshapen.Add($"{key}: {Shape(source)} in the file, {Shape(target)} needed");
        }
        var left = translated.Keys.Where(key => !known.Contains(prefix + key)).ToLookup(key => IsIgnorable(key, heads));
        if (missing.Count > 0 || misshapen.Count > 0 || left[false].Any())
            throw new WeightsMismatchException(file, model.ModelName, missing, [.. left[false]], misshapen);
        var broken = plan.Where(entry => !entry.Source.isfinite().all().ToBoolean())
            .Select(entry => entry.Key)
            .ToArray();
        if (broken.Length > 0)
            throw new InvalidDataException(
                $"{file} holds values that are no numbers (NaN or infinite) in {Shown(broken)}."
            );

        using (torch.no_grad())
        {
            foreach (var (_, target, source) in plan)
                target.copy_(source);
        }
        return new LoadedWeights(file, part, plan.Count, fitted, fresh, [.. left[true]]);
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

    /// <summary>The first few of many keys, for a message.</summary>
    internal static string Shown(IReadOnlyList<string> keys)
    {
        const int shown = 8;
        var more = keys.Count > shown ? $" and {keys.Count - shown} more" : "";
        return string.Join("; ", keys.Take(shown)) + more;
    }

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
                + Describe("Of another shape or type", misshapen)
        ) => (Missing, Unexpected, Misshapen) = (missing, unexpected, misshapen);

    /// <summary>Keys that the network needs and the file lacks.</summary>
    public IReadOnlyList<string> Missing { get; }

    /// <summary>Keys of the file that the network does not have.</summary>
    public IReadOnlyList<string> Unexpected { get; }

    /// <summary>Keys with both shapes, where they differ.</summary>
    public IReadOnlyList<string> Misshapen { get; }

    private static string Describe(string what, IReadOnlyList<string> keys) =>
        keys.Count == 0 ? "" : $" {what} ({keys.Count}): {PretrainedWeights.Shown(keys)}.";
}
