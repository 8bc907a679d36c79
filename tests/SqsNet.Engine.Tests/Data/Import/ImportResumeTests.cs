using SqsNet.Engine.Data;

namespace SqsNet.Engine.Tests.Data.Import;

/// <summary>Imports that are cancelled, killed or run out of room, and asked for again.</summary>
public sealed class ImportResumeTests : ImporterTests
{
    // Two and a half batches of the pipeline, so that there is something to take over and something left.
    private const int Faces = 640;

    public ImportResumeTests()
    {
        for (var i = 0; i < Faces; i++)
            Write($"{(i % 2 == 0 ? "happy" : "sad")}/{i:D4}.png", i == 10 ? [1, 2, 3] : SomeFace.GrayPng((byte)i));
    }

    [Fact]
    public async Task A_cancelled_import_goes_on_where_it_was_and_ends_like_an_undisturbed_one()
    {
        var undisturbed = await ImportAsync("imagefolder", r => r with { Name = "undisturbed" });
        await CancelAsync("faces", after: 2);
        Registry.Find("faces").ShouldBeNull();
        Registry.List().ShouldNotContain(d => d.Name == "faces");
        Registry.Unfinished().ShouldHaveSingleItem().Path.ShouldBe(Source.Path);

        var report = await ImportAsync("imagefolder");
        report.TakenOver.ShouldBe(512);
        report.Dataset.Hash.ShouldBe(undisturbed.Dataset.Hash);
        report.Problems.ShouldBe(undisturbed.Problems);
        report.Problems.ShouldHaveSingleItem().Item.ShouldBe("happy/0010.png");
        Registry.Unfinished().ShouldBeEmpty();
        using var faces = Registry.Open("faces");
        faces.Verify();
        faces.Count.ShouldBe(Faces - 1);
    }

    [Fact]
    public async Task Files_that_changed_meanwhile_are_read_again_with_all_that_follow()
    {
        await CancelAsync("faces", after: 2);
        // The 301st file in order: "happy" comes first, with every second number.
        Write("happy/0600.png", SomeFace.GrayPng(77));
        File.SetLastWriteTimeUtc(Source.File("happy/0600.png"), DateTime.UtcNow.AddHours(1));
        var report = await ImportAsync("imagefolder");
        report.TakenOver.ShouldBe(300);
        using var faces = Registry.Open("faces");
        var changed = Enumerable.Range(0, faces.Count).Single(i => faces.FileName(i) == "happy/0600.png");
        faces.Pixels(changed).ToArray().ShouldAllBe(p => p == 77);
    }

    [Fact]
    public async Task Another_request_starts_anew()
    {
        await CancelAsync("faces", after: 2);
        var report = await ImportAsync("imagefolder", r => r with { Size = 16 });
        report.TakenOver.ShouldBe(0);
        report.Dataset.Width.ShouldBe(16);
    }

    [Theory]
    [InlineData("faces.bin")]
    [InlineData("journal.bin")]
    public async Task Damage_to_what_was_done_costs_only_what_follows_it(string file)
    {
        var undisturbed = await ImportAsync("imagefolder", r => r with { Name = "undisturbed" });
        await CancelAsync("faces", after: 2);
        var path = Partial("faces", file);
        var bytes = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        bytes[bytes.Length * 3 / 4] ^= 1;
        await File.WriteAllBytesAsync(path, bytes, TestContext.Current.CancellationToken);
        var report = await ImportAsync("imagefolder");
        report.TakenOver.ShouldBeInRange(1, 511);
        report.Dataset.Hash.ShouldBe(undisturbed.Dataset.Hash);
    }

    // A kill between two writes leaves a block of the journal cut short and pixels that nobody has noted.
    [Fact]
    public async Task A_killed_import_goes_on_from_its_last_whole_batch()
    {
        await CancelAsync("faces", after: 2);
        using (var journal = File.OpenWrite(Partial("faces", "journal.bin")))
            journal.SetLength(journal.Length - 5);
        File.AppendAllText(Partial("faces", "faces.bin"), "half a face");
        var report = await ImportAsync("imagefolder");
        report.TakenOver.ShouldBe(256);
        using var faces = Registry.Open("faces");
        faces.Verify();
    }

    [Fact]
    public async Task What_an_interrupted_import_left_can_be_discarded()
    {
        await CancelAsync("faces", after: 1);
        Registry.Discard("faces");
        Registry.Unfinished().ShouldBeEmpty();
        Directory.Exists(Path.GetDirectoryName(Partial("faces", "x"))).ShouldBeFalse();
        (await ImportAsync("imagefolder")).TakenOver.ShouldBe(0);
    }

    [Fact]
    public async Task A_disk_that_fills_up_is_named_and_the_import_goes_on_when_there_is_room()
    {
        using var disk = SmallDisk.TryMount(3);
        Assert.SkipWhen(disk is null, "needs the right to mount a tmpfs of 3 MB");
        var registry = new DatasetRegistry(new() { DataDirectory = disk.Path });
        // 8 KiB a face: there is room for two batches and not for the third once something else has taken it.
        var request = new ImportRequest("imagefolder", Source.Path, "faces") { Size = 64, Channels = 1 };
        var filler = Path.Combine(disk.Path, "filler");
        var filling = new Doing(progress =>
        {
            if (progress.Done == 256)
                disk.Fill(filler);
        });
        var error = await Should.ThrowAsync<DatasetException>(() =>
            registry.ImportAsync(request, filling, CancellationToken.None)
        );
        error.Message.ShouldContain("is full");
        error.Message.ShouldContain("256 of 640 faces are done");
        error.Message.ShouldContain("Make room");
        error.Message.ShouldContain(disk.Path);
        File.Delete(filler);
        var report = await registry.ImportAsync(request, null, CancellationToken.None);
        report.TakenOver.ShouldBe(256);
        report.Dataset.Total(DatasetSplit.Train).ShouldBeGreaterThan(500);
    }

    [Fact]
    public async Task A_disk_that_is_too_small_is_named_before_anything_is_read()
    {
        using var disk = SmallDisk.TryMount(1);
        Assert.SkipWhen(disk is null, "needs the right to mount a tmpfs of 1 MB");
        var registry = new DatasetRegistry(new() { DataDirectory = disk.Path });
        var request = new ImportRequest("imagefolder", Source.Path, "faces") { Size = 64 };
        var error = await Should.ThrowAsync<DatasetException>(() =>
            registry.ImportAsync(request, null, CancellationToken.None)
        );
        error.Message.ShouldContain("640 faces of 64 x 64 need 2 MiB");
        error.Message.ShouldContain("ask for a smaller size");
    }

    private async Task CancelAsync(string name, int after)
    {
        using var stop = new CancellationTokenSource();
        var batches = 0;
        var progress = new Doing(_ =>
        {
            if (++batches == after)
                stop.Cancel();
        });
        await Should.ThrowAsync<OperationCanceledException>(() =>
            Registry.ImportAsync(new("imagefolder", Source.Path, name), progress, stop.Token)
        );
    }

    private string Partial(string name, string file) => Path.Combine(DatasetsPath, $".{name}.partial", file);

    private sealed class Doing(Action<ImportProgress> what) : IProgress<ImportProgress>
    {
        public void Report(ImportProgress value) => what(value);
    }
}
