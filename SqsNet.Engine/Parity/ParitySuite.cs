using System.Text.Json;
using SqsNet.Torch;

namespace SqsNet.Engine.Parity;

/// <summary>Holds the whole zoo against a folder of reference values from PyTorch.</summary>
public static class ParitySuite
{
    /// <summary>Compares one network after the other.</summary>
    /// <param name="directory">A folder with arch/*.json for the backbones and sqs/net_*.json for whole SQSNets.</param>
    /// <returns>Rows as they come; some networks take many seconds.</returns>
    /// <exception cref="DirectoryNotFoundException">The folder has no references.</exception>
    /// <exception cref="InvalidDataException">A reference is damaged, or of a network that the zoo lacks.</exception>
    public static IEnumerable<ParityRow> Run(string directory)
    {
        var files = Files(directory, "arch", "*.json").Concat(Files(directory, "sqs", "net_*.json")).ToArray();
        if (files.Length == 0)
            throw new DirectoryNotFoundException(
                $"There are no reference values in {directory}: it should hold arch/*.json and sqs/net_*.json."
            );
        TorchRuntime.Initialize(Environment.ProcessorCount);
        foreach (var file in files)
        {
            var reference = Read(file);
            // A list of names that other packages have for the keys is no network.
            if (!reference.TryGetProperty("keys", out _))
                continue;
            foreach (var row in Compare(Path.GetFileNameWithoutExtension(file), reference))
                yield return row;
            // The allocator keeps half more than was ever needed at once: the next network is another one.
            TorchRuntime.EmptyCpuCache();
            TorchRuntime.ResetCpuPeak();
        }
    }

    private static IEnumerable<ParityRow> Compare(string name, JsonElement reference)
    {
        const string whole = "net_";
        if (name.StartsWith(whole, StringComparison.Ordinal))
            return SqsNetParity.Compare(name[whole.Length..], reference);
        var rows = ArchitectureParity.Compare(name, reference, ScalarType.Float32);
        return ArchitectureParity.HasKinks(name)
            ? rows.Concat(ArchitectureParity.Compare(name, reference, ScalarType.Float64).Skip(1)) // the keys once
            : rows;
    }

    private static IEnumerable<string> Files(string directory, string folder, string pattern)
    {
        var path = Path.Combine(directory, folder);
        return Directory.Exists(path) ? Directory.GetFiles(path, pattern).Order(StringComparer.Ordinal) : [];
    }

    private static JsonElement Read(string file)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllText(file));
            return document.RootElement.Clone();
        }
        catch (JsonException damaged)
        {
            throw new InvalidDataException($"{file} is no JSON: {damaged.Message}", damaged);
        }
    }
}
