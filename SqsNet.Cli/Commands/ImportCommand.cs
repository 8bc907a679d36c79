using System.CommandLine;
using System.CommandLine.Parsing;
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
        var size = new Option<int?>("--size") { Description = "Side of the stored faces in pixels", HelpName = "N" };
        var channels = new Option<int?>("--channels") { Description = "1 (gray) or 3", HelpName = "N" };
        var classes = new Option<int?>("--classes")
        {
            Description = "7 or 8, of ferplus and affectnet",
            HelpName = "N",
        };
        var rule = new Option<FerPlusRule>("--rule") { Description = "How FERPlus' votes become labels" };
        var lists = new Option<string?>("--lists")
        {
            Description = "Folder with the lists of difficult poses and occlusions",
            HelpName = "DIR",
        };
        var classNames = new Option<string?>("--class-names")
        {
            Description = "Names of an image folder's classes, in the order of its folders",
            HelpName = "A,B,…",
        };
        var seed = new Option<long>("--seed") { Description = "Seed of drawn splits and drawn faces", HelpName = "N" };
        var faces = new Option<int[]>("--faces")
        {
            Description = "Synthetic faces: train,validation,test",
            HelpName = "N,N,N",
            CustomParser = ParseFaces,
        };
        var data = CommonOptions.Data();
        var command = new Command("import", "Prepare a dataset")
        {
            kind,
            path,
            name,
            replace,
            size,
            channels,
            classes,
            rule,
            lists,
            classNames,
            seed,
            faces,
            data,
        };
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
                    Size = parsed.GetValue(size),
                    Channels = parsed.GetValue(channels),
                    Classes = parsed.GetValue(classes),
                    FerPlusRule = parsed.GetValue(rule),
                    Lists = parsed.GetValue(lists) is { } listed ? Path.GetFullPath(listed) : null,
                    ClassNames = parsed.GetValue(classNames)?.Split(',', StringSplitOptions.TrimEntries),
                    Seed = parsed.GetValue(seed),
                };
                if (parsed.GetValue(faces) is [var train, var validation, var test])
                    request = request with { Synthetic = new(train, validation, test) };
                var registry = new DatasetRegistry(new EngineOptions { DataDirectory = directory });
                var report = await ImportAsync(registry, request, cancellationToken);
                Print(report, registry.ReportPath(request.Name), output);
                return SqsCli.Done;
            }
        );
        return command;
    }

    private static int[]? ParseFaces(ArgumentResult result)
    {
        var numbers = string.Join(',', result.Tokens.Select(t => t.Value)).Split(',');
        var counts = numbers.Select(n => int.TryParse(n, out var count) ? count : -1).ToArray();
        if (counts.Length == 3 && Array.TrueForAll(counts, c => c > 0))
            return counts;
        result.AddError("--faces takes three numbers, such as 2000,400,400.");
        return null;
    }

    private static async Task<ImportReport> ImportAsync(
        DatasetRegistry registry,
        ImportRequest request,
        CancellationToken cancellationToken
    )
    {
        var last = default(ImportProgress);
        try
        {
            using var line = new ProgressLine();
            return await registry.ImportAsync(
                request,
                new ImmediateProgress<ImportProgress>(p =>
                {
                    last = p;
                    line.Show(p.Done, p.Total, $"faces, {p.Problems:N0} problems");
                }),
                cancellationToken
            );
        }
        catch (OperationCanceledException)
        {
            throw new CommandException(
                $"Cancelled after {last.Done:N0} of {last.Total:N0} faces. The same command goes on from there."
            );
        }
    }

    private static void Print(ImportReport report, string path, TextWriter output)
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
        if (report.TakenOver > 0)
            output.WriteLine($"{report.TakenOver:N0} faces were taken over from an interrupted import.");
        foreach (var (part, count) in dataset.TestParts)
            output.WriteLine($"  {count:N0} test faces are also judged as {part}");
        foreach (var warning in dataset.Warnings)
            output.WriteLine($"Warning: {warning}");
        foreach (var (kind, count) in report.ProblemCounts)
            output.WriteLine(ImportRemedies.Sentence(kind, count));
        foreach (var problem in report.Problems.Take(ShownProblems))
            output.WriteLine($"  {problem.Item}: {problem.Message}");
        if (report.Problems.Count > ShownProblems)
            output.WriteLine($"  … and {report.Problems.Count - ShownProblems:N0} more, all of them in {path}.");
    }
}
