namespace SqsNet.Engine.Data;

/// <summary>AffectNet's release of crops: {train_set,val_set}/images/ID.jpg and annotations/ID_exp.npy.</summary>
internal static class AffectNetNpy
{
    private static readonly (string Folder, DatasetSplit Split)[] s_parts =
    [
        ("train_set", DatasetSplit.Train),
        ("val_set", DatasetSplit.Test),
    ];

    /// <summary>Reads both sets; false where the folder does not hold them.</summary>
    public static bool TryRead(string root, AffectNetImporter.Planning plan, CancellationToken cancellationToken)
    {
        if (s_parts.Any(p => !Directory.Exists(Path.Combine(root, p.Folder, "images"))))
            return false;
        foreach (var (folder, split) in s_parts)
        {
            var images = Directory
                .EnumerateFiles(Path.Combine(root, folder, "images"))
                .Order(StringComparer.Ordinal)
                .ToArray();
            // Hundreds of thousands of tiny files: many at once, kept in order.
            var annotations = images
                .AsParallel()
                .AsOrdered()
                .WithCancellation(cancellationToken)
                .Select(image => ReadExpression(Path.Combine(root, folder), image))
                .ToArray();
            for (var i = 0; i < images.Length; i++)
                Add(Path.GetRelativePath(root, images[i]), images[i], annotations[i], split, plan);
        }
        return true;
    }

    private static void Add(
        string name,
        string image,
        (int Expression, ImportProblemKind? Kind, string Message) annotation,
        DatasetSplit split,
        AffectNetImporter.Planning plan
    )
    {
        if (annotation.Kind is { } kind)
        {
            plan.Problems.Add(new(name, kind, annotation.Message));
            return;
        }
        var shape = plan.Shape;
        plan.Add(
            name,
            annotation.Expression,
            split,
            image,
            () => new(ImageFile.Decode(File.ReadAllBytes(image), shape.Channels, shape.Width, shape.Height), [])
        );
    }

    private static (int Expression, ImportProblemKind? Kind, string Message) ReadExpression(string folder, string image)
    {
        var file = Path.Combine(folder, "annotations", Path.GetFileNameWithoutExtension(image) + "_exp.npy");
        try
        {
            var number = NpyScalar.Read(File.ReadAllBytes(file));
            if (
                number is not null
                && number == Math.Floor(number.Value)
                && AffectNetImporter.Planning.IsNumber((int)number)
            )
                return ((int)number, null, "");
            return (
                -1,
                ImportProblemKind.BadRow,
                $"{Path.GetFileName(file)} does not hold the number of an expression."
            );
        }
        catch (IOException e)
        {
            return (-1, ImportProblemKind.MissingLabel, e.Message);
        }
    }
}
