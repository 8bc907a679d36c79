using System.IO.Compression;
using SqsNet.Engine.Events;
using SqsNet.Engine.Sweeps;

namespace SqsNet.Storage.Tests.Care;

public sealed class SweepArchiveTests : IAsyncDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("sqsnet-").FullName;
    private readonly TestStore _from;
    private readonly TestStore _to;

    public SweepArchiveTests()
    {
        _from = new TestStore(Path.Combine(_directory, "from"));
        _to = new TestStore(Path.Combine(_directory, "to"));
    }

    public async ValueTask DisposeAsync()
    {
        await _from.DisposeAsync();
        await _to.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Zip => Path.Combine(_directory, "sweep.zip");

    [Fact]
    public async Task A_sweep_arrives_as_it_was_under_new_ids()
    {
        var (sweepId, trials) = await FillAsync();
        await _from.Sweeps.SetSweepStateAsync(sweepId, SweepState.Completed, "done", default);
        // Ids in the other store are taken already.
        await _to.AddTrialAsync();
        await Archive(_from).ExportAsync(sweepId, Zip, Token);

        var importedId = await Archive(_to).ImportAsync(Zip, Token);

        importedId.ShouldNotBe(sweepId);
        var sweep = await _from.Sweeps.FindSweepAsync(sweepId, Token);
        var imported = await _to.Sweeps.FindSweepAsync(importedId, Token);
        (imported! with { Id = sweepId, Spec = sweep!.Spec, Counts = sweep.Counts }).ShouldBe(sweep);
        SweepSpecJson.Serialize(imported.Spec).ShouldBe(SweepSpecJson.Serialize(sweep.Spec));
        imported.Counts.ShouldBe(sweep.Counts, ignoreOrder: true);
        var importedTrials = await _to.Sweeps.ListTrialsAsync(importedId, Token);
        importedTrials.Select(t => t.Id).ShouldNotContain(trials[0].Id);
        importedTrials[1].ParentId.ShouldBe(importedTrials[0].Id);
        foreach (var (was, now) in (await _from.Sweeps.ListTrialsAsync(sweepId, Token)).Zip(importedTrials))
        {
            (now.Number, now.Configuration, now.Spec, now.State, now.LastSeq).ShouldBe(
                (was.Number, was.Configuration, was.Spec, was.State, was.LastSeq)
            );
            now.Best.ShouldBe(was.Best, ignoreOrder: true);
            now.CreatedAt.ShouldBe(was.CreatedAt);
            now.Reason?.Text.ShouldBe(was.Reason?.Text);
            (await EventsAsync(_to, now.Id)).ShouldBe(await EventsAsync(_from, was.Id));
        }
        (await StoreMaintenance.VerifyAsync(_to.Database, Token)).Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_trials_folder_travels_with_it()
    {
        var (sweepId, trials) = await FillAsync();
        await WriteAsync(_from, trials[0].Id, "checkpoint/weights.safetensors", "weights");
        await WriteAsync(_from, trials[0].Id, "maps/epoch-0001.maps", "maps");
        await WriteAsync(_from, trials[0].Id, "trial.json", "carries the old id");
        File.CreateSymbolicLink(PathOf(_from, trials[0].Id, "link"), "/etc/hostname");

        await Archive(_from).ExportAsync(sweepId, Zip, Token);
        var imported = await Archive(_to).ImportAsync(Zip, Token);

        var trial = (await _to.Sweeps.ListTrialsAsync(imported, Token))[0];
        var folder = PathOf(_to, trial.Id, "");
        Directory
            .GetFiles(folder, "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(folder, path))
            .ShouldBe(["checkpoint/weights.safetensors", "maps/epoch-0001.maps"], ignoreOrder: true);
        (await File.ReadAllTextAsync(PathOf(_to, trial.Id, "maps/epoch-0001.maps"), Token)).ShouldBe("maps");
        ShouldLeaveNoStaging();
    }

    [Fact]
    public async Task A_sweep_that_had_not_ended_arrives_paused_and_trains_nothing_by_itself()
    {
        var (sweepId, trials) = await FillAsync();
        await _from.StoreAsync(trials[1].Id, Some.State(TrialState.Running, 3));
        await Archive(_from).ExportAsync(sweepId, Zip, Token);

        var imported = await Archive(_to).ImportAsync(Zip, Token);

        (await _to.Sweeps.FindSweepAsync(imported, Token))!.State.ShouldBe(SweepState.Paused);
        var now = await _to.Sweeps.ListTrialsAsync(imported, Token);
        now.Select(t => t.State).ShouldBe([TrialState.Completed, TrialState.Paused, TrialState.Waiting]);
        now[1].Attempts.ShouldBe(3);
        (await StoreMaintenance.VerifyAsync(_to.Database, Token)).Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task Importing_rings_when_everything_can_be_read()
    {
        var (sweepId, trials) = await FillAsync();
        await WriteAsync(_from, trials[0].Id, "best.safetensors", "weights");
        await Archive(_from).ExportAsync(sweepId, Zip, Token);
        var seen = new List<bool>();
        using var _ = _to.Changes.Subscribe(change =>
        {
            var trial = _to.Sweeps.ListTrialsAsync(change.SweepId, Token).Result[0];
            seen.Add(File.Exists(PathOf(_to, trial.Id, "best.safetensors")));
        });

        await Archive(_to).ImportAsync(Zip, Token);

        seen.ShouldBe([true]);
    }

    [Fact]
    public async Task An_export_overwrites_nothing_and_needs_a_sweep()
    {
        var (sweepId, _) = await FillAsync();
        await File.WriteAllTextAsync(Zip, "precious", Token);

        await Should.ThrowAsync<IOException>(() => Archive(_from).ExportAsync(sweepId, Zip, Token));
        await Should.ThrowAsync<NotFoundException>(() => Archive(_from).ExportAsync(99, Zip + "2", Token));

        (await File.ReadAllTextAsync(Zip, Token)).ShouldBe("precious");
        Directory.GetFiles(_directory).ShouldBe([Zip]);
    }

    [Theory]
    [InlineData("trials/0/files/../../../../evil.txt")]
    [InlineData("trials/0/files/..")]
    [InlineData("trials/0/files/./a")]
    [InlineData("trials/0/files//a")]
    [InlineData("trials/0/files/a\\..\\..\\evil.txt")]
    [InlineData("trials/0/files/C:evil.txt")]
    [InlineData("trials/0/files/a\u0000b")]
    [InlineData("trials/0/files/folder/")]
    [InlineData("trials/../evil.txt")]
    [InlineData("trials/7/files/of-no-trial")]
    [InlineData("/tmp/evil.txt")]
    [InlineData("../evil.txt")]
    [InlineData("readme.txt")]
    [InlineData("sweep.json")]
    public async Task A_name_that_has_no_place_in_an_archive_is_refused_before_anything_is_written(string name)
    {
        await ExportAndAddAsync(name, "evil");

        await Should.ThrowAsync<InvalidDataException>(() => Archive(_to).ImportAsync(Zip, Token));

        (await _to.Sweeps.ListSweepsAsync(Token)).ShouldBeEmpty();
        Directory.GetFiles(_directory, "*evil*", SearchOption.AllDirectories).ShouldBeEmpty();
        ShouldLeaveNoStaging();
    }

    [Fact]
    public async Task What_unpacks_to_more_than_is_allowed_is_refused()
    {
        await ExportAndAddAsync("trials/0/files/bomb", new string('0', 5_000_000));

        var error = await Should.ThrowAsync<InvalidDataException>(() =>
            Archive(_to).ImportAsync(Zip, Token, maxBytes: 1_000_000)
        );

        error.Message.ShouldContain("trials/0/files/bomb");
        (await _to.Sweeps.ListSweepsAsync(Token)).ShouldBeEmpty();
        ShouldLeaveNoStaging();
    }

    [Theory]
    [InlineData("sweep.json", null, "is missing")]
    [InlineData("sweep.json", "{}", "cannot be read")]
    [InlineData("sweep.json", "null", "format")]
    [InlineData("trials/1/events.jsonl", null, "is missing")]
    [InlineData("trials/1/events.jsonl", "{\"kind\":\"unheard of\"}", "line 1 is not an event")]
    [InlineData("trials/1/events.jsonl", "{\"kind\":\"log\",\"sev", "line 1 is not an event")]
    public async Task A_file_that_is_broken_inside_leaves_nothing_behind(string name, string? content, string expected)
    {
        var (sweepId, trials) = await FillAsync();
        await WriteAsync(_from, trials[0].Id, "best.safetensors", "weights");
        await Archive(_from).ExportAsync(sweepId, Zip, Token);
        await using (var zip = await ZipFile.OpenAsync(Zip, ZipArchiveMode.Update, Token))
        {
            zip.GetEntry(name)!.Delete();
            if (content is not null)
                await AddAsync(zip, name, content);
        }

        var error = await Should.ThrowAsync<InvalidDataException>(() => Archive(_to).ImportAsync(Zip, Token));

        error.Message.ShouldContain(name);
        error.Message.ShouldContain(expected);
        (await _to.Sweeps.ListSweepsAsync(Token)).ShouldBeEmpty();
        Directory.Exists(Path.Combine(_to.DataDirectory, "trials")).ShouldBeFalse();
        ShouldLeaveNoStaging();
    }

    [Fact]
    public async Task A_file_that_is_no_zip_is_refused()
    {
        await File.WriteAllTextAsync(Zip, "not a zip file", Token);

        await Should.ThrowAsync<InvalidDataException>(() => Archive(_to).ImportAsync(Zip, Token));
    }

    private static SweepArchive Archive(TestStore store) => new(store.Database, store.Changes, TimeProvider.System);

    private async Task<(long SweepId, IReadOnlyList<TrialRecord> Trials)> FillAsync()
    {
        var sweepId = await _from.AddSweepAsync();
        var first = await _from.Sweeps.AddTrialsAsync([Some.Trial(sweepId, 0)], default);
        var others = await _from.Sweeps.AddTrialsAsync(
            [Some.Trial(sweepId, 1, first[0].Id), Some.Trial(sweepId, 2)],
            default
        );
        await _from.StoreAsync(
            first[0].Id,
            [
                Some.State(TrialState.Running),
                .. Enumerable.Range(1, 700).Select(i => Some.Step(i, ("train/loss", i == 5 ? double.NaN : 1.0 / i))),
                Some.Epoch(1, true, ("val/accuracy", 0.5)),
                Some.Log("line\nbreak"),
                Some.State(TrialState.Completed),
            ]
        );
        return (sweepId, [.. first, .. others]);
    }

    private static async Task<IEnumerable<string>> EventsAsync(TestStore store, long trialId) =>
        (await store.Log.ReadAsync(trialId, 0, 10_000, Token)).Select(e =>
            $"{e.Seq} {TrialEventJson.Serialize(e.Event)}"
        );

    private async Task ExportAndAddAsync(string name, string content)
    {
        var (sweepId, _) = await FillAsync();
        await Archive(_from).ExportAsync(sweepId, Zip, Token);
        await using var zip = await ZipFile.OpenAsync(Zip, ZipArchiveMode.Update, Token);
        await AddAsync(zip, name, content);
    }

    private static async Task AddAsync(ZipArchive zip, string name, string content)
    {
        await using var writer = new StreamWriter(await zip.CreateEntry(name).OpenAsync(Token));
        await writer.WriteAsync(content);
    }

    private static string PathOf(TestStore store, long trialId, string name) =>
        Path.Combine(store.DataDirectory, "trials", $"{trialId}", name);

    private static async Task WriteAsync(TestStore store, long trialId, string name, string content)
    {
        var path = PathOf(store, trialId, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllTextAsync(path, content, Token);
    }

    private void ShouldLeaveNoStaging() => Directory.GetDirectories(_to.DataDirectory, "import-*").ShouldBeEmpty();
}
