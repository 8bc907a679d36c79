using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using SqsNet.Engine.Reports;
using SqsNet.Engine.Statistics;

namespace SqsNet.Engine.Tests.Reports;

public class ReportRendererTests
{
    private static readonly ReportTable _table = new(
        "demo",
        "A & B",
        [
            new("name", "Name"),
            new("accuracy", "Accuracy", ColumnKind.Measure, Percent: true),
            new("p", "p", ColumnKind.Number, Decimals: 3),
            new("range", "Range", ColumnKind.Interval, Decimals: 1),
        ],
        [
            new(
                [
                    "x_1",
                    new MeasureCell(new(3, 0.919, 0.0028)) { IsBest = true },
                    0.0001,
                    new IntervalCell(new(1, 2.25)),
                ],
                [7, 8, 9]
            ),
            new(["y, \"z\"", new MeasureCell(new(1, 0.5, double.NaN)), double.NaN, new IntervalCell(null)], []),
        ],
        ["100 % ours"]
    );

    [Fact]
    public void Markdown_has_a_heading_bold_bests_and_dashes_for_nothing() =>
        ReportRenderer
            .Render(_table, ReportFormat.Markdown)
            .ShouldBe(
                """
                **A &amp; B**

                | Name | Accuracy (%) | p | Range |
                | --- | ---: | ---: | ---: |
                | x\_1 | **91.90 ± 0.28** | &lt; 0.001 | 1.0 to 2.2 |
                | y, "z" | 50.00 | – | – |

                - 100 % ours

                """.ReplaceLineEndings("\n")
            );

    [Fact]
    public void A_stamp_stands_where_it_disturbs_nobody()
    {
        var stamped = _table with { Stamp = "0123abcd" };
        ReportRenderer.Render(stamped, ReportFormat.Markdown).ShouldEndWith("\n<!-- stamp 0123abcd -->\n");
        ReportRenderer.Render(stamped, ReportFormat.Latex).ShouldContain("\n% Stamp 0123abcd.\n");
        ReportRenderer.Render(stamped, ReportFormat.Json).ShouldContain("\"stamp\": \"0123abcd\"");
        ReportRenderer.Render(stamped, ReportFormat.Csv).ShouldBe(ReportRenderer.Render(_table, ReportFormat.Csv));
    }

    [Fact]
    public void Csv_has_one_column_per_number_with_every_digit_and_quotes_where_needed() =>
        ReportRenderer
            .Render(_table, ReportFormat.Csv)
            .ShouldBe(
                "name,accuracy_mean,accuracy_sd,accuracy_n,p,range_low,range_high,trials\r\n"
                    + "x_1,0.919,0.0028,3,0.0001,1,2.25,7 8 9\r\n"
                    + "\"y, \"\"z\"\"\",0.5,,1,,,,\r\n"
            );

    [Fact]
    public void Latex_is_a_booktabs_table_with_everything_escaped() =>
        ReportRenderer
            .Render(_table, ReportFormat.Latex)
            .ShouldBe(
                """
                % Needs \usepackage{booktabs}.
                \begin{table}[t]
                \centering
                \caption{A \& B}
                \label{tab:demo}
                \begin{tabular}{lrrr}
                \toprule
                Name & Accuracy (\%) & p & Range \\
                \midrule
                x\_1 & \textbf{91.90 $\pm$ 0.28} & \textless{} 0.001 & 1.0 to 2.2 \\
                y, {\char34}z{\char34} & 50.00 & -- & -- \\
                \bottomrule
                \end{tabular}
                \par\smallskip{\footnotesize 100 \% ours}
                % row 1: trials 7 8 9
                \end{table}

                """.ReplaceLineEndings("\n")
            );

    [Fact]
    public void Json_carries_raw_numbers_and_the_trials_behind_each_row()
    {
        using var json = JsonDocument.Parse(ReportRenderer.Render(_table, ReportFormat.Json));
        var row = json.RootElement.GetProperty("rows")[0];
        row.GetProperty("cells").GetProperty("accuracy").GetProperty("mean").GetDouble().ShouldBe(0.919);
        row.GetProperty("trials").EnumerateArray().Select(id => id.GetInt64()).ShouldBe([7, 8, 9]);
        json.RootElement.GetProperty("rows")[1]
            .GetProperty("cells")
            .GetProperty("p")
            .ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public void Any_text_becomes_latex_without_an_active_character() =>
        Prop.ForAll<string>(
                ArbMap.Default.ArbFor<string>().Filter(text => text is not null),
                text =>
                {
                    var written = LatexWriter.Escape(text);
                    written.ShouldAllBe(c => c >= ' ' && c <= '~');
                    Balance(written).ShouldBe(0);
                    Unescaped(written, '$').ShouldBe(Unescaped(written, '$') / 2 * 2);
                    foreach (var active in "&#%_^~")
                        Unescaped(written, active).ShouldBe(0, $"{active} in {written}");
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Any_text_stays_in_its_csv_field_and_is_no_formula() =>
        Prop.ForAll<string>(
                ArbMap.Default.ArbFor<string>().Filter(text => text is not null),
                text =>
                {
                    var table = _table with { Columns = [_table.Columns[0]], Rows = [new([text], [])] };
                    var line = ReportRenderer.Render(table, ReportFormat.Csv)["name,trials\r\n".Length..];
                    line.ShouldEndWith(",\r\n");
                    var field = line[..^3];
                    if (field.StartsWith('"'))
                        field = field[1..^1].Replace("\"\"", "\"");
                    field.TrimStart('\'').ShouldBe(text.TrimStart('\''));
                    if (text.StartsWith('='))
                        field.ShouldStartWith("'=");
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Hostile_names_are_no_markup_in_markdown()
    {
        var table = _table with { Rows = [new(["<script>|a`b`", .. _table.Rows[0].Cells.Skip(1)], [])] };
        var text = ReportRenderer.Render(table, ReportFormat.Markdown);
        text.ShouldNotContain("<script>");
        text.ShouldContain(@"&lt;script&gt;\|a\`b\`");
    }

    [Theory]
    [InlineData("markdown", ReportFormat.Markdown)]
    [InlineData("csv", ReportFormat.Csv)]
    [InlineData("latex", ReportFormat.Latex)]
    [InlineData("json", ReportFormat.Json)]
    [InlineData("pdf", null)]
    public void Formats_have_the_words_of_the_command_line(string word, ReportFormat? format) =>
        ReportRenderer.FindFormat(word).ShouldBe(format);

    private static int Balance(string latex) => Unescaped(latex, '{') - Unescaped(latex, '}');

    /// <summary>How often a character stands without a backslash before it.</summary>
    private static int Unescaped(string latex, char c) =>
        Enumerable.Range(0, latex.Length).Count(i => latex[i] == c && (i == 0 || latex[i - 1] != '\\'));
}
