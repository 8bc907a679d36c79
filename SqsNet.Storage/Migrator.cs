using System.Globalization;
using System.Reflection;
using Dapper;
using Microsoft.Data.Sqlite;

namespace SqsNet.Storage;

/// <summary>The database cannot be used by this version of SqsNet; the message says why.</summary>
public sealed class IncompatibleDatabaseException(string message) : Exception(message);

/// <summary>One numbered step from a version of the schema to the next.</summary>
/// <param name="Version">The version that it leads to, from 1 without gaps.</param>
/// <param name="Name">What it does, for messages.</param>
/// <param name="Sql">Its statements.</param>
internal sealed record Migration(int Version, string Name, string Sql);

/// <summary>Brings a database to the newest schema, forward only, each step in a transaction of its own.</summary>
/// <remarks>The version stands in SQLite's user_version; application_id marks the file as ours.</remarks>
internal static class Migrator
{
    /// <summary>"SQSN" in ASCII.</summary>
    internal const int ApplicationId = 0x5351534E;

    /// <summary>Every step, in order.</summary>
    internal static IReadOnlyList<Migration> All { get; } = ReadEmbedded();

    /// <summary>Applies what is missing.</summary>
    /// <returns>The version found before.</returns>
    /// <exception cref="IncompatibleDatabaseException">The file is newer than this program, or not ours.</exception>
    internal static int Migrate(SqliteConnection connection, IReadOnlyList<Migration> migrations)
    {
        var found = FindVersion(connection);
        var newest = migrations[^1].Version;
        if (found > newest)
            throw TooNew(connection, found, newest);
        foreach (var migration in migrations.Where(m => m.Version > found))
        {
            using var transaction = connection.BeginTransaction();
            // A second process may have migrated while this one waited for its transaction.
            if (connection.ExecuteScalar<int>("PRAGMA user_version") >= migration.Version)
                continue;
            connection.Execute(migration.Sql);
            connection.Execute($"PRAGMA user_version = {migration.Version}; PRAGMA application_id = {ApplicationId};");
            transaction.Commit();
        }
        return found;
    }

    /// <summary>Refuses a database that a reader of this version would misread.</summary>
    /// <exception cref="IncompatibleDatabaseException">The file is of another version, or not ours.</exception>
    internal static void Require(SqliteConnection connection, int version)
    {
        var found = FindVersion(connection);
        if (found > version)
            throw TooNew(connection, found, version);
        if (found < version)
        {
            throw new IncompatibleDatabaseException(
                $"The database \"{connection.DataSource}\" has schema version {found}; reading needs version {version}. "
                    + "Start the dashboard once to bring it up to date."
            );
        }
    }

    /// <summary>Refuses a database that is not one of ours or that <see cref="Migrate"/> would refuse.</summary>
    /// <exception cref="IncompatibleDatabaseException">The file is empty, newer than this program, or not ours.</exception>
    internal static void RequireOurs(SqliteConnection connection)
    {
        var newest = All[^1].Version;
        var found = FindVersion(connection);
        if (found == 0)
            throw new IncompatibleDatabaseException($"\"{connection.DataSource}\" holds no store of SqsNet.");
        if (found > newest)
            throw TooNew(connection, found, newest);
    }

    private static int FindVersion(SqliteConnection connection)
    {
        var version = connection.ExecuteScalar<int>("PRAGMA user_version");
        var owner = connection.ExecuteScalar<int>("PRAGMA application_id");
        var isEmpty = connection.ExecuteScalar<long>("SELECT count(*) FROM sqlite_schema") == 0;
        return isEmpty || owner == ApplicationId
            ? version
            : throw new IncompatibleDatabaseException(
                $"\"{connection.DataSource}\" is an SQLite database, but not one of SqsNet."
            );
    }

    private static IncompatibleDatabaseException TooNew(SqliteConnection connection, int found, int newest) =>
        new(
            $"The database \"{connection.DataSource}\" was written by a newer SqsNet (schema version {found}; "
                + $"this one knows up to {newest}). Update SqsNet, or choose another data directory."
        );

    private static List<Migration> ReadEmbedded()
    {
        var assembly = Assembly.GetExecutingAssembly();
        var prefix = $"{typeof(Migrator).Namespace}.Migrations.";
        var migrations = new List<Migration>();
        foreach (var resource in assembly.GetManifestResourceNames().Where(n => n.StartsWith(prefix)).Order())
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
            var name = resource[prefix.Length..^".sql".Length];
            migrations.Add(new(int.Parse(name[..4], CultureInfo.InvariantCulture), name[5..], reader.ReadToEnd()));
        }
        return migrations;
    }
}
