using System.Text.Json;
using SqsNet.Engine.Training;

namespace SqsNet.Engine.Sweeps;

/// <summary>A checkpoint of a trial that another trial can go on from.</summary>
/// <param name="Step">Optimizer steps until then; names the checkpoint.</param>
/// <param name="Epochs">Epochs that were through by then.</param>
public sealed record KeptCheckpoint(long Step, int Epochs);

/// <summary>What a fork differs in from the trial that it goes on from.</summary>
public sealed record ForkSpec
{
    /// <summary>New values by path ("sqs.tau"); the dataset, its splits and the network's shape must stay.</summary>
    public IReadOnlyDictionary<string, JsonElement> Changes { get; init; } = new Dictionary<string, JsonElement>();

    /// <summary>The kept checkpoint to go on from, by its step; null takes the last.</summary>
    public long? Step { get; init; }
}

/// <summary>Trials that go on from another trial's checkpoint with some values changed.</summary>
internal static class Forks
{
    // A checkpoint holds the parameters of one network and the classes of one dataset, and has learned from faces that
    // another share of validation faces would be chosen by.
    private static readonly string[] _fixed = ["dataset", "model", "sqs.learnable", "training.validationFraction"];

    // The parent may write its next checkpoint, and remove the oldest, while this one is copied.
    private const int Tries = 5;

    /// <summary>The checkpoints in a trial's folder, newest first.</summary>
    internal static IReadOnlyList<KeptCheckpoint> Checkpoints(string folder) =>
        [.. Store(folder).Positions().Select(position => new KeptCheckpoint(position.Step, position.Epoch - 1))];

    /// <summary>The fork's specification.</summary>
    /// <exception cref="InvalidSpecException">The changes make no valid trial, or leave it nothing to train; carries every problem.</exception>
    internal static TrialSpec Spec(
        TrialSpec parent,
        IReadOnlyDictionary<string, JsonElement> changes,
        KeptCheckpoint from
    )
    {
        var errors = changes
            .Keys.Where(path =>
                Array.Exists(_fixed, stays => path == stays || path.StartsWith($"{stays}.", StringComparison.Ordinal))
            )
            .Select(Stays)
            .ToList();
        var spec = SpecPath.TryApply(parent, changes, path => path, errors);
        if (spec is not null)
        {
            // Also where the whole of "training" is replaced.
            errors.AddRange(
                _fixed
                    .Where(path => !JsonElement.DeepEquals(SpecPath.Get(parent, path), SpecPath.Get(spec, path)))
                    .Where(path => !errors.Exists(error => error.Path.StartsWith(path, StringComparison.Ordinal)))
                    .Select(Stays)
            );
            errors.AddRange(spec.Validate());
        }
        if (errors.Count == 0 && spec!.Training.Epochs <= from.Epochs)
            errors.Add(
                new(
                    "training.epochs",
                    $"must be more than {from.Epochs}, which the checkpoint has behind it; it is {spec.Training.Epochs}"
                )
            );
        return errors.Count == 0 ? spec! : throw new InvalidSpecException(errors);

        static ConfigError Stays(string path) => new(path, "cannot change in a fork: the checkpoint belongs to it");
    }

    /// <summary>
    /// Where the checkpoint of a fork lies until the fork has a folder: in the parent's, under the fork's number, so that
    /// no other fork takes it.
    /// </summary>
    internal static string Aside(string parentFolder, int number) =>
        Path.Combine(parentFolder, $"checkpoint.fork-{number}");

    /// <summary>Copies a checkpoint of the parent aside, from where <see cref="Take"/> gives it to the fork.</summary>
    /// <exception cref="IOException">The checkpoint is no longer there, or cannot be copied.</exception>
    internal static void CopyAside(string parentFolder, long step, string aside)
    {
        if (Directory.Exists(aside))
            Directory.Delete(aside, recursive: true);
        Store(parentFolder).CopyTo(aside, step);
    }

    /// <summary>Gives a fork the checkpoint that was copied aside: it starts from the whole checkpoint or has none.</summary>
    internal static void Take(string aside, string folder)
    {
        var target = Path.Combine(folder, CheckpointStore.FolderName);
        Directory.CreateDirectory(folder);
        if (Directory.Exists(target))
            Directory.Delete(target);
        Directory.Move(aside, target);
    }

    /// <summary>
    /// Gives a fork that has no checkpoint the one that was copied aside for it, where the process ended before it got
    /// it; its parent's last one, where even that is gone.
    /// </summary>
    /// <exception cref="InvalidOperationException">The parent has none either.</exception>
    /// <exception cref="IOException">The checkpoint cannot be copied.</exception>
    internal static void EnsureCheckpoint(string parentFolder, int number, string folder)
    {
        var own = Path.Combine(folder, CheckpointStore.FolderName);
        if (Directory.Exists(own) && Directory.EnumerateFiles(own, "*.json").Any())
            return;
        var aside = Aside(parentFolder, number);
        if (!Directory.Exists(aside))
            CopyLastAside(parentFolder, aside = Path.Combine(folder, "checkpoint.aside"));
        Take(aside, folder);
    }

    private static void CopyLastAside(string parentFolder, string aside)
    {
        for (var attempt = 1; ; attempt++)
        {
            if (Checkpoints(parentFolder) is not [var last, ..])
                throw new InvalidOperationException($"There is no checkpoint in {parentFolder} to go on from.");
            try
            {
                CopyAside(parentFolder, last.Step, aside);
                return;
            }
            catch (FileNotFoundException) when (attempt < Tries)
            {
                // Removed between listing and copying: the parent has written a newer one.
            }
        }
    }

    private static CheckpointStore Store(string folder) => new(Path.Combine(folder, CheckpointStore.FolderName));
}
