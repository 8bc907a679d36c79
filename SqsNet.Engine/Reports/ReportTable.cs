using SqsNet.Engine.Statistics;

namespace SqsNet.Engine.Reports;

/// <summary>A table, ready to be written in any format.</summary>
/// <param name="Name">Its name: "sensitivity".</param>
/// <param name="Title">What it shows, for a caption.</param>
/// <param name="Columns">The columns.</param>
/// <param name="Rows">The rows; each has one cell per column.</param>
/// <param name="Notes">What a reader must know: what is missing, which test was used.</param>
public sealed record ReportTable(
    string Name,
    string Title,
    IReadOnlyList<ReportColumn> Columns,
    IReadOnlyList<ReportRow> Rows,
    IReadOnlyList<string> Notes
)
{
    /// <summary>Names the state of the trials behind it: a copy with another stamp was taken before one of them changed.</summary>
    public string? Stamp { get; init; }
}

/// <summary>What a column's cells hold.</summary>
public enum ColumnKind
{
    /// <summary>Words.</summary>
    Text,

    /// <summary>One number.</summary>
    Number,

    /// <summary>Mean and spread over seeds.</summary>
    Measure,

    /// <summary>From, to.</summary>
    Interval,
}

/// <summary>A column.</summary>
/// <param name="Key">Its name in CSV and JSON: "accuracy".</param>
/// <param name="Title">Its heading.</param>
/// <param name="Kind">What its cells hold.</param>
/// <param name="Decimals">Decimals shown; CSV and JSON carry every digit.</param>
/// <param name="Percent">Whether shares are shown as per cent; CSV and JSON carry the share, 0 to 1.</param>
public sealed record ReportColumn(
    string Key,
    string Title,
    ColumnKind Kind = ColumnKind.Text,
    int Decimals = 2,
    bool Percent = false
)
{
    /// <summary>Whether a page also draws its shares, 0 to 1, as bars.</summary>
    public bool Bar { get; init; }

    /// <summary>The heading with its unit.</summary>
    public string Heading => Percent ? $"{Title} (%)" : Title;
}

/// <summary>A row, with the trials that its numbers come from.</summary>
/// <param name="Cells">One per column.</param>
/// <param name="TrialIds">The trials behind the numbers; empty for numbers that are not ours.</param>
public sealed record ReportRow(IReadOnlyList<ReportCell> Cells, IReadOnlyList<long> TrialIds)
{
    /// <summary>Whether it wears the crown: the best by the objective, and confirmed by seeds that took no part in choosing it.</summary>
    public bool IsCrowned { get; init; }
}

/// <summary>A cell.</summary>
public abstract record ReportCell
{
    /// <summary>Whether it is the best of its column, printed bold; so are those that are printed as the same number.</summary>
    public bool IsBest { get; init; }

    /// <summary>Nothing to say.</summary>
    public static ReportCell None { get; } = new TextCell("");

    /// <summary>Words.</summary>
    public static implicit operator ReportCell(string text) => new TextCell(text);

    /// <summary>A number.</summary>
    public static implicit operator ReportCell(double value) => new NumberCell(value);
}

/// <summary>Words; hostile until escaped.</summary>
/// <param name="Text">The words.</param>
public sealed record TextCell(string Text) : ReportCell;

/// <summary>One number; NaN for none.</summary>
/// <param name="Value">The number.</param>
public sealed record NumberCell(double Value) : ReportCell;

/// <summary>Mean and spread over seeds.</summary>
/// <param name="Summary">Number, mean and standard deviation; none of them for n = 0.</param>
public sealed record MeasureCell(Summary Summary) : ReportCell;

/// <summary>From, to; null for none.</summary>
/// <param name="Interval">The interval.</param>
public sealed record IntervalCell(Interval? Interval) : ReportCell;
