namespace SqsNet.Engine.Sweeps;

/// <summary>Finds the name that a person probably meant.</summary>
internal static class NearestName
{
    /// <summary>The known name nearest to what was written, or null when none is near.</summary>
    internal static string? Find(string written, IEnumerable<string> known)
    {
        if (written.Length is 0 or > 100)
            return null;
        var best = known
            .Select(name => (name, distance: Distance(written.ToLowerInvariant(), name.ToLowerInvariant())))
            .OrderBy(candidate => candidate.distance)
            .FirstOrDefault();
        var tolerated = written.Length < 4 ? 1 : Math.Max(2, written.Length / 3);
        return best.name is not null && best.distance <= tolerated ? best.name : null;
    }

    /// <summary>Levenshtein's distance: insertions, deletions and replacements.</summary>
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var above = row[j];
                row[j] = Math.Min(Math.Min(above, row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }
        return row[b.Length];
    }
}
