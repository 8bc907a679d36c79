using System.Text;
using System.Text.Json;

namespace SqsNet.Torch.Tests;

/// <summary>Values that both PyTorch and these tests make from a name, and the files of expected results.</summary>
internal static class Reference
{
    /// <summary>The repository's root, found upwards from the test's own folder.</summary>
    internal static string Root { get; } = FindRoot();

    internal static JsonElement Read(string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(Root, "tests", "reference", file)));
        return document.RootElement.Clone();
    }

    internal static double[] Doubles(JsonElement element) => [.. element.EnumerateArray().Select(e => e.GetDouble())];

    /// <summary>SplitMix64 in [-1, 1), started at the FNV-1a hash of the name.</summary>
    internal static double[] Uniform(string name, int count)
    {
        var seed = Encoding
            .UTF8.GetBytes(name)
            .Aggregate(0xCBF29CE484222325UL, (hash, b) => unchecked((hash ^ b) * 0x100000001B3UL));
        return [.. Enumerable.Range(1, count).Select(i => Mixed(unchecked(seed + (ulong)i * 0x9E3779B97F4A7C15UL)))];
    }

    private static double Mixed(ulong z)
    {
        unchecked
        {
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
            z ^= z >> 31;
            return ((long)(z >> 11) - (1L << 52)) / (double)(1L << 52);
        }
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "SqsNet.sln")))
        {
            folder = folder.Parent;
        }
        return folder?.FullName ?? throw new DirectoryNotFoundException("The tests run outside of the repository.");
    }
}
