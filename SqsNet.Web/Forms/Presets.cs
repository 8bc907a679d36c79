using SqsNet.Engine.Sweeps;

namespace SqsNet.Web.Forms;

/// <summary>A sweep to start from.</summary>
/// <param name="Name">Its file's name without ".json".</param>
/// <param name="Spec">The sweep.</param>
public sealed record Preset(string Name, SweepSpec Spec);

/// <summary>The sweeps that come with the program: the demo, the paper's tables.</summary>
public static class Presets
{
    /// <summary>The preset of the demonstration.</summary>
    public const string Demo = "demo";

    /// <summary>Reads the presets of a folder, the demo first, then by name; a file that is no sweep is left out.</summary>
    public static IReadOnlyList<Preset> Read(string folder) =>
        Directory.Exists(folder)
            ?
            [
                .. Directory
                    .EnumerateFiles(folder, "*.json")
                    .Select(TryRead)
                    .OfType<Preset>()
                    .OrderBy(preset => preset.Name != Demo)
                    .ThenBy(preset => preset.Name, StringComparer.Ordinal),
            ]
            : [];

    /// <summary>The folder beside the program that holds them.</summary>
    public static string Folder => Path.Combine(AppContext.BaseDirectory, "presets");

    private static Preset? TryRead(string file) =>
        SweepSpecJson.TryParse(File.ReadAllText(file), out var spec, out _)
            ? new(Path.GetFileNameWithoutExtension(file), spec)
            : null;
}
