using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using SqsNet.Engine;
using SqsNet.Engine.Events;
using SqsNet.Engine.Sweeps;

namespace SqsNet.Storage;

/// <summary>Carries a sweep from one store to another as a zip file. Safe from any thread.</summary>
/// <remarks>
/// sweep.json is the sweep and its trials; trials/N/events.jsonl the events of trial number N, one a line;
/// trials/N/files/ its folder (checkpoint, weights, maps). Ids belong to a store and are not in the file.
/// </remarks>
public sealed partial class SweepArchive
{
    private const string ManifestName = "sweep.json";
    private const string EventsName = "events.jsonl";

    // Written by an executor that wants it, with the id of the store that it came from.
    private const string JobName = "trial.json";

    private readonly SqsDatabase _database;
    private readonly ChangeFeed _changes;
    private readonly TimeProvider _clock;
    private readonly EngineOptions _folders;

    /// <summary>An archive of a store.</summary>
    /// <param name="database">The store.</param>
    /// <param name="changes">Rung after an import.</param>
    /// <param name="clock">Time of what an import adds.</param>
    public SweepArchive(SqsDatabase database, ChangeFeed changes, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(database);
        (_database, _changes, _clock) = (database, changes, clock);
        _folders = new() { DataDirectory = database.DataDirectory };
    }

    /// <summary>Writes a sweep, its trials, their events and their folders to a zip file.</summary>
    /// <param name="sweepId">The sweep; it may be running, the events are those of one moment.</param>
    /// <param name="file">The zip file; must not exist.</param>
    /// <param name="cancellationToken">Ends the export; no file is left.</param>
    /// <exception cref="NotFoundException">There is no such sweep.</exception>
    /// <exception cref="IOException">The file exists, or cannot be written.</exception>
    public async Task ExportAsync(long sweepId, string file, CancellationToken cancellationToken)
    {
        var target = Path.GetFullPath(file);
        if (File.Exists(target))
            throw new IOException($"\"{target}\" exists already; an export overwrites nothing.");
        var partial = target + ".partial";
        try
        {
            await _database
                .ReadAsync(connection => Export(connection, sweepId, partial, cancellationToken), cancellationToken)
                .ConfigureAwait(false);
            File.Move(partial, target);
        }
        finally
        {
            File.Delete(partial);
        }
    }

    private bool Export(SqliteConnection connection, long sweepId, string path, CancellationToken cancellationToken)
    {
        var sweep =
            SweepTable.Read(connection, sweepId).SingleOrDefault() ?? throw new NotFoundException($"Sweep {sweepId}");
        var trials = TrialTable.Read(connection, "sweep_id", sweepId);
        using var zip = new ZipArchive(File.Create(path), ZipArchiveMode.Create, leaveOpen: false, Encoding.UTF8);
        using (var manifest = zip.CreateEntry(ManifestName).Open())
            JsonSerializer.Serialize(manifest, Describe(sweep, trials), SweepSpecJson.Options);
        foreach (var trial in trials)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var folder = FolderOf(trial.Number);
            using (var writer = new StreamWriter(zip.CreateEntry(folder + EventsName).Open()))
            {
                foreach (var stored in EventTable.Read(connection, trial.Id, after: 0))
                    writer.Write(TrialEventJson.Serialize(stored.Event) + "\n");
            }
            ExportFiles(zip, _folders.TrialDirectory(trial.Id), $"{folder}files/", cancellationToken);
        }
        return true;
    }

    private static ArchiveManifest Describe(SweepRecord sweep, List<TrialRecord> trials)
    {
        var numbers = trials.ToDictionary(trial => trial.Id, trial => trial.Number);
        return new()
        {
            Format = ArchiveManifest.CurrentFormat,
            Spec = sweep.Spec,
            State = sweep.State,
            Message = sweep.Message,
            PlannedTrials = sweep.PlannedTrials,
            CreatedAt = sweep.CreatedAt,
            EndedAt = sweep.EndedAt,
            Trials =
            [
                .. trials.Select(trial => new ArchivedTrial
                {
                    Number = trial.Number,
                    Configuration = trial.Configuration,
                    Parent = trial.ParentId is { } id && numbers.TryGetValue(id, out var number) ? number : null,
                    CreatedAt = trial.CreatedAt,
                    Assignment = trial.Assignment,
                    Spec = trial.Spec,
                    Reason = trial.Reason,
                }),
            ],
        };
    }

    private static void ExportFiles(
        ZipArchive zip,
        string directory,
        string prefix,
        CancellationToken cancellationToken
    )
    {
        if (!Directory.Exists(directory))
            return;
        // Links are left out: they could carry what is not the trial's.
        var options = new EnumerationOptions
        {
            RecurseSubdirectories = true,
            AttributesToSkip = FileAttributes.ReparsePoint,
        };
        foreach (var path in Directory.EnumerateFiles(directory, "*", options).Order())
        {
            cancellationToken.ThrowIfCancellationRequested();
            var name = Path.GetRelativePath(directory, path).Replace(Path.DirectorySeparatorChar, '/');
            if (name is JobName or EventsName)
                continue;
            try
            {
                using var source = File.OpenRead(path);
                // Weights and maps are numbers that hardly shrink: speed first.
                using var entry = zip.CreateEntry(prefix + name, CompressionLevel.Fastest).Open();
                source.CopyTo(entry);
            }
            catch (FileNotFoundException)
            {
                // A running trial has just replaced an older checkpoint.
            }
        }
    }

    private static string FolderOf(int number) => string.Create(CultureInfo.InvariantCulture, $"trials/{number}/");
}
