using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using SqsNet.Engine.Sweeps;

namespace SqsNet.Engine.Reports;

/// <summary>How a table is written.</summary>
public enum ReportFormat
{
    /// <summary>GitHub's tables.</summary>
    Markdown,

    /// <summary>RFC 4180, every digit, one column per number.</summary>
    Csv,

    /// <summary>A booktabs table.</summary>
    Latex,

    /// <summary>Everything, with the trials behind each row.</summary>
    Json,
}

/// <summary>Writes tables.</summary>
public static class ReportRenderer
{
    /// <summary>The format of a word as on the command line ("latex"), or null.</summary>
    public static ReportFormat? FindFormat(string word) =>
        Enum.GetValues<ReportFormat>().Cast<ReportFormat?>().FirstOrDefault(f => SweepSpecJson.Word(f!.Value) == word);

    /// <summary>MIME type of a format.</summary>
    public static string ContentType(ReportFormat format) =>
        format switch
        {
            ReportFormat.Json => "application/json",
            ReportFormat.Csv => "text/csv",
            ReportFormat.Latex => "application/x-tex",
            _ => "text/markdown",
        };

    /// <summary>Writes a table.</summary>
    public static string Render(ReportTable table, ReportFormat format)
    {
        ArgumentNullException.ThrowIfNull(table);
        return format switch
        {
            ReportFormat.Csv => Csv(table),
            ReportFormat.Latex => LatexWriter.Write(table),
            ReportFormat.Json => JsonWriter.Write(table),
            _ => Markdown(table),
        };
    }

    /// <summary>A cell as people read it, without escapes: "91.90 ± 0.28". An absent number is a dash.</summary>
    public static string Show(ReportCell cell, ReportColumn column) =>
        cell switch
        {
            TextCell text => text.Text,
            NumberCell number => Number(number.Value, column),
            MeasureCell { Summary.N: 0 } => "–",
            MeasureCell { Summary: var s } when double.IsNaN(s.StandardDeviation) => Number(s.Mean, column),
            MeasureCell { Summary: var s } => $"{Number(s.Mean, column)} ± {Number(s.StandardDeviation, column)}",
            IntervalCell { Interval: { } i } => $"{Number(i.Low, column)} to {Number(i.High, column)}",
            _ => "–",
        };

    internal static string Number(double value, ReportColumn column)
    {
        if (double.IsNaN(value))
            return "–";
        var shown = column.Percent ? 100 * value : value;
        // A p-value of 0.00 says nothing; what is too small for the decimals is shown as a bound.
        var smallest = Math.Pow(10, -column.Decimals);
        return column.Key.StartsWith('p') && shown > 0 && shown < smallest
            ? $"< {smallest.ToString($"F{column.Decimals}", CultureInfo.InvariantCulture)}"
            : shown.ToString($"F{column.Decimals}", CultureInfo.InvariantCulture);
    }

    private static string Markdown(ReportTable table)
    {
        var text = new StringBuilder();
        text.Append("**").Append(MarkdownText(table.Title)).Append("**\n\n");
        Line(table.Columns.Select(column => MarkdownText(column.Heading)));
        Line(table.Columns.Select(column => column.Kind == ColumnKind.Text ? "---" : "---:"));
        foreach (var row in table.Rows)
            Line(row.Cells.Zip(table.Columns, Cell).Select((cell, i) => row.IsCrowned && i == 0 ? $"♛ {cell}" : cell));
        foreach (var note in table.Notes)
            text.Append("\n- ").Append(MarkdownText(note));
        text.Append(table.Notes.Count > 0 ? "\n" : "");
        return text.Append(table.Stamp is { } stamp ? $"\n<!-- stamp {stamp} -->\n" : "").ToString();

        void Line(IEnumerable<string> cells) => text.Append("| ").AppendJoin(" | ", cells).Append(" |\n");

        static string Cell(ReportCell cell, ReportColumn column)
        {
            var shown = MarkdownText(Show(cell, column));
            return cell.IsBest && shown.Length > 0 ? $"**{shown}**" : shown;
        }
    }

    /// <summary>Escapes what Markdown or the HTML within it could take for markup.</summary>
    private static string MarkdownText(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var c in text.ReplaceLineEndings(" "))
            if (c is '<' or '>' or '&')
                escaped.Append(
                    c == '<' ? "&lt;"
                    : c == '>' ? "&gt;"
                    : "&amp;"
                );
            else if (c is '\\' or '|' or '*' or '_' or '`' or '[' or ']' or '#' or '~' or '!')
                escaped.Append('\\').Append(c);
            else
                escaped.Append(c);
        return escaped.ToString();
    }

    private static string Csv(ReportTable table)
    {
        var text = new StringBuilder();
        Line([.. table.Columns.SelectMany(CsvHeads), "trials"]);
        foreach (var row in table.Rows)
            Line([
                .. row.Cells.Zip(table.Columns, CsvCells).SelectMany(cells => cells),
                string.Join(' ', row.TrialIds),
            ]);
        return text.ToString();

        void Line(IEnumerable<string> fields) => text.AppendJoin(',', fields.Select(CsvField)).Append("\r\n");
    }

    private static IEnumerable<string> CsvHeads(ReportColumn column) =>
        column.Kind switch
        {
            ColumnKind.Measure => [$"{column.Key}_mean", $"{column.Key}_sd", $"{column.Key}_n"],
            ColumnKind.Interval => [$"{column.Key}_low", $"{column.Key}_high"],
            _ => [column.Key],
        };

    private static IEnumerable<string> CsvCells(ReportCell cell, ReportColumn column) =>
        (column.Kind, cell) switch
        {
            (ColumnKind.Measure, MeasureCell { Summary: var s }) =>
            [
                Exact(s.Mean),
                Exact(s.StandardDeviation),
                $"{s.N}",
            ],
            (ColumnKind.Measure, _) => ["", "", ""],
            (ColumnKind.Interval, IntervalCell { Interval: var i }) => [Exact(i?.Low), Exact(i?.High)],
            (ColumnKind.Interval, _) => ["", ""],
            (_, NumberCell number) => [Exact(number.Value)],
            (_, TextCell words) => [words.Text],
            _ => [""],
        };

    private static string Exact(double? value) =>
        value is { } number && double.IsFinite(number) ? number.ToString("R", CultureInfo.InvariantCulture) : "";

    /// <summary>Quotes a field; one that a spreadsheet would take for a formula gets an apostrophe.</summary>
    private static string CsvField(string field)
    {
        if (field.Length > 0 && field[0] is '=' or '+' or '-' or '@' or '\t' && !double.TryParse(field, out _))
            field = $"'{field}";
        return field.AsSpan().IndexOfAny(",\"\r\n") >= 0 ? $"\"{field.Replace("\"", "\"\"")}\"" : field;
    }

    private static class JsonWriter
    {
        internal static string Write(ReportTable table)
        {
            var json = new JsonObject
            {
                ["name"] = table.Name,
                ["title"] = table.Title,
                ["columns"] = new JsonArray([
                    .. table.Columns.Select(column => new JsonObject
                    {
                        ["key"] = column.Key,
                        ["title"] = column.Heading,
                        ["kind"] = SweepSpecJson.Word(column.Kind),
                    }),
                ]),
                ["rows"] = new JsonArray([.. table.Rows.Select(row => Row(row, table.Columns))]),
                ["notes"] = new JsonArray([.. table.Notes.Select(note => JsonValue.Create(note))]),
            };
            if (table.Stamp is { } stamp)
                json["stamp"] = stamp;
            return json.ToJsonString(SweepSpecJson.Options);
        }

        private static JsonObject Row(ReportRow row, IReadOnlyList<ReportColumn> columns)
        {
            var cells = new JsonObject();
            foreach (var (cell, column) in row.Cells.Zip(columns))
                cells[column.Key] = Cell(cell);
            return new()
            {
                ["cells"] = cells,
                ["trials"] = new JsonArray([.. row.TrialIds.Select(id => JsonValue.Create(id))]),
                ["crowned"] = row.IsCrowned,
            };
        }

        private static JsonNode? Cell(ReportCell cell) =>
            cell switch
            {
                TextCell text => text.Text,
                NumberCell number => Number(number.Value),
                MeasureCell { Summary: var s } => new JsonObject
                {
                    ["mean"] = Number(s.Mean),
                    ["sd"] = Number(s.StandardDeviation),
                    ["n"] = s.N,
                    ["best"] = cell.IsBest,
                },
                IntervalCell { Interval: { } i } => new JsonObject
                {
                    ["low"] = Number(i.Low),
                    ["high"] = Number(i.High),
                },
                _ => null,
            };

        private static JsonValue? Number(double value) => double.IsFinite(value) ? JsonValue.Create(value) : null;
    }
}
