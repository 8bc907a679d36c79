using System.CommandLine;
using SqsNet.Storage;

namespace SqsNet.Cli.Commands;

/// <summary>store verify|backup|restore|export|import: care of the data directory.</summary>
internal static class StoreCommand
{
    internal static Command Create(TextWriter output) =>
        new("store", "Care of the data directory")
        {
            Verify(output),
            Backup(output),
            Restore(output),
            Export(output),
            Import(output),
        };

    private static Command Verify(TextWriter output)
    {
        var data = CommonOptions.Data();
        var command = new Command("verify", "Check the store against its own log; it may be in use") { data };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var report = await StoreMaintenance.VerifyAsync(parsed.GetRequiredValue(data), cancellationToken);
                foreach (var problem in report.Problems)
                    output.WriteLine(problem);
                output.WriteLine(
                    $"{(report.IsSound ? "sound" : $"{report.Problems.Count} problems")}: {report.Sweeps:N0} sweeps, "
                        + $"{report.Trials:N0} trials, {report.Events:N0} events, {report.Points:N0} points"
                );
                return report.IsSound ? SqsCli.Done : SqsCli.Failed;
            }
        );
        return command;
    }

    private static Command Backup(TextWriter output)
    {
        var data = CommonOptions.Data();
        var file = new Argument<string>("FILE") { Description = "The backup to write; must not exist" };
        var command = new Command("backup", "Write the store as it is now into one file; it may be in use")
        {
            file,
            data,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var target = Path.GetFullPath(parsed.GetRequiredValue(file));
                await StoreMaintenance.BackupAsync(parsed.GetRequiredValue(data), target, cancellationToken);
                output.WriteLine($"{target} ({new FileInfo(target).Length:N0} bytes)");
                return SqsCli.Done;
            }
        );
        return command;
    }

    private static Command Restore(TextWriter output)
    {
        var data = CommonOptions.Data();
        var file = new Argument<string>("FILE") { Description = "A backup" };
        var command = new Command("restore", "Put a backup in the store's place; what was there is kept aside")
        {
            file,
            data,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var report = await StoreMaintenance.RestoreAsync(
                    parsed.GetRequiredValue(data),
                    parsed.GetRequiredValue(file),
                    TimeProvider.System,
                    cancellationToken
                );
                output.WriteLine("restored");
                foreach (var kept in new[] { report.KeptDatabase, report.KeptTrials }.OfType<string>())
                    output.WriteLine($"kept aside: {kept}");
                return SqsCli.Done;
            }
        );
        return command;
    }

    private static Command Export(TextWriter output)
    {
        var data = CommonOptions.Data();
        var sweep = new Argument<long>("SWEEP") { Description = "The sweep's number" };
        var file = new Argument<string>("FILE.zip") { Description = "The archive to write" };
        var command = new Command("export", "Write a sweep, its trials, events and files, into an archive")
        {
            sweep,
            file,
            data,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                await using var host = EngineHost.OpenReadOnly(parsed.GetRequiredValue(data));
                var target = Path.GetFullPath(parsed.GetRequiredValue(file));
                await host.Get<SweepArchive>().ExportAsync(parsed.GetRequiredValue(sweep), target, cancellationToken);
                output.WriteLine($"{target} ({new FileInfo(target).Length:N0} bytes)");
                return SqsCli.Done;
            }
        );
        return command;
    }

    private static Command Import(TextWriter output)
    {
        var data = CommonOptions.Data();
        var file = new Argument<string>("FILE.zip") { Description = "An archive that export wrote" };
        var command = new Command("import", "Add the sweep of an archive") { file, data };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                await using var host = EngineHost.Open(parsed.GetRequiredValue(data), "cpu");
                var id = await host.Get<SweepArchive>()
                    .ImportAsync(Path.GetFullPath(parsed.GetRequiredValue(file)), cancellationToken);
                output.WriteLine($"sweep {id}");
                return SqsCli.Done;
            }
        );
        return command;
    }
}
