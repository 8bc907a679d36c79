using System.Globalization;
using SqsNet.Engine.Training;

namespace SqsNet.Engine.Sweeps;

/// <summary>The checkpoints of a trial on the disk.</summary>
/// <param name="TrialId">The trial.</param>
/// <param name="Bytes">What they take.</param>
/// <param name="Written">When the last was written.</param>
internal sealed record CheckpointFolder(long TrialId, long Bytes, DateTime Written);

/// <summary>What checkpoints take on the disk, over all trials of a data directory.</summary>
internal static class CheckpointFolders
{
    private const string Removed = "checkpoint.removed";

    /// <summary>The trials with checkpoints, in no order. Ends removals that a crash cut off.</summary>
    internal static IReadOnlyList<CheckpointFolder> Measure(EngineOptions options)
    {
        var root = new DirectoryInfo(options.TrialsDirectory);
        if (!root.Exists)
            return [];
        var folders = new List<CheckpointFolder>();
        foreach (var trial in root.EnumerateDirectories())
        {
            if (!long.TryParse(trial.Name, CultureInfo.InvariantCulture, out var id))
                continue;
            Delete(Path.Combine(trial.FullName, Removed));
            if (Measure(id, Path.Combine(trial.FullName, CheckpointStore.FolderName)) is { } folder)
                folders.Add(folder);
        }
        return folders;
    }

    /// <summary>Removes a trial's checkpoints: all of them, or at a crash none that would be found.</summary>
    /// <returns>Whether there were any.</returns>
    /// <exception cref="IOException">They cannot be removed.</exception>
    /// <exception cref="UnauthorizedAccessException">They cannot be removed.</exception>
    internal static bool Remove(string trialDirectory)
    {
        var folder = Path.Combine(trialDirectory, CheckpointStore.FolderName);
        if (!Directory.Exists(folder))
            return false;
        var aside = Path.Combine(trialDirectory, Removed);
        Delete(aside);
        Directory.Move(folder, aside);
        Delete(aside);
        return true;
    }

    private static CheckpointFolder? Measure(long trialId, string path)
    {
        try
        {
            var files = new DirectoryInfo(path).GetFiles();
            return files.Length == 0
                ? null
                : new(trialId, files.Sum(file => file.Length), files.Max(file => file.LastWriteTimeUtc));
        }
        catch (Exception e) when (e is DirectoryNotFoundException or FileNotFoundException)
        {
            return null; // none, or the trial is writing a newer one and removing the oldest
        }
    }

    private static void Delete(string path)
    {
        if (Directory.Exists(path))
            Directory.Delete(path, recursive: true);
    }
}
