using System.CommandLine;
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
                var input = await host.Get<ReportQueries>()
                    .ReadAsync(parsed.GetRequiredValue(sweep), name, cancellationToken);
                var kind = ReportRenderer.FindFormat(parsed.GetRequiredValue(format)) ?? ReportFormat.Markdown;
                output.WriteLine(ReportRenderer.Render(ReportRegistry.Create(name, input), kind).TrimEnd());
                return SqsCli.Done;
            }
        );
        return command;
    }
}
