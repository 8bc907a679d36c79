namespace SqsNet.Web.Components.Workbench;

/// <summary>Kinds of pictures of many trials.</summary>
public enum RelationKind
{
    /// <summary>Parallel coordinates: an axis for each column.</summary>
    Parallel,

    /// <summary>One column against another.</summary>
    Scatter,

    /// <summary>The objective against each parameter that varies.</summary>
    Slice,

    /// <summary>The objective that is expected over two parameters.</summary>
    Contour,
}

/// <summary>A picture of many trials as it is looked at. All of it stands in the address of the page.</summary>
/// <param name="Kind">Which picture.</param>
/// <param name="Axes">Parallel coordinates' columns, in order.</param>
/// <param name="X">The horizontal column of a scatter or contour.</param>
/// <param name="Y">Their vertical column.</param>
/// <param name="Tint">The column that colours.</param>
public sealed record RelationView(
    RelationKind Kind,
    IReadOnlyList<TrialColumn> Axes,
    TrialColumn X,
    TrialColumn Y,
    TrialColumn Tint
)
{
    private const int MostAxes = 8;

    /// <summary>Reads what stands in an address; what is missing or names nothing takes the sweep's own.</summary>
    /// <param name="kind">"parallel" and so on.</param>
    /// <param name="axes">Keys of columns.</param>
    /// <param name="x">Key of a column.</param>
    /// <param name="y">Key of a column.</param>
    /// <param name="tint">Key of a column.</param>
    /// <param name="columns">The sweep's columns.</param>
    public static RelationView Of(string? kind, string? axes, string? x, string? y, string? tint, TrialColumns columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        var what = Enum.TryParse<RelationKind>(kind, ignoreCase: true, out var known) ? known : RelationKind.Parallel;
        var chosen = (axes ?? "")
            .Split(',', StringSplitOptions.RemoveEmptyEntries)
            .Select(columns.Find)
            .OfType<TrialColumn>()
            .Distinct()
            .ToList();
        var usual = columns.Varied.Take(MostAxes - 1).Append(columns.Objective).ToList();
        // A surface lies over numbers that the sweep varies; anything else can be scattered.
        var numbers = columns.Varied.Where(column => column.IsNumber).ToList();
        var onlyNumbers = what == RelationKind.Contour;
        var across = Find(x, onlyNumbers) ?? numbers.Concat(columns.Varied).Append(columns.Objective).First();
        var up =
            Find(y, onlyNumbers)
            ?? (onlyNumbers ? numbers.FirstOrDefault(column => column != across) ?? across : columns.Objective);
        return new(what, chosen.Count > 1 ? chosen : usual, across, up, Find(tint, false) ?? columns.Objective);

        TrialColumn? Find(string? key, bool onlyNumbers) =>
            !string.IsNullOrEmpty(key) && columns.Find(key) is { } found && (!onlyNumbers || numbers.Contains(found))
                ? found
                : null;
    }
}
