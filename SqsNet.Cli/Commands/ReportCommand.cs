using System.CommandLine;
using SqsNet.Engine.Events;
using SqsNet.Engine.Reports;
using SqsNet.Engine.Sweeps;
using SqsNet.Storage;

namespace SqsNet.Cli.Commands;

/// <summary>report TABLE --sweep ID: a table from the store, also while a server has it open.</summary>
internal static class ReportCommand
{
    internal static Command Create(TextWriter output)
    {
        var table = new Argument<string>("TABLE") { Description = string.Join(", ", ReportRegistry.Names) };
        table.AcceptOnlyFromAmong([.. ReportRegistry.Names]);
        var sweep = new Option<long>("--sweep")
        {
            Description = "The sweep's number",
            HelpName = "ID",
            Required = true,
        };
        var formats = Enum.GetValues<ReportFormat>().Select(SweepSpecJson.Word).ToArray();
        var format = new Option<string>("--format")
        {
            Description = string.Join(", ", formats),
            HelpName = "FORMAT",
            DefaultValueFactory = _ => formats[0],
        };
        format.AcceptOnlyFromAmong(formats);
        var data = CommonOptions.Data();
        var command = new Command("report", "Print a table of a sweep") { table, sweep, format, data };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                await using var host = EngineHost.OpenReadOnly(parsed.GetRequiredValue(data));
                var name = parsed.GetRequiredValue(table);
                var input = await ReadAsync(host, parsed.GetRequiredValue(sweep), name, cancellationToken);
                var kind = ReportRenderer.FindFormat(parsed.GetRequiredValue(format)) ?? ReportFormat.Markdown;
                output.WriteLine(ReportRenderer.Render(ReportRegistry.Create(name, input), kind).TrimEnd());
                return SqsCli.Done;
            }
        );
        return command;
    }

    private static async Task<ReportInput> ReadAsync(
        EngineHost host,
        long sweepId,
        string table,
        CancellationToken cancellationToken
    )
    {
        var store = host.Get<ISweepStore>();
        var sweep =
            await store.FindSweepAsync(sweepId, cancellationToken) ?? throw new NotFoundException($"sweep {sweepId}");
        var trials = await store.ListTrialsAsync(sweepId, cancellationToken);
        var confusions = new Dictionary<long, ConfusionReported>();
        if (ReportRegistry.NeedsConfusions(table))
            foreach (var trial in trials)
                if (
                    await host.Get<TrialQueries>().ConfusionAsync(trial.Id, "test", null, cancellationToken) is
                    { } matrix
                )
                    confusions[trial.Id] = matrix;
        return new ReportInput(sweep, trials) { Confusions = confusions };
    }
}
