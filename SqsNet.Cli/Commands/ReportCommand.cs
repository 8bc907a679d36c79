using System.CommandLine;
using SqsNet.Engine.Events;
using SqsNet.Engine.Reports;

namespace SqsNet.Cli.Commands;

/// <summary>report TABLE --sweep ID: a table from the store, also while a server has it open.</summary>
internal static class ReportCommand
{
    internal static Command Create(TextWriter output)
    {
        var table = new Argument<string>("TABLE") { Description = string.Join(", ", ReportRegistry.Names) };
        table.AcceptOnlyFromAmong([.. ReportRegistry.Names]);
        var sweep = new Option<long>("--sweep") { Description = "The sweep's number", HelpName = "ID", Required = true };
        var format = new Option<string>("--format")
        {
            Description = "markdown, csv, latex or json",
            HelpName = "FORMAT",
            DefaultValueFactory = _ => "markdown",
        };
        format.AcceptOnlyFromAmong("markdown", "csv", "latex", "json");
        var data = CommonOptions.Data();
        var command = new Command("report", "Print a table of a sweep") { table, sweep, format, data };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                await using var host = EngineHost.OpenReadOnly(parsed.GetRequiredValue(data));
                var report = await host.Get<ReportRegistry>()
                    .CreateAsync(parsed.GetRequiredValue(table), parsed.GetRequiredValue(sweep), cancellationToken);
                output.Write(report.Render(parsed.GetRequiredValue(format)));
                return SqsCli.Done;
            }
        );
        return command;
    }
}
