using System.Text.Json;

namespace SqsNet.Engine.Sweeps;

/// <summary>Trials that go on from another trial's checkpoint with some values changed.</summary>
internal static class Forks
{
    private const string Checkpoint = "checkpoint";

    // A checkpoint holds the parameters of one network and the classes of one dataset.
    private static readonly string[] _fixed = ["dataset", "model", "sqs.learnable"];

    // The parent may write its next checkpoint, and remove the oldest, while this one is copied.
    private const int Tries = 5;

    /// <summary>The fork's specification.</summary>
    /// <exception cref="InvalidSpecException">The changes make no valid trial; carries every problem.</exception>
    internal static TrialSpec Spec(TrialSpec parent, IReadOnlyDictionary<string, JsonElement> changes)
    {
        var errors = changes
            .Keys.Where(path =>
                Array.Exists(_fixed, stays => path == stays || path.StartsWith($"{stays}.", StringComparison.Ordinal))
            )
            .Select(path => new ConfigError(path, "cannot change in a fork: the checkpoint belongs to it"))
            .ToList();
        var spec = SpecPath.TryApply(parent, changes, path => path, errors);
        if (spec is not null)
            errors.AddRange(spec.Validate());
        return errors.Count == 0 ? spec! : throw new InvalidSpecException(errors);
    }

    /// <summary>Whether a trial's folder has a checkpoint.</summary>
    internal static bool HasCheckpoint(string folder)
    {
        var directory = Path.Combine(folder, Checkpoint);
        return Directory.Exists(directory) && Directory.EnumerateFileSystemEntries(directory).Any();
    }

    /// <summary>Copies the parent's checkpoint into a fork's folder, unless the fork has one already.</summary>
    /// <remarks>Copied aside and renamed: a fork starts from the whole checkpoint or has none.</remarks>
    /// <exception cref="IOException">The checkpoint cannot be copied.</exception>
    internal static void CopyCheckpoint(string parentFolder, string folder)
    {
        if (HasCheckpoint(folder))
            return;
        var aside = Path.Combine(folder, "checkpoint.aside");
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                if (Directory.Exists(aside))
                    Directory.Delete(aside, recursive: true);
                Directory.CreateDirectory(aside);
                foreach (var file in Directory.GetFiles(Path.Combine(parentFolder, Checkpoint)))
                    if (!file.EndsWith(".tmp", StringComparison.Ordinal))
                        File.Copy(file, Path.Combine(aside, Path.GetFileName(file)));
                break;
            }
            catch (FileNotFoundException) when (attempt < Tries)
            {
                // Removed between listing and copying: the parent has written a newer one.
            }
        }
        var target = Path.Combine(folder, Checkpoint);
        if (Directory.Exists(target))
            Directory.Delete(target);
        Directory.Move(aside, target);
    }
}
