using System.Runtime.CompilerServices;
using System.Text.Json;

namespace SqsNet.Engine.Tests;

/// <summary>Expected values from PyTorch, scikit-learn and SciPy, kept in tests/reference.</summary>
internal static class Reference
{
    public static JsonElement Sqs(string name) => Load("sqs", name);

    public static JsonElement Arch(string name) => Load("arch", name);

    /// <summary>The address of a file there.</summary>
    public static string Path(string folder, string file) => System.IO.Path.Combine(Folder(), folder, file);

    public static JsonElement Load(string folder, string name)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path(folder, name + ".json")));
        return document.RootElement.Clone();
    }

    private static string Folder([CallerFilePath] string here = "") =>
        System.IO.Path.Combine(System.IO.Path.GetDirectoryName(here)!, "..", "reference");
}
