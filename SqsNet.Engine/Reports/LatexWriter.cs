using System.Globalization;
using System.Text;

namespace SqsNet.Engine.Reports;

/// <summary>Writes a table for LaTeX with the booktabs package.</summary>
/// <remarks>
/// Every text is escaped, so that names of any kind compile under pdflatex: what is neither ASCII nor known below
/// becomes a question mark rather than an error. Notes stand below the table, in small print.
/// </remarks>
internal static class LatexWriter
{
    private static readonly Dictionary<char, string> _special = new()
    {
        ['\\'] = @"\textbackslash{}",
        ['{'] = @"\{",
        ['}'] = @"\}",
        ['$'] = @"\$",
        ['&'] = @"\&",
        ['#'] = @"\#",
        ['%'] = @"\%",
        ['_'] = @"\_",
        ['^'] = @"\textasciicircum{}",
        ['~'] = @"\textasciitilde{}",
        ['<'] = @"\textless{}",
        ['>'] = @"\textgreater{}",
        ['|'] = @"\textbar{}",
        ['"'] = @"{\char34}",
        ['–'] = "--",
        ['—'] = "---",
        ['±'] = @"$\pm$",
        ['×'] = @"$\times$",
        ['≤'] = @"$\le$",
        ['≥'] = @"$\ge$",
        ['α'] = @"$\alpha$",
        ['β'] = @"$\beta$",
        ['γ'] = @"$\gamma$",
        ['λ'] = @"$\lambda$",
        ['τ'] = @"$\tau$",
        ['ä'] = "\\\"a",
        ['ö'] = "\\\"o",
        ['ü'] = "\\\"u",
        ['ß'] = @"{\ss}",
        ['é'] = @"\'e",
        ['è'] = @"\`e",
        ['à'] = @"\`a",
        ['ç'] = @"\c{c}",
        ['ñ'] = @"\~n",
    };

    internal static string Write(ReportTable table)
    {
        var text = new StringBuilder();
        text.Append("% Needs \\usepackage{booktabs}.\n");
        if (table.Stamp is { } stamp)
            text.Append("% Stamp ").Append(stamp).Append(".\n");
        text.Append("\\begin{table}[t]\n\\centering\n");
        text.Append("\\caption{").Append(Escape(table.Title)).Append("}\n");
        text.Append("\\label{tab:").Append(table.Name).Append("}\n");
        text.Append("\\begin{tabular}{");
        text.Append([.. table.Columns.Select(column => column.Kind == ColumnKind.Text ? 'l' : 'r')]);
        text.Append("}\n\\toprule\n");
        Line(table.Columns.Select(column => Escape(column.Heading)));
        text.Append("\\midrule\n");
        foreach (var row in table.Rows)
            Line(
                row.Cells.Zip(table.Columns, Cell)
                    .Select((cell, i) => row.IsCrowned && i == 0 ? $"{cell}$^\\star$" : cell)
            );
        text.Append("\\bottomrule\n\\end{tabular}\n");
        foreach (var note in table.Notes)
            text.Append("\\par\\smallskip{\\footnotesize ").Append(Escape(note)).Append("}\n");
        foreach (var (row, index) in table.Rows.Select((row, index) => (row, index)))
            if (row.TrialIds.Count > 0)
                text.Append(CultureInfo.InvariantCulture, $"% row {index + 1}: trials ")
                    .AppendJoin(' ', row.TrialIds)
                    .Append('\n');
        return text.Append("\\end{table}\n").ToString();

        void Line(IEnumerable<string> cells) => text.AppendJoin(" & ", cells.Select(Shield)).Append(" \\\\\n");
    }

    /// <summary>A row that starts with a bracket would be read as an argument of the line before.</summary>
    private static string Shield(string cell) => cell.StartsWith('[') || cell.StartsWith('*') ? $"{{}}{cell}" : cell;

    private static string Cell(ReportCell cell, ReportColumn column)
    {
        var shown = Escape(ReportRenderer.Show(cell, column));
        return cell.IsBest && shown.Length > 0 ? $"\\textbf{{{shown}}}" : shown;
    }

    internal static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var c in text.ReplaceLineEndings(" "))
            if (_special.TryGetValue(c, out var written))
                escaped.Append(written);
            else if (c is >= ' ' and <= '~')
                escaped.Append(c);
            else if (!char.IsLowSurrogate(c))
                escaped.Append(char.IsWhiteSpace(c) ? ' ' : '?');
        return escaped.ToString();
    }
}
