using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Dapper;
using Microsoft.Data.Sqlite;
using SqsNet.Engine.Events;
using SqsNet.Engine.Sweeps;

namespace SqsNet.Storage;

public sealed partial class SweepArchive
{
    /// <summary>Most that one archive may unpack to unless the caller says otherwise, in bytes.</summary>
    public const long DefaultMaxBytes = 64L << 30;

    private const long MaxManifestBytes = 256L << 20;
    private const int EventsPerBatch = 5000;

    /// <summary>Adds the sweep of a zip file, with new ids; all of it or nothing.</summary>
    /// <param name="file">A zip file that <see cref="ExportAsync"/> wrote, perhaps on another machine; not trusted.</param>
    /// <param name="cancellationToken">Ends the import; nothing is left.</param>
    /// <param name="maxBytes">Most that it may unpack to, in bytes.</param>
    /// <returns>The new sweep's id.</returns>
    /// <remarks>
    /// Nothing starts to train by itself: a sweep that had not ended is imported paused, and so are its trials that
    /// were running. While the events are stored, those of running trials wait.
    /// </remarks>
    /// <exception cref="InvalidDataException">The file is not an archive of a sweep, or unpacks to more than it may; the message says where.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public async Task<long> ImportAsync(
        string file,
        CancellationToken cancellationToken,
        long maxBytes = DefaultMaxBytes
    )
    {
        // Within the data directory, so that folders can be moved to their place in one step.
        var staging = Path.Combine(_database.DataDirectory, $"import-{Guid.NewGuid():N}");
        try
        {
            await using var stream = File.OpenRead(file);
            using var zip = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true, Encoding.UTF8);
            var manifest = ReadManifest(zip);
            CheckNames(zip, manifest);
            var budget = new UnpackBudget(maxBytes);
            foreach (var trial in manifest.Trials)
                await ExtractAsync(zip, trial.Number, staging, budget, cancellationToken).ConfigureAwait(false);
            var (sweepId, trialIds) = await _database
                .WriteAsync(c => Import(c, zip, manifest, budget, cancellationToken), cancellationToken)
                .ConfigureAwait(false);
            foreach (var (number, trialId) in trialIds)
                MoveFolder(Path.Combine(staging, $"{number}"), _folders.TrialDirectory(trialId));
            _changes.Ring(new(sweepId, null, 0));
            return sweepId;
        }
        finally
        {
            if (Directory.Exists(staging))
                Directory.Delete(staging, recursive: true);
        }
    }

    private static ArchiveManifest ReadManifest(ZipArchive zip)
    {
        var entry = zip.GetEntry(ManifestName) ?? throw Broken(ManifestName, "is missing");
        try
        {
            using var stream = new UnpackStream(entry.Open(), new UnpackBudget(MaxManifestBytes), ManifestName);
            var manifest = JsonSerializer.Deserialize<ArchiveManifest>(stream, SweepSpecJson.Options);
            if (manifest is not { Format: ArchiveManifest.CurrentFormat })
                throw Broken(
                    ManifestName,
                    $"has format {manifest?.Format}; this version reads {ArchiveManifest.CurrentFormat}"
                );
            if (manifest.Trials.Any(trial => trial.Number < 0))
                throw Broken(ManifestName, "has a trial with a negative number");
            if (manifest.Trials.DistinctBy(trial => trial.Number).Count() < manifest.Trials.Count)
                throw Broken(ManifestName, "has two trials of the same number");
            return manifest;
        }
        catch (JsonException error)
        {
            throw Broken(ManifestName, $"cannot be read: {error.Message}");
        }
    }

    /// <summary>Refuses any name that is not one of ours, before anything is written.</summary>
    private static void CheckNames(ZipArchive zip, ArchiveManifest manifest)
    {
        var folders = manifest.Trials.Select(trial => FolderOf(trial.Number)).ToHashSet();
        var seen = new HashSet<string>();
        foreach (var entry in zip.Entries)
        {
            var name = entry.FullName;
            if (!seen.Add(name))
                throw Broken(name, "appears twice");
            if (name == ManifestName)
                continue;
            var parts = name.Split('/');
            var isOurs =
                parts.Length >= 3
                && folders.Contains($"{parts[0]}/{parts[1]}/")
                && (parts is [_, _, EventsName] || (parts.Length >= 4 && parts[2] == "files"))
                && parts.All(IsPlainName);
            if (!isOurs)
                throw Broken(name, "has no place in an archive of a sweep");
        }
    }

    private static bool IsPlainName(string part) =>
        part is not ("" or "." or "..") && !part.Any(c => c is '\\' or ':' || char.IsControl(c));

    private static async Task ExtractAsync(
        ZipArchive zip,
        int number,
        string staging,
        UnpackBudget budget,
        CancellationToken cancellationToken
    )
    {
        var prefix = $"{FolderOf(number)}files/";
        var folder = Path.Combine(staging, $"{number}");
        foreach (var entry in zip.Entries.Where(entry => entry.FullName.StartsWith(prefix, StringComparison.Ordinal)))
        {
            var path = Path.GetFullPath(Path.Combine(folder, entry.FullName[prefix.Length..]));
            // The names were checked; this holds whatever a name may mean to the file system.
            if (!path.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal))
                throw Broken(entry.FullName, "points outside the trial's folder");
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await using var source = new UnpackStream(entry.Open(), budget, entry.FullName);
            await using var target = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
            await source.CopyToAsync(target, cancellationToken).ConfigureAwait(false);
        }
    }

    private (long SweepId, Dictionary<int, long> TrialIds) Import(
        SqliteConnection connection,
        ZipArchive zip,
        ArchiveManifest manifest,
        UnpackBudget budget,
        CancellationToken cancellationToken
    )
    {
        var hasEnded = manifest.State.IsFinished();
        var sweepId = SweepTable.Insert(
            connection,
            manifest.Spec,
            hasEnded ? manifest.State : SweepState.Paused,
            hasEnded ? manifest.Message : "Imported before its end.",
            manifest.PlannedTrials,
            manifest.CreatedAt,
            hasEnded ? manifest.EndedAt : null
        );
        var ids = new Dictionary<int, long>();
        foreach (var trial in manifest.Trials)
        {
            var added = new NewTrial(sweepId, trial.Number, trial.Configuration, trial.Assignment, trial.Spec)
            {
                Reason = trial.Reason,
            };
            ids[trial.Number] = TrialTable.Insert(connection, added, trial.CreatedAt).Id;
        }
        foreach (var trial in manifest.Trials)
        {
            var id = ids[trial.Number];
            if (Directory.Exists(_folders.TrialDirectory(id)))
                throw new IOException($"\"{_folders.TrialDirectory(id)}\" is in the way: move it aside.");
            if (trial.Parent is { } parent)
                SetParent(connection, id, ids.TryGetValue(parent, out var parentId) ? parentId : null);
            ImportEvents(connection, zip, trial.Number, id, budget, cancellationToken);
        }
        return (sweepId, ids);
    }

    private static void SetParent(SqliteConnection connection, long trialId, long? parentId)
    {
        if (parentId is null)
            throw Broken(ManifestName, "has a trial whose parent is not in it");
        connection.Execute("UPDATE trial SET parent_id = $parentId WHERE id = $trialId", new { trialId, parentId });
    }

    private void ImportEvents(
        SqliteConnection connection,
        ZipArchive zip,
        int number,
        long trialId,
        UnpackBudget budget,
        CancellationToken cancellationToken
    )
    {
        var name = FolderOf(number) + EventsName;
        var entry = zip.GetEntry(name) ?? throw Broken(name, "is missing");
        var batch = new List<QueuedEvent>();
        var last = new StateChanged(TrialState.Waiting, 0);
        using (var reader = new StreamReader(new UnpackStream(entry.Open(), budget, name)))
        {
            for (var line = 1; reader.ReadLine() is { } text; line++)
            {
                var trialEvent = ParseEvent(text, name, line);
                last = trialEvent as StateChanged ?? last;
                batch.Add(QueuedEvent.From(trialId, trialEvent));
                if (batch.Count < EventsPerBatch)
                    continue;
                cancellationToken.ThrowIfCancellationRequested();
                EventBatch.Store(connection, batch, rejected: []);
                batch.Clear();
            }
        }
        if (last.State == TrialState.Running)
        {
            var paused = new StateChanged(TrialState.Paused, last.Attempt, "Imported while running.");
            batch.Add(QueuedEvent.From(trialId, paused with { At = _clock.GetUtcNow(), Seconds = last.Seconds }));
        }
        EventBatch.Store(connection, batch, rejected: []);
    }

    private static TrialEvent ParseEvent(string text, string name, int line)
    {
        try
        {
            return TrialEventJson.Parse(text);
        }
        catch (Exception error) when (error is JsonException or NotSupportedException)
        {
            throw Broken(
                name,
                string.Create(CultureInfo.InvariantCulture, $"line {line} is not an event: {error.Message}")
            );
        }
    }

    private static void MoveFolder(string source, string target)
    {
        if (!Directory.Exists(source))
            return;
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        Directory.Move(source, target);
    }

    internal static InvalidDataException Broken(string name, string what) =>
        new($"The archive's {(name.Length <= 100 ? name : name[..100] + "...")} {what}.");
}
