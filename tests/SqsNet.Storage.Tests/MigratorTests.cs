using Dapper;
using Microsoft.Data.Sqlite;

namespace SqsNet.Storage.Tests;

public sealed class MigratorTests : IDisposable
{
    private readonly SqliteConnection _connection = new("Data Source=:memory:");

    public MigratorTests() => _connection.Open();

    public void Dispose() => _connection.Dispose();

    [Fact]
    public void Migrations_are_numbered_from_1_without_gaps()
    {
        Migrator.All.Select(m => m.Version).ShouldBe(Enumerable.Range(1, Migrator.All.Count));
        Migrator.All[0].Name.ShouldBe("initial");
    }

    [Fact]
    public void From_nothing_every_version_can_be_reached_and_the_next_one_from_there()
    {
        for (var version = 0; version <= Migrator.All.Count; version++)
        {
            using var connection = new SqliteConnection("Data Source=:memory:");
            connection.Open();
            if (version > 0)
                Migrator.Migrate(connection, [.. Migrator.All.Take(version)]).ShouldBe(0);

            Migrator.Migrate(connection, Migrator.All).ShouldBe(version);

            connection.ExecuteScalar<int>("PRAGMA user_version").ShouldBe(Migrator.All.Count);
            Schema(connection).ShouldBe(Schema(Migrated()));
        }
    }

    [Fact]
    public void A_database_that_is_up_to_date_is_left_alone()
    {
        Migrator.Migrate(_connection, Migrator.All);
        _connection.Execute("INSERT INTO metric (name) VALUES ('kept')");

        Migrator.Migrate(_connection, Migrator.All).ShouldBe(Migrator.All.Count);

        _connection.QuerySingle<string>("SELECT name FROM metric").ShouldBe("kept");
    }

    [Fact]
    public void A_later_migration_keeps_what_is_stored()
    {
        Migrator.Migrate(_connection, Migrator.All);
        _connection.Execute("INSERT INTO metric (name) VALUES ('kept')");
        var next = new Migration(Migrator.All.Count + 1, "next", "ALTER TABLE metric ADD COLUMN unit TEXT");

        Migrator.Migrate(_connection, [.. Migrator.All, next]);

        _connection.QuerySingle<string>("SELECT name FROM metric WHERE unit IS NULL").ShouldBe("kept");
    }

    [Fact]
    public void A_migration_that_fails_changes_nothing()
    {
        var broken = new Migration(1, "broken", "CREATE TABLE half (x); CREATE TABLE half (x)");

        Should.Throw<SqliteException>(() => Migrator.Migrate(_connection, [broken]));

        Schema(_connection).ShouldBeEmpty();
        _connection.ExecuteScalar<int>("PRAGMA user_version").ShouldBe(0);
    }

    [Fact]
    public void A_database_from_a_newer_version_is_refused_and_the_message_says_so()
    {
        Migrator.Migrate(_connection, Migrator.All);
        _connection.Execute("PRAGMA user_version = 99");

        var error = Should.Throw<IncompatibleDatabaseException>(() => Migrator.Migrate(_connection, Migrator.All));

        error.Message.ShouldContain("newer SqsNet");
        error.Message.ShouldContain("99");
        Should.Throw<IncompatibleDatabaseException>(() => Migrator.Require(_connection, Migrator.All.Count));
    }

    [Fact]
    public void An_older_database_is_not_read_without_migrating_it()
    {
        var error = Should.Throw<IncompatibleDatabaseException>(() => Migrator.Require(_connection, 1));

        error.Message.ShouldContain("schema version 0");
    }

    [Fact]
    public void A_database_of_another_program_is_refused()
    {
        _connection.Execute("CREATE TABLE theirs (x)");

        Should
            .Throw<IncompatibleDatabaseException>(() => Migrator.Migrate(_connection, Migrator.All))
            .Message.ShouldContain("not one of SqsNet");
    }

    private static SqliteConnection Migrated()
    {
        var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();
        Migrator.Migrate(connection, Migrator.All);
        return connection;
    }

    private static List<string> Schema(SqliteConnection connection) =>
        connection.Query<string>("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name").AsList();
}
