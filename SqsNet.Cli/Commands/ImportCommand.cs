using System.CommandLine;
using SqsNet.Engine;
using SqsNet.Engine.Data;

namespace SqsNet.Cli.Commands;

/// <summary>import KIND [PATH] --name NAME: prepares a dataset.</summary>
internal static class ImportCommand
{
    // A broken archive can have thousands of problems; the first of them say enough.
    private const int ShownProblems = 20;

    internal static Command Create(TextWriter output)
    {
        var kind = new Argument<string>("KIND") { Description = string.Join(", ", DatasetRegistry.Kinds) };
        var path = new Argument<string?>("PATH")
        {
            Description = "Folder of the faces; not for synthetic",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var name = new Option<string>("--name")
        {
            Description = "Name of the dataset",
            HelpName = "NAME",
            Required = true,
        };
        var replace = new Option<bool>("--replace") { Description = "Replace a dataset of that name" };
        var data = CommonOptions.Data();
        var command = new Command("import", "Prepare a dataset") { kind, path, name, replace, data };
        kind.AcceptOnlyFromAmong([.. DatasetRegistry.Kinds]);
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var directory = Path.GetFullPath(parsed.GetRequiredValue(data));
                var folder = parsed.GetValue(path);
                var request = new ImportRequest(
                    parsed.GetRequiredValue(kind),
                    folder is null ? null : Path.GetFullPath(folder),
                    parsed.GetRequiredValue(name)
                )
                {
                    Replace = parsed.GetValue(replace),
                };
                var registry = new DatasetRegistry(new EngineOptions { DataDirectory = directory });
                var report = await ImportAsync(registry, request, cancellationToken);
                Print(report, output);
                return SqsCli.Done;
            }
        );
        return command;
    }

    private static async Task<ImportReport> ImportAsync(
        DatasetRegistry registry,
        ImportRequest request,
        CancellationToken cancellationToken
    )
    {
        using var line = new ProgressLine();
        return await registry.ImportAsync(
            request,
            new ImmediateProgress<ImportProgress>(p => line.Show(p.Done, p.Total, $"faces, {p.Problems:N0} problems")),
            cancellationToken
        );
    }

    private static void Print(ImportReport report, TextWriter output)
    {
        var dataset = report.Dataset;
        output.WriteLine(
            $"{dataset.Name}: {dataset.Total(DatasetSplit.Train):N0} / {dataset.Total(DatasetSplit.Validation):N0} / "
                + $"{dataset.Total(DatasetSplit.Test):N0} faces (train / validation / test), "
                + $"{dataset.Width}×{dataset.Height}×{dataset.Channels}, {report.Seconds:0.0} s"
        );
        var width = dataset.Classes.Max(c => c.Length);
        for (var i = 0; i < dataset.Classes.Count; i++)
        {
            var counts = Enum.GetValues<DatasetSplit>().Select(s => $"{dataset.Counts[s][i], 8:N0}");
            output.WriteLine($"  {dataset.Classes[i].PadRight(width)}{string.Concat(counts)}");
        }
        if (dataset.Notes.Length > 0)
            output.WriteLine(dataset.Notes);
        foreach (var kind in report.Problems.GroupBy(p => p.Kind))
            output.WriteLine($"  {kind.Count():N0} × {kind.Key}");
        foreach (var problem in report.Problems.Take(ShownProblems))
            output.WriteLine($"  {problem.Item}: {problem.Message}");
        if (report.Problems.Count > ShownProblems)
            output.WriteLine($"  … and {report.Problems.Count - ShownProblems:N0} more.");
    }
}
