using System.Globalization;
using Dapper;
using Microsoft.Data.Sqlite;

namespace SqsNet.Storage;

/// <summary>What verifying found.</summary>
/// <param name="Problems">Every problem, in words; at most about a hundred.</param>
/// <param name="Sweeps">Sweeps in the store.</param>
/// <param name="Trials">Trials that were compared with their log.</param>
/// <param name="Events">Events read.</param>
/// <param name="Points">Values of metrics in them.</param>
public sealed record VerifyReport(IReadOnlyList<string> Problems, int Sweeps, int Trials, long Events, long Points)
{
    /// <summary>Whether nothing is wrong.</summary>
    public bool IsSound => Problems.Count == 0;
}

/// <summary>What restoring did.</summary>
/// <param name="KeptDatabase">Where the database from before lies; null when there was none.</param>
/// <param name="KeptTrials">Where the folders of trials lie that the restored database does not know; null when there were none.</param>
public sealed record RestoreReport(string? KeptDatabase, string? KeptTrials);

/// <summary>Care of a data directory: verify, back up, restore.</summary>
public static class StoreMaintenance
{
    /// <summary>Checks the file, and replays every trial's log against everything that was derived from it.</summary>
    /// <param name="dataDirectory">The data directory; it may be in use.</param>
    /// <param name="cancellationToken">Ends the check.</param>
    /// <exception cref="FileNotFoundException">There is no database.</exception>
    /// <exception cref="IncompatibleDatabaseException">The file's schema is another version's, or it is not ours, or damaged.</exception>
    public static async Task<VerifyReport> VerifyAsync(string dataDirectory, CancellationToken cancellationToken)
    {
        using var database = SqsDatabase.OpenReadOnly(dataDirectory);
        return await VerifyAsync(database, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>As <see cref="VerifyAsync(string, CancellationToken)"/>, for a database that is open.</summary>
    public static Task<VerifyReport> VerifyAsync(SqsDatabase database, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(database);
        return database.ReadAsync(
            connection => new StoreVerifier(connection).Run(cancellationToken),
            cancellationToken
        );
    }

    /// <summary>Writes one checked file that holds the store as it is now. Trials' folders are not part of it.</summary>
    /// <param name="dataDirectory">The data directory; it may be in use.</param>
    /// <param name="file">The backup; must not exist.</param>
    /// <param name="cancellationToken">Ends the wait before the copy has started.</param>
    /// <exception cref="IOException">The file exists, or the copy is not sound.</exception>
    /// <exception cref="FileNotFoundException">There is no database.</exception>
    /// <exception cref="IncompatibleDatabaseException">The file's schema is another version's, or it is not ours, or damaged.</exception>
    public static Task BackupAsync(string dataDirectory, string file, CancellationToken cancellationToken) =>
        Task.Run(
            () =>
            {
                using var database = SqsDatabase.OpenReadOnly(dataDirectory);
                var target = Path.GetFullPath(file);
                if (File.Exists(target))
                    throw new IOException($"\"{target}\" exists already; a backup overwrites nothing.");
                var partial = target + ".partial";
                File.Delete(partial);
                try
                {
                    using (var connection = Open(database.FilePath, SqliteOpenMode.ReadOnly))
                        connection.Execute("VACUUM INTO $partial", new { partial });
                    RequireSound(partial);
                    Flush(partial);
                    File.Move(partial, target);
                }
                finally
                {
                    File.Delete(partial);
                }
            },
            cancellationToken
        );

    /// <summary>Puts a backup in the database's place; what was there is kept aside.</summary>
    /// <param name="dataDirectory">The data directory; made when absent, must not be in use.</param>
    /// <param name="file">The backup.</param>
    /// <param name="clock">Gives the names of what is kept.</param>
    /// <param name="cancellationToken">Ends the wait before the work has started.</param>
    /// <remarks>
    /// A trial resumes from a checkpoint that it finds in its folder. Folders of trials that the restored database does
    /// not know, or that belong to another trial of the same number, are therefore moved aside too.
    /// </remarks>
    /// <exception cref="DataDirectoryInUseException">Another process has the data directory open.</exception>
    /// <exception cref="FileNotFoundException">There is no such backup.</exception>
    /// <exception cref="IOException">The backup is damaged.</exception>
    /// <exception cref="IncompatibleDatabaseException">The backup is from a newer version, or is none of ours.</exception>
    public static Task<RestoreReport> RestoreAsync(
        string dataDirectory,
        string file,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(clock);
        var directory = Path.GetFullPath(dataDirectory);
        var backup = Path.GetFullPath(file);
        if (!File.Exists(backup))
            throw new FileNotFoundException($"There is no backup \"{backup}\".", backup);
        return Task.Run(
            () =>
            {
                using var held = DataDirectoryLock.Take(directory);
                return Restore(directory, backup, clock.GetUtcNow());
            },
            cancellationToken
        );
    }

    private static RestoreReport Restore(string directory, string backup, DateTimeOffset now)
    {
        var current = Path.Combine(directory, SqsDatabase.FileName);
        var incoming = current + ".incoming";
        var stamp = now.UtcDateTime.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture);
        File.Copy(backup, incoming, overwrite: true);
        try
        {
            RequireSound(incoming);
            Flush(incoming);
            var restored = ReadTrials(incoming);
            var before = File.Exists(current) ? TryReadTrials(current) : [];
            var kept = KeepDatabase(current, stamp);
            var keptTrials = KeepTrials(directory, stamp, restored, before);
            File.Move(incoming, current);
            return new(kept, keptTrials);
        }
        finally
        {
            File.Delete(incoming);
        }
    }

    private static string? KeepDatabase(string current, string stamp)
    {
        if (!File.Exists(current))
            return null;
        var kept = $"{current}.before-{stamp}";
        // The write-ahead log belongs to the file: it may hold what the file does not have yet.
        foreach (var suffix in new[] { "-wal", "-shm", "" })
        {
            if (File.Exists(current + suffix))
                File.Move(current + suffix, kept + suffix);
        }
        return kept;
    }

    private static string? KeepTrials(
        string directory,
        string stamp,
        Dictionary<long, string> restored,
        Dictionary<long, string> before
    )
    {
        var trials = Path.Combine(directory, "trials");
        var kept = $"{trials}-before-{stamp}";
        var isMoved = false;
        foreach (var folder in Directory.Exists(trials) ? Directory.GetDirectories(trials) : [])
        {
            var name = Path.GetFileName(folder);
            var isKnown =
                long.TryParse(name, CultureInfo.InvariantCulture, out var id)
                && restored.TryGetValue(id, out var created)
                && (before.Count == 0 || before.GetValueOrDefault(id) == created);
            if (isKnown)
                continue;
            Directory.CreateDirectory(kept);
            Directory.Move(folder, Path.Combine(kept, name));
            isMoved = true;
        }
        return isMoved ? kept : null;
    }

    private static Dictionary<long, string> ReadTrials(string path)
    {
        using var connection = Open(path, SqliteOpenMode.ReadWrite);
        return connection
            .Query<(long Id, string CreatedAt)>("SELECT id, created_at FROM trial")
            .ToDictionary(row => row.Id, row => row.CreatedAt);
    }

    /// <summary>The trials of a database that may be damaged: that may be why another is restored.</summary>
    private static Dictionary<long, string> TryReadTrials(string path)
    {
        try
        {
            return ReadTrials(path);
        }
        catch (SqliteException)
        {
            return [];
        }
    }

    private static void RequireSound(string path)
    {
        try
        {
            using var connection = Open(path, SqliteOpenMode.ReadWrite);
            Migrator.RequireOurs(connection);
            var found = connection.Query<string>("PRAGMA integrity_check(5)").AsList();
            if (found is not ["ok"])
                throw new IOException($"\"{path}\" is damaged: {string.Join("; ", found)}");
        }
        catch (SqliteException error)
        {
            throw new IOException($"\"{path}\" is damaged: {error.Message}", error);
        }
    }

    private static SqliteConnection Open(string path, SqliteOpenMode mode)
    {
        // Not from the pool: the file is about to be moved.
        var connection = new SqliteConnection(SqsDatabase.ConnectionString(path, mode) + ";Pooling=False");
        connection.Open();
        return connection;
    }

    private static void Flush(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
        file.Flush(flushToDisk: true);
    }
}
