using System.IO.Compression;

namespace SqsNet.Cli.Tests.Commands;

[Collection(TrainedSweep.Collection)]
public sealed class StoreCommandTests(TrainedSweep trained)
{
    [Fact]
    public async Task A_store_that_a_sweep_was_trained_into_is_sound() =>
        (await StoreAsync("verify", "--data", trained.Data)).ShouldStartWith("sound: 1 sweeps, 4 trials, ");

    [Fact]
    public async Task A_store_is_backed_up_and_restored_into_another_directory()
    {
        var backup = trained.File("backup.db");
        var other = trained.File("restored");

        (await StoreAsync("backup", backup, "--data", trained.Data)).ShouldContain(backup);
        (await StoreAsync("restore", backup, "--data", other)).ShouldStartWith("restored");

        (await ReportAsync(other, 1)).ShouldBe(await ReportAsync(trained.Data, 1));
        var (code, _, error) = await Cli.RunAsync("store", "backup", backup, "--data", trained.Data);
        code.ShouldBe(SqsCli.Failed);
        error.ShouldContain(backup);
    }

    [Fact]
    public async Task A_sweep_is_exported_with_its_files_and_imported_under_a_number_of_the_other_store()
    {
        var archive = trained.File("sweep.zip");
        var other = trained.File("imported");
        await StoreAsync("export", "1", archive, "--data", trained.Data);

        (await StoreAsync("import", archive, "--data", other)).Trim().ShouldBe("sweep 1");
        (await StoreAsync("import", archive, "--data", other)).Trim().ShouldBe("sweep 2");

        (await ReportAsync(other, 2)).ShouldBe(await ReportAsync(trained.Data, 1));
        (await StoreAsync("verify", "--data", other)).ShouldStartWith("sound: 2 sweeps, 8 trials, ");
        File.Exists(Path.Combine(other, "trials", "8", "best.safetensors")).ShouldBeTrue();
        using var zip = ZipFile.OpenRead(archive);
        zip.Entries.ShouldContain(entry => entry.FullName.EndsWith("best.safetensors"));
    }

    [Fact]
    public async Task A_damaged_archive_is_refused()
    {
        var archive = trained.File("damaged.zip");
        await File.WriteAllBytesAsync(archive, [1, 2, 3]);

        var (code, _, error) = await Cli.RunAsync("store", "import", archive, "--data", trained.File("untouched"));

        code.ShouldBe(SqsCli.Failed);
        error.ShouldStartWith("sqsnet: ");
    }

    private static Task<string> StoreAsync(params string[] args) => Cli.DoAsync(["store", .. args]);

    private static Task<string> ReportAsync(string data, int sweep) =>
        Cli.DoAsync("report", "metrics", "--sweep", $"{sweep}", "--data", data);
}
