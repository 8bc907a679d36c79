using SqsNet.Engine.Sweeps;

namespace SqsNet.Web.Components.Workbench;

/// <summary>How the table of trials is shown. All of it stands in the address of the page.</summary>
/// <param name="Columns">The columns, in order.</param>
/// <param name="Sort">What the rows are sorted by, the weightiest first; by number where all is equal.</param>
/// <param name="Filter">Which trials are shown.</param>
/// <param name="Hidden">States that are not shown.</param>
/// <param name="Group">The column whose equal values stand together; null for none.</param>
public sealed record TrialTableView(
    IReadOnlyList<TrialColumn> Columns,
    IReadOnlyList<TrialSort> Sort,
    TrialFilter Filter,
    IReadOnlySet<TrialState> Hidden,
    TrialColumn? Group
)
{
    /// <summary>Reads what stands in an address. What names nothing is passed over: the sweep may not have it yet.</summary>
    /// <param name="query">The address's parts.</param>
    /// <param name="columns">The sweep's columns.</param>
    public static TrialTableView Of(TrialTableQuery query, TrialColumns columns)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(columns);
        var chosen = Split(query.Columns).Select(columns.Find).OfType<TrialColumn>().Distinct().ToList();
        var sort = Split(query.Sort)
            .Select(key => (Falling: key.StartsWith('-'), Column: columns.Find(key.TrimStart('-'))))
            .Where(key => key.Column is not null)
            .Select(key => new TrialSort(key.Column!, key.Falling));
        var hidden = Split(query.Hidden)
            .SelectMany(word => Enum.GetValues<TrialState>().Where(state => SweepSpecJson.Word(state) == word));
        return new(
            chosen.Count > 0 ? chosen : [.. columns.Standard.Select(columns.Find).OfType<TrialColumn>().Distinct()],
            [.. sort.DistinctBy(key => key.Column.Key)],
            TrialFilter.Parse(query.Where, columns),
            hidden.ToHashSet(),
            query.Group is { Length: > 0 } group ? columns.Find(group) : null
        );
    }

    /// <summary>The trials that are shown, in no order of the table's.</summary>
    public IReadOnlyList<TrialRecord> Passing(IEnumerable<TrialRecord> trials) =>
        [.. trials.Where(trial => !Hidden.Contains(trial.State) && Filter.Passes(trial))];

    /// <summary>The trials that are shown, in their order.</summary>
    public IReadOnlyList<TrialRecord> Rows(IEnumerable<TrialRecord> trials)
    {
        var passing = Passing(trials);
        var keys = Sort.Select(key => passing.Select(key.Column.KeyOf).ToArray()).ToList();
        int[] order = [.. Enumerable.Range(0, passing.Count)];
        Array.Sort(order, Compare);
        return [.. order.Select(i => passing[i])];

        int Compare(int a, int b)
        {
            for (var k = 0; k < keys.Count; k++)
            {
                var compared = TrialKey.Compare(keys[k][a], keys[k][b], Sort[k].Falling);
                if (compared != 0)
                    return compared;
            }
            return passing[a].Number.CompareTo(passing[b].Number);
        }
    }

    /// <summary>The address's part for another sorting after a click on a heading.</summary>
    /// <param name="column">The column of the heading.</param>
    /// <param name="add">Whether the earlier keys stay and this one follows them.</param>
    public string? SortAfterClick(TrialColumn column, bool add)
    {
        ArgumentNullException.ThrowIfNull(column);
        var now = Sort.FirstOrDefault(key => key.Column.Key == column.Key);
        // What is best is mostly largest: numbers begin with the largest, words with a.
        TrialSort? next =
            now is null ? new(column, Falling: column.IsNumber)
            : now.Falling == column.IsNumber ? now with { Falling = !now.Falling }
            : null;
        IEnumerable<TrialSort?> keys =
            !add ? [next]
            : now is null ? [.. Sort, next]
            : Sort.Select(key => key == now ? next : key);
        var text = string.Join(',', keys.OfType<TrialSort>().Select(key => key.Text));
        return text.Length == 0 ? null : text;
    }

    private static string[] Split(string? text) => (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries);
}

/// <summary>One key of a sorting.</summary>
/// <param name="Column">What is compared.</param>
/// <param name="Falling">Whether the largest comes first.</param>
public sealed record TrialSort(TrialColumn Column, bool Falling)
{
    /// <summary>As it stands in an address: "-seed".</summary>
    public string Text => Falling ? $"-{Column.Key}" : Column.Key;
}

/// <summary>The parts of an address that say how the table of trials is shown; null or empty for the usual.</summary>
/// <param name="Columns">Keys of columns with commas between.</param>
/// <param name="Sort">Keys of columns with commas between, a minus before those that fall.</param>
/// <param name="Where">A filter; see <see cref="TrialFilter"/>.</param>
/// <param name="Hidden">States that are not shown, with commas between.</param>
/// <param name="Group">Key of the column by which trials stand together.</param>
/// <param name="Chosen">Numbers of the chosen trials; see <see cref="TrialSelection"/>.</param>
public sealed record TrialTableQuery(
    string? Columns = null,
    string? Sort = null,
    string? Where = null,
    string? Hidden = null,
    string? Group = null,
    string? Chosen = null
);
