using System.Diagnostics;
using System.Text;
using SqsNet.Engine.Events;
using SqsNet.Engine.Reports;
using SqsNet.Engine.Sweeps;
using SqsNet.Engine.Tests.Fakes;

namespace SqsNet.Engine.Tests.Reports;

/// <summary>A real TeX takes every table as it is.</summary>
public sealed class LatexCompilesTests : IDisposable
{
    /// <summary>What TeX reads as commands, what pdflatex has no letter for, and what only looks harmless at the start of a row.</summary>
    private const string Nasty = @"[*] \input{x} $a_b^c$ & 50% #1 ~{} <|""> ± × τ ß 日本 – 😀";

    private readonly string _folder = Directory.CreateTempSubdirectory("sqsnet-tex-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Every_report_compiles_with_names_that_are_full_of_commands()
    {
        var document = new StringBuilder("\\documentclass{article}\n\\usepackage{booktabs}\n\\begin{document}\n");
        foreach (var name in ReportRegistry.Names)
        {
            var table = ReportRegistry.Create(name, Input());
            table.Rows.Count.ShouldBeGreaterThan(0, name);
            document.Append(ReportRenderer.Render(Spoiled(table), ReportFormat.Latex)).Append("\\clearpage\n");
        }
        document.Append("\\end{document}\n");

        var (code, output) = await CompileAsync(document.ToString());

        code.ShouldBe(0, output);
        output.ShouldContain($"({ReportRegistry.Names.Count} pages");
    }

    [Fact]
    public async Task What_is_no_LaTeX_does_not_compile()
    {
        var (code, output) = await CompileAsync("\\documentclass{article}\n\\begin{document}a_b\n\\end{document}\n");
        code.ShouldNotBe(0);
        output.ShouldContain("Missing $");
    }

    /// <summary>The table with nasty text in every place where people's text may stand.</summary>
    private static ReportTable Spoiled(ReportTable table) =>
        table with
        {
            Title = $"{Nasty} {table.Title}",
            Notes = [Nasty, .. table.Notes],
            Rows =
            [
                .. table.Rows.Select(row =>
                    row with
                    {
                        Cells = [.. row.Cells.Zip(table.Columns, (c, k) => k.Kind == ColumnKind.Text ? Nasty : c)],
                    }
                ),
            ],
        };

    /// <summary>A finished sweep of two parameters and three seeds with a confusion matrix and a curve for each trial.</summary>
    private static ReportInput Input()
    {
        var spec = Sample.Sweep(0, 1, 2) with
        {
            Strategy = new() { Kind = StrategyKind.Grid },
            Space = new Dictionary<string, SpaceParameter>
            {
                ["sqs.tau"] = Sample.Values(0.25, 0.5, 1.0, 2.0),
                ["sqs.lambda"] = Sample.Values(0.1, 0.2, 0.5, 1.0),
            },
        };
        var input = SampleSweep.Of(spec, (configuration, seed) => 0.6 + (0.03 * configuration) + (0.01 * seed));
        return input with
        {
            Confusions = input.Trials.ToDictionary(
                trial => trial.Id,
                _ => new ConfusionReported(
                    "val",
                    1,
                    ["happy", "sad"],
                    [
                        [8, 2],
                        [3, 7],
                    ]
                )
            ),
            Curves = input.Trials.ToDictionary(
                trial => trial.Id,
                trial =>
                    (IReadOnlyList<Engine.Sweeps.Pruners.CurvePoint>)
                        [new(1, 10, 1, 0.4), new(2, 20, 2, trial.Best["val/accuracy"])]
            ),
        };
    }

    private async Task<(int Code, string Output)> CompileAsync(string document)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "tables.tex"), document);
        var start = new ProcessStartInfo("pdflatex")
        {
            WorkingDirectory = _folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            ArgumentList = { "-interaction=nonstopmode", "-halt-on-error", "tables.tex" },
        };
        try
        {
            using var tex = Process.Start(start)!;
            var output = await tex.StandardOutput.ReadToEndAsync();
            await tex.WaitForExitAsync();
            return (tex.ExitCode, output.ReplaceLineEndings(" "));
        }
        catch (System.ComponentModel.Win32Exception absent)
        {
            throw new InvalidOperationException(
                "TeX is not installed. ./sqsnet test installs it; by hand: "
                    + "sudo apt-get install --no-install-recommends texlive-latex-recommended",
                absent
            );
        }
    }
}
