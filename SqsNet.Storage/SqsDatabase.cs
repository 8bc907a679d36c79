using Dapper;
using Microsoft.Data.Sqlite;

namespace SqsNet.Storage;

/// <summary>The SQLite database of a data directory: DATA/sqsnet.db.</summary>
/// <remarks>
/// Write-ahead log, so readers never wait for the writer nor it for them; synchronous=FULL, so a commit survives a
/// power cut; one connection per call, from SQLite's own pool. Writers of this process queue at a gate instead of
/// polling SQLite's lock. Safe from any thread.
/// </remarks>
public sealed class SqsDatabase : IDisposable
{
    /// <summary>Name of the database file within the data directory.</summary>
    public const string FileName = "sqsnet.db";

    private const int BusyMilliseconds = 5000;

    private readonly DataDirectoryLock? _lock;
    private readonly SemaphoreSlim _writeGate = new(1, 1);
    private readonly string _readString;
    private readonly string _writeString;

    private SqsDatabase(string dataDirectory, DataDirectoryLock? held)
    {
        DataDirectory = dataDirectory;
        FilePath = Path.Combine(dataDirectory, FileName);
        _lock = held;
        _readString = ConnectionString(FilePath, SqliteOpenMode.ReadOnly);
        _writeString = ConnectionString(FilePath, SqliteOpenMode.ReadWriteCreate);
    }

    /// <summary>The data directory, absolute.</summary>
    public string DataDirectory { get; }

    /// <summary>The database file, absolute.</summary>
    public string FilePath { get; }

    /// <summary>Whether this was opened by <see cref="OpenReadOnly"/>.</summary>
    public bool IsReadOnly => _lock is null;

    /// <summary>Runs on each writing connection before its use; tests make the disk fail with it.</summary>
    internal Action<SqliteConnection>? WriterOpened { get; set; }

    /// <summary>Opens the database for reading and writing, makes it when absent and brings it to the newest schema.</summary>
    /// <param name="dataDirectory">The data directory; made when absent.</param>
    /// <exception cref="DataDirectoryInUseException">Another process has it open for writing.</exception>
    /// <exception cref="IncompatibleDatabaseException">The file is newer than this program, not ours, or damaged.</exception>
    public static SqsDatabase Open(string dataDirectory)
    {
        var directory = Path.GetFullPath(dataDirectory);
        var database = new SqsDatabase(directory, DataDirectoryLock.Take(directory));
        database.Prepare(
            database._writeString,
            connection =>
            {
                // Kept in the file: every later connection has it too.
                connection.Execute("PRAGMA journal_mode = WAL;");
                Migrator.Migrate(connection, Migrator.All);
            }
        );
        return database;
    }

    /// <summary>Opens the database for reading only, beside a process that may be writing to it.</summary>
    /// <param name="dataDirectory">The data directory.</param>
    /// <exception cref="FileNotFoundException">There is no database.</exception>
    /// <exception cref="IncompatibleDatabaseException">The file's schema is another version's, or it is not ours, or damaged.</exception>
    public static SqsDatabase OpenReadOnly(string dataDirectory)
    {
        var database = new SqsDatabase(Path.GetFullPath(dataDirectory), null);
        if (!File.Exists(database.FilePath))
            throw new FileNotFoundException($"There is no database \"{database.FilePath}\".", database.FilePath);
        database.Prepare(database._readString, connection => Migrator.Require(connection, Migrator.All[^1].Version));
        return database;
    }

    /// <summary>Moves what the write-ahead log holds into the database file and empties it, unless a reader needs it.</summary>
    public void Checkpoint()
    {
        using var connection = OpenConnection(_writeString);
        connection.Execute("PRAGMA wal_checkpoint(TRUNCATE);");
    }

    /// <summary>Closes every connection; the last one folds the write-ahead log into the database file.</summary>
    public void Dispose()
    {
        ClearPools();
        _lock?.Dispose();
        _writeGate.Dispose();
    }

    /// <summary>Reads in one snapshot, on a pool thread: SQLite's calls block, the caller's thread should not.</summary>
    internal Task<T> ReadAsync<T>(Func<SqliteConnection, T> read, CancellationToken cancellationToken) =>
        Task.Run(
            () =>
            {
                using var connection = OpenConnection(_readString);
                using var snapshot = connection.BeginTransaction(deferred: true);
                return read(connection);
            },
            cancellationToken
        );

    /// <summary>Writes in one transaction, on a pool thread; committed when the task completes, undone when it fails.</summary>
    /// <exception cref="InvalidOperationException">The database was opened for reading only.</exception>
    internal async Task<T> WriteAsync<T>(Func<SqliteConnection, T> write, CancellationToken cancellationToken)
    {
        if (IsReadOnly)
            throw new InvalidOperationException($"\"{FilePath}\" was opened for reading only.");
        await _writeGate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await Task.Run(
                    () =>
                    {
                        using var connection = OpenConnection(_writeString);
                        WriterOpened?.Invoke(connection);
                        using var transaction = connection.BeginTransaction();
                        var result = write(connection);
                        transaction.Commit();
                        return result;
                    },
                    cancellationToken
                )
                .ConfigureAwait(false);
        }
        finally
        {
            _writeGate.Release();
        }
    }

    /// <summary>Closes idle connections, so that the next call opens the file anew (after an error of the disk).</summary>
    internal void ClearPools()
    {
        foreach (var text in new[] { _readString, _writeString })
        {
            using var connection = new SqliteConnection(text);
            SqliteConnection.ClearPool(connection);
        }
    }

    internal static string ConnectionString(string path, SqliteOpenMode mode) =>
        new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = mode,
            ForeignKeys = true,
            DefaultTimeout = 30,
        }.ToString();

    /// <summary>Does what must succeed before the database is given out; leaves nothing open when it fails.</summary>
    private void Prepare(string connectionString, Action<SqliteConnection> action)
    {
        try
        {
            using var connection = OpenConnection(connectionString);
            action(connection);
        }
        catch (SqliteException error)
            when (error.SqliteErrorCode is SQLitePCL.raw.SQLITE_NOTADB or SQLitePCL.raw.SQLITE_CORRUPT)
        {
            Dispose();
            throw new IncompatibleDatabaseException(
                $"\"{FilePath}\" is not an SQLite database, or is damaged ({error.Message}). "
                    + "Restore a backup, or choose another data directory."
            );
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    private static SqliteConnection OpenConnection(string connectionString)
    {
        var connection = new SqliteConnection(connectionString);
        try
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText =
                $"PRAGMA busy_timeout = {BusyMilliseconds}; PRAGMA synchronous = FULL; "
                + "PRAGMA temp_store = MEMORY; PRAGMA journal_size_limit = 67108864;";
            command.ExecuteNonQuery();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
