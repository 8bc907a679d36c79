namespace SqsNet.Engine.Data;

/// <summary>Faces that the program draws itself.</summary>
internal sealed class SyntheticImporter : IImporter
{
    public string Kind => "synthetic";

    public ImportPlan Plan(ImportRequest request, CancellationToken cancellationToken)
    {
        var counts = request.Synthetic;
        if (Math.Min(counts.Train, Math.Min(counts.Validation, counts.Test)) < SyntheticFaces.Classes.Count)
            throw new DatasetException(
                $"Each split of synthetic faces needs at least {SyntheticFaces.Classes.Count}, one a class; asked for were {counts.Train}, {counts.Validation} and {counts.Test}."
            );
        if (request.Channels is not (null or 3))
            throw new DatasetException($"Synthetic faces have 3 channels, not {request.Channels}.");
        var size = request.Size ?? SyntheticFaces.DefaultSize;
        return new()
        {
            Classes = SyntheticFaces.Classes,
            Shape = new(size, size, 3, SyntheticFaces.Classes.Count) { HasMasks = true },
            Faces = SyntheticFaces.Plan(counts, size, request.Seed),
            Notes = Notes(request.Seed),
        };
    }

    /// <summary>The built-in dataset's description before it has been drawn.</summary>
    public static DatasetInfo Describe(ImportRequest request) =>
        new()
        {
            Name = request.Name,
            Kind = request.Kind,
            Classes = SyntheticFaces.Classes,
            Width = request.Size ?? SyntheticFaces.DefaultSize,
            Height = request.Size ?? SyntheticFaces.DefaultSize,
            Channels = 3,
            HasMasks = true,
            Counts = SyntheticFaces.CountClasses(request.Synthetic),
            Notes = Notes(request.Seed),
        };

    private static string Notes(long seed) =>
        $"Drawn by the program (version {SyntheticFaces.Version}, seed {seed}); nobody's face. Each has a mask of the region that makes its expression.";
}
