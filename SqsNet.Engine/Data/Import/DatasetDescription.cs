namespace SqsNet.Engine.Data;

/// <summary>Describes a dataset whose faces have been read.</summary>
internal static class DatasetDescription
{
    /// <summary>The description without its hash, and the faces of each named part of the test split.</summary>
    public static (DatasetInfo Info, IReadOnlyDictionary<string, int[]> TestParts) Of(
        ImportPlan plan,
        ImportRequest request,
        FaceCacheWriter writer
    )
    {
        var splits = Enum.GetValues<DatasetSplit>();
        var counts = splits.ToDictionary(s => s, _ => new int[plan.Classes.Count]);
        for (var i = 0; i < writer.Count; i++)
            counts[(DatasetSplit)writer.Splits[i]][writer.Labels[i]]++;
        var warnings = new List<string>(plan.Warnings);
        warnings.AddRange(
            plan.Published.Select(p => p.Compare(counts[p.Split], plan.Classes))
                .Where(w => w is not null)
                .Select(w => $"{w}")
        );
        warnings.AddRange(Absent(counts, plan));
        var parts = ResolveParts(plan, writer, warnings);
        var copies = CountCopies(writer);
        var info = new DatasetInfo
        {
            Name = request.Name,
            Kind = request.Kind,
            Classes = plan.Classes,
            Width = plan.Shape.Width,
            Height = plan.Shape.Height,
            Channels = plan.Shape.Channels,
            HasMasks = plan.Shape.HasMasks,
            Counts = counts.ToDictionary(c => c.Key, c => (IReadOnlyList<int>)c.Value),
            Notes = Notes(plan, copies),
            Warnings = warnings,
            TargetUse = plan.TargetUse,
            TestParts = parts.ToDictionary(p => p.Key, p => p.Value.Length),
            Copies = copies,
        };
        return (info, parts);
    }

    /// <summary>What splits lack: a class without training faces is never learned, one without others is never judged.</summary>
    private static IEnumerable<string> Absent(Dictionary<DatasetSplit, int[]> counts, ImportPlan plan) =>
        from split in counts
        where split.Value.Sum() > 0 && plan.Published.All(p => p.Split != split.Key) // whose own warning says it all
        let absent = plan.Classes.Where((_, i) => split.Value[i] == 0).ToList()
        where absent.Count > 0
        select $"The {split.Key.ToString().ToLowerInvariant()} split has no faces of {string.Join(", ", absent)}.";

    private static Dictionary<DatasetSplit, int> CountCopies(FaceCacheWriter writer)
    {
        var repeats = writer.FindRepeats();
        return new[] { DatasetSplit.Validation, DatasetSplit.Test }
            .Select(split =>
                (Split: split, Count: repeats.Where((r, i) => r != 0 && writer.Splits[i] == (byte)split).Count())
            )
            .Where(c => c.Count > 0)
            .ToDictionary(c => c.Split, c => c.Count);
    }

    private static Dictionary<string, int[]> ResolveParts(
        ImportPlan plan,
        FaceCacheWriter writer,
        List<string> warnings
    )
    {
        var resolved = new Dictionary<string, int[]>();
        if (plan.Parts.Count == 0)
            return resolved;
        var stems = Enumerable
            .Range(0, writer.Count)
            .Where(i => writer.Splits[i] == (byte)DatasetSplit.Test)
            .ToLookup(i => Path.GetFileNameWithoutExtension(writer.Name(i)))
            .ToDictionary(group => group.Key, group => group.First());
        foreach (var part in plan.Parts)
        {
            var (faces, warning) = part.Resolve(stems);
            if (faces.Length > 0)
                resolved[part.Name] = faces;
            if (warning is not null)
                warnings.Add(warning);
        }
        return resolved;
    }

    private static string Notes(ImportPlan plan, Dictionary<DatasetSplit, int> copies)
    {
        var notes = new List<string> { plan.Notes };
        notes.AddRange(plan.LeftOut.Select(l => $"{l.Value} left out: {l.Key}."));
        if (copies.Count > 0)
            notes.Add(
                $"{copies.GetValueOrDefault(DatasetSplit.Test)} test and {copies.GetValueOrDefault(DatasetSplit.Validation)} validation faces are pixel-exact copies of a training face{(plan.Faces.Any(f => f.IsLeftOut) ? ", left-out ones included" : "")}."
            );
        return string.Join(' ', notes);
    }
}
