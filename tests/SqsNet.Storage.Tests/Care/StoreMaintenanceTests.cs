using Dapper;
using Microsoft.Data.Sqlite;
using SqsNet.Engine.Events;
using SqsNet.Engine.Sweeps;

namespace SqsNet.Storage.Tests.Care;

public sealed class StoreMaintenanceTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("sqsnet-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Data => Path.Combine(_directory, "data");

    private string Backup => Path.Combine(_directory, "backup.db");

    [Fact]
    public async Task A_store_with_everything_in_it_is_sound_also_while_it_is_written()
    {
        await using var store = new TestStore(Data);
        await FillAsync(store);

        var report = await StoreMaintenance.VerifyAsync(Data, Token);

        report.Problems.ShouldBeEmpty();
        report.IsSound.ShouldBeTrue();
        (report.Sweeps, report.Trials, report.Events, report.Points).ShouldBe((1, 2, 614, 1207));
    }

    [Theory]
    [InlineData("UPDATE trial SET state = 'failed' WHERE id = 1", "Trial 1: its state is Failed, by the log Completed")]
    [InlineData("UPDATE trial SET last_seq = last_seq + 1 WHERE id = 1", "last event")]
    [InlineData("UPDATE trial SET quads_seq = NULL", "quads")]
    [InlineData("UPDATE trial SET tags = 'made up' WHERE id = 1", "tags")]
    [InlineData("DELETE FROM event WHERE trial_id = 1 AND seq = 2", "Trial 1: event 2 is missing")]
    [InlineData("DELETE FROM event_pack WHERE id = (SELECT max(id) FROM event_pack)", "is missing")]
    [InlineData("UPDATE latest_metric SET value = 9 WHERE trial_id = 1", "latest metrics")]
    [InlineData("DELETE FROM best_metric", "best metrics")]
    [InlineData("DELETE FROM chunk WHERE id = (SELECT max(id) FROM chunk)", "differs from the log")]
    [InlineData("UPDATE chunk SET data = x'0102'", "cannot be read")]
    [InlineData("DELETE FROM confusion", "confusion matrices")]
    [InlineData("UPDATE artifact SET path = 'elsewhere'", "files")]
    [InlineData("INSERT INTO event (id, kind, payload) VALUES (77 << 32 | 1, 'log', '{}')", "trial 77")]
    [InlineData("INSERT INTO chunk (id, last_seq, data) VALUES (7777 << 32 | 1, 1, x'')", "series 7777")]
    [InlineData("PRAGMA foreign_keys = OFF; DELETE FROM sweep", "refers to a row of sweep")]
    public async Task What_was_tampered_with_is_found(string tampering, string expected)
    {
        await using (var store = new TestStore(Data))
            await FillAsync(store);
        await TamperAsync(Data, tampering);

        var report = await StoreMaintenance.VerifyAsync(Data, Token);

        report.IsSound.ShouldBeFalse();
        report.Problems.ShouldContain(p => p.Contains(expected), string.Join("\n", report.Problems));
    }

    [Fact]
    public async Task A_backup_taken_while_the_store_is_written_restores_to_what_it_was()
    {
        long trialId;
        await using (var store = new TestStore(Data))
        {
            trialId = await FillAsync(store);
            await StoreMaintenance.BackupAsync(Data, Backup, Token);
            await store.StoreAsync(trialId, Some.Log("after the backup"));
        }

        var report = await StoreMaintenance.RestoreAsync(Data, Backup, TimeProvider.System, Token);

        await using (var restored = new TestStore(Data))
        {
            (await restored.GetTrialAsync(trialId)).LastSeq.ShouldBe(612);
            (await StoreMaintenance.VerifyAsync(restored.Database, Token)).Problems.ShouldBeEmpty();
        }
        await using var kept = new SqliteConnection(
            SqsDatabase.ConnectionString(report.KeptDatabase.ShouldNotBeNull(), SqliteOpenMode.ReadOnly)
        );
        kept.QuerySingle<long>("SELECT last_seq FROM trial WHERE id = $trialId", new { trialId }).ShouldBe(613);
        SqliteConnection.ClearPool(kept);
    }

    [Fact]
    public async Task A_backup_restores_into_an_empty_directory()
    {
        await using (var store = new TestStore(Data))
            await FillAsync(store);
        await StoreMaintenance.BackupAsync(Data, Backup, Token);
        var elsewhere = Path.Combine(_directory, "elsewhere");

        var report = await StoreMaintenance.RestoreAsync(elsewhere, Backup, TimeProvider.System, Token);

        report.ShouldBe(new(null, null));
        (await StoreMaintenance.VerifyAsync(elsewhere, Token)).Trials.ShouldBe(2);
    }

    [Fact]
    public async Task A_backup_overwrites_nothing()
    {
        await using (var store = new TestStore(Data))
            await FillAsync(store);
        await File.WriteAllTextAsync(Backup, "precious", Token);

        await Should.ThrowAsync<IOException>(() => StoreMaintenance.BackupAsync(Data, Backup, Token));

        (await File.ReadAllTextAsync(Backup, Token)).ShouldBe("precious");
        Directory.GetFiles(_directory).ShouldBe([Backup]);
    }

    [Fact]
    public async Task Nothing_is_restored_under_a_process_that_has_the_store_open()
    {
        await using var store = new TestStore(Data);
        var trialId = await FillAsync(store);
        await StoreMaintenance.BackupAsync(Data, Backup, Token);

        await Should.ThrowAsync<DataDirectoryInUseException>(() =>
            StoreMaintenance.RestoreAsync(Data, Backup, TimeProvider.System, Token)
        );

        await store.StoreAsync(trialId, Some.Log("still here"));
        (await store.GetTrialAsync(trialId)).LastSeq.ShouldBe(613);
    }

    [Fact]
    public async Task A_damaged_or_foreign_backup_is_refused_and_the_store_stays()
    {
        await using (var store = new TestStore(Data))
            await FillAsync(store);
        await StoreMaintenance.BackupAsync(Data, Backup, Token);
        var bytes = await File.ReadAllBytesAsync(Backup, Token);
        var damaged = Path.Combine(_directory, "damaged.db");
        await File.WriteAllBytesAsync(damaged, bytes.AsMemory(0, bytes.Length / 2), Token);
        var foreign = Path.Combine(_directory, "foreign.db");
        await TamperAsync(foreign, "CREATE TABLE theirs (x)", isFile: true);
        var empty = Path.Combine(_directory, "empty.db");
        await File.WriteAllBytesAsync(empty, [], Token);
        var newer = Path.Combine(_directory, "newer.db");
        File.Copy(Backup, newer);
        await TamperAsync(newer, "PRAGMA user_version = 99", isFile: true);

        Task RestoreAsync(string file) => StoreMaintenance.RestoreAsync(Data, file, TimeProvider.System, Token);

        (await Should.ThrowAsync<IOException>(() => RestoreAsync(damaged))).Message.ShouldContain("damaged");
        await Should.ThrowAsync<IncompatibleDatabaseException>(() => RestoreAsync(foreign));
        await Should.ThrowAsync<IncompatibleDatabaseException>(() => RestoreAsync(empty));
        await Should.ThrowAsync<IncompatibleDatabaseException>(() => RestoreAsync(newer));
        await Should.ThrowAsync<FileNotFoundException>(() => RestoreAsync(Path.Combine(_directory, "absent.db")));
        (await StoreMaintenance.VerifyAsync(Data, Token)).IsSound.ShouldBeTrue();
        Directory.GetFiles(Data).ShouldNotContain(file => file.Contains("incoming") || file.Contains("before"));
    }

    [Fact]
    public async Task A_damaged_store_can_be_replaced()
    {
        await using (var store = new TestStore(Data))
            await FillAsync(store);
        await StoreMaintenance.BackupAsync(Data, Backup, Token);
        await File.WriteAllTextAsync(Path.Combine(Data, SqsDatabase.FileName), "no database any more, alas", Token);

        var report = await StoreMaintenance.RestoreAsync(Data, Backup, TimeProvider.System, Token);

        (await File.ReadAllTextAsync(report.KeptDatabase!, Token)).ShouldStartWith("no database");
        (await StoreMaintenance.VerifyAsync(Data, Token)).IsSound.ShouldBeTrue();
    }

    [Fact]
    public async Task Folders_of_trials_that_the_backup_does_not_know_are_moved_aside()
    {
        TrialRecord known,
            later;
        await using (var store = new TestStore(Data))
        {
            known = await store.AddTrialAsync();
            await StoreMaintenance.BackupAsync(Data, Backup, Token);
            later = await store.AddTrialAsync();
            foreach (var trial in new[] { known, later })
                await WriteCheckpointAsync(trial.Id);
        }

        var report = await StoreMaintenance.RestoreAsync(Data, Backup, TimeProvider.System, Token);

        // The next trial gets the later one's id, and must not find its checkpoint.
        File.Exists(Checkpoint(known.Id)).ShouldBeTrue();
        File.Exists(Checkpoint(later.Id)).ShouldBeFalse();
        File.Exists(Path.Combine(report.KeptTrials!, $"{later.Id}", "state.bin")).ShouldBeTrue();
    }

    private string Checkpoint(long trialId) => Path.Combine(Data, "trials", $"{trialId}", "state.bin");

    private async Task WriteCheckpointAsync(long trialId)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Checkpoint(trialId))!);
        await File.WriteAllTextAsync(Checkpoint(trialId), "weights", Token);
    }

    /// <summary>Two trials with every kind of event, one of them folded and packed.</summary>
    private static async Task<long> FillAsync(TestStore store)
    {
        var sweep = await store.AddSweepAsync();
        var trials = await store.Sweeps.AddTrialsAsync([Some.Trial(sweep, 0), Some.Trial(sweep, 1)], default);
        await store.StoreAsync(
            trials[0].Id,
            [
                Some.State(TrialState.Running),
                Some.Log("first"),
                new QuadsChosen("synthetic", [new(1, 2, 3, 4, [0, 0, 1, 2])]) { At = Some.Time },
            ]
        );
        await store.StoreAsync(
            trials[0].Id,
            Enumerable.Range(1, 600).Select(i => Some.Step(i, ("train/loss", 1.0 / i), ("train/accuracy", double.NaN)))
        );
        await store.StoreAsync(
            trials[0].Id,
            Some.Confusion("val", 1),
            Some.Epoch(1, true, ("val/accuracy", 0.5)),
            Some.Artifact("maps", 1, "maps/epoch-0001.maps"),
            Some.Epoch(2, true, ("val/accuracy", 0.6), ("val/loss", double.NaN)),
            Some.Epoch(3, false, ("val/accuracy", 0.55)),
            Some.Final(3, ("test/accuracy", 0.5)),
            Some.Log("last"),
            Some.Confusion("test", 3),
            Some.State(TrialState.Completed)
        );
        await store.StoreAsync(trials[1].Id, Some.State(TrialState.Running), Some.Step(1, ("a", 1), ("b", 2)));
        return trials[0].Id;
    }

    private static async Task TamperAsync(string path, string sql, bool isFile = false)
    {
        var file = isFile ? path : Path.Combine(path, SqsDatabase.FileName);
        await using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        await connection.OpenAsync(Token);
        connection.Execute(sql);
    }
}
