using System.Globalization;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using SqsNet.Engine;
using SqsNet.Engine.Events;
using SqsNet.Engine.Sweeps;

namespace SqsNet.Storage.Tests;

public sealed class SqsDatabaseTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("sqsnet-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Commits_go_to_a_write_ahead_log_and_reach_the_disk()
    {
        using var database = SqsDatabase.Open(_directory);

        var pragmas = await database.WriteAsync(
            connection =>
                (
                    connection.ExecuteScalar<string>("PRAGMA journal_mode"),
                    connection.ExecuteScalar<int>("PRAGMA synchronous"),
                    connection.ExecuteScalar<int>("PRAGMA foreign_keys")
                ),
            default
        );

        pragmas.ShouldBe(("wal", 2, 1));
    }

    [Fact]
    public void A_second_writer_is_refused_and_told_who_the_first_one_is()
    {
        using var first = SqsDatabase.Open(_directory);

        var error = Should.Throw<DataDirectoryInUseException>(() => SqsDatabase.Open(_directory));

        error.Message.ShouldContain(_directory);
        error.Message.ShouldContain(string.Create(CultureInfo.InvariantCulture, $"process {Environment.ProcessId} on"));
    }

    [Fact]
    public void When_the_first_writer_is_gone_the_next_one_may_open()
    {
        SqsDatabase.Open(_directory).Dispose();

        using var second = SqsDatabase.Open(_directory);

        second.IsReadOnly.ShouldBeFalse();
    }

    [Fact]
    public void A_refused_database_is_not_kept_locked()
    {
        File.WriteAllText(Path.Combine(_directory, SqsDatabase.FileName), "this is no database, long enough to see");
        Should
            .Throw<IncompatibleDatabaseException>(() => SqsDatabase.Open(_directory))
            .Message.ShouldContain("damaged");
        File.Delete(Path.Combine(_directory, SqsDatabase.FileName));

        using var database = SqsDatabase.Open(_directory);
    }

    [Fact]
    public async Task Readers_may_open_beside_the_writer_and_without_one()
    {
        await using (var store = new TestStore(_directory))
        {
            var trial = await store.AddTrialAsync();
            using var beside = SqsDatabase.OpenReadOnly(_directory);
            (await Count(beside)).ShouldBe(1);
            await store.AddTrialAsync();
            (await Count(beside)).ShouldBe(2);
            await Should.ThrowAsync<InvalidOperationException>(() => beside.WriteAsync(_ => 0, default));
        }
        using var alone = SqsDatabase.OpenReadOnly(_directory);
        (await Count(alone)).ShouldBe(2);

        static Task<int> Count(SqsDatabase database) =>
            database.ReadAsync(c => c.ExecuteScalar<int>("SELECT count(*) FROM trial"), default);
    }

    [Fact]
    public void Without_a_database_there_is_nothing_to_read() =>
        Should.Throw<FileNotFoundException>(() => SqsDatabase.OpenReadOnly(_directory));

    [Fact]
    public async Task A_write_that_fails_is_undone_and_the_next_one_works()
    {
        using var database = SqsDatabase.Open(_directory);

        await Should.ThrowAsync<InvalidDataException>(() =>
            database.WriteAsync<int>(
                connection =>
                {
                    connection.Execute("INSERT INTO metric (name) VALUES ('half')");
                    throw new InvalidDataException();
                },
                default
            )
        );
        await database.WriteAsync(c => c.Execute("INSERT INTO metric (name) VALUES ('whole')"), default);

        (await database.ReadAsync(c => c.Query<string>("SELECT name FROM metric").AsList(), default)).ShouldBe([
            "whole",
        ]);
    }

    [Fact]
    public async Task The_services_share_one_store()
    {
        var services = new ServiceCollection()
            .AddSingleton(typeof(ILogger<>), typeof(NullLogger<>))
            .AddSqsEngine(new EngineOptions { DataDirectory = _directory, Device = "cpu" })
            .AddSqsStorage(_directory);
        await using var provider = services.BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true });
        var sweeps = provider.GetRequiredService<ISweepStore>();
        var log = provider.GetRequiredService<IEventLog>();
        var sweep = await sweeps.AddSweepAsync(new SweepSpec(), 1, default);
        var trial = (await sweeps.AddTrialsAsync([Some.Trial(sweep)], default)).Single();

        log.Append(trial.Id, Some.Step(1, ("a", 1)));
        await log.FlushAsync(default);

        (await provider.GetRequiredService<SeriesQueries>().MetricsAsync(trial.Id, default)).ShouldBe(["a"]);
        provider.GetRequiredService<EventLog>().ShouldBeSameAs(log);
        provider.GetRequiredService<SweepStore>().ShouldBeSameAs(sweeps);
    }
}
