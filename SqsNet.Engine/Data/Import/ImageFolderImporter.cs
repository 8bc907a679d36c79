using System.Globalization;
using SqsNet.Engine.Randomness;

namespace SqsNet.Engine.Data;

/// <summary>
/// A folder of class folders, or of split folders (train, val or valid or validation, test) of class folders, with JPEG,
/// PNG or BMP images.
/// </summary>
/// <remarks>
/// Class order: the canonical one when every folder name spells a different expression, ordinal order otherwise. Where a
/// split is missing, a stratified share of the training faces, drawn by the seed, takes its place. Images that are not
/// square are stretched, as the published recipes do (torchvision's Resize to a square).
/// </remarks>
internal sealed class ImageFolderImporter : IImporter
{
    public string Kind => "imagefolder";

    public ImportPlan Plan(ImportRequest request, CancellationToken cancellationToken)
    {
        var root = request.Path ?? throw new DatasetException("An image folder needs a path.");
        var found = ImageFolderFiles.Of(root, cancellationToken);
        if (found.Images.Count == 0)
            throw new DatasetException(
                $"No images were found in {root}. Looked for {root}/CLASS/IMAGE and {root}/{{train,val,test}}/CLASS/IMAGE.{PassedOver(found)}"
            );
        RequireOneSpelling(found, root);
        var (order, oddity) = OrderClasses([.. found.Images.Select(f => f.Class).Distinct()], request);
        if (order.Count is < 2 or > ushort.MaxValue)
            throw new DatasetException($"{root} has {order.Count} class folder; a dataset needs two or more classes.");
        var labels = order.Select((names, label) => (names.Given, label)).ToDictionary(p => p.Given, p => p.label);
        var images = found.Images.Select(f => new Image(f.Name, labels[f.Class], f.Split)).ToList();
        var drawn = DrawMissingSplits(images, request);
        var readers = images.ConvertAll(i => ImageBytes.Of(Path.Combine(root, i.Name)));
        var (side, channels) = ImageFaces.ChooseShape(request, readers, cancellationToken);
        var shape = new FaceShape(side, side, channels, order.Count);
        return new()
        {
            Classes = [.. order.Select(o => o.Class)],
            Shape = shape,
            Faces = [.. images.Select((i, n) => ImageFaces.FromFile(readers[n], i.Name, i.Label, i.Split, shape))],
            Warnings = [.. Oddities(found, oddity)],
            Notes = $"Imported from an image folder, {side} x {side} pixels.{drawn}{PassedOver(found)}",
        };
    }

    /// <summary>A class that one split spells so and another split otherwise would be two, one without training faces.</summary>
    private static void RequireOneSpelling(ImageFolderFiles found, string root)
    {
        foreach (
            var spelled in found.Images.ToLookup(i =>
                ExpressionNames.FindCanonical(i.Class) ?? i.Class.ToLowerInvariant()
            )
        )
        {
            var spellings = spelled.Select(i => i.Class).Distinct().ToList();
            var together = spelled
                .GroupBy(i => i.Split)
                .Any(split => split.Select(i => i.Class).Distinct().Count() > 1);
            if (spellings.Count > 1 && !together)
                throw new DatasetException(
                    $"The splits of {root} spell one class differently: {string.Join(", ", spellings)}. Give its folders one name."
                );
        }
    }

    private static string PassedOver(ImageFolderFiles found) =>
        found.OtherFiles.Length == 0
            ? ""
            : $" Passed over, for they are no images by their endings: {found.OtherFiles}.";

    private static IEnumerable<string> Oddities(ImageFolderFiles found, string? ofClasses)
    {
        if (ofClasses is not null)
            yield return ofClasses;
        if (found.OtherFolders.Count > 0)
            yield return $"Passed over beside the folders of the splits: {string.Join(", ", found.OtherFolders)}. If they are classes, move them into the splits.";
    }

    /// <summary>Folders with the names of their classes, in order, and what is odd about them.</summary>
    private static (IReadOnlyList<(string Given, string Class)> Order, string? Oddity) OrderClasses(
        List<string> folders,
        ImportRequest request
    )
    {
        var areNumbers = folders.TrueForAll(f =>
            int.TryParse(f, NumberStyles.None, CultureInfo.InvariantCulture, out _)
        );
        if (request.ClassNames is { } names)
        {
            var order = areNumbers
                ? folders.OrderBy(f => int.Parse(f, CultureInfo.InvariantCulture)).ToList()
                : [.. folders.Order(StringComparer.Ordinal)];
            if (names.Count != order.Count || names.Distinct().Count() != names.Count || names.Contains(""))
                throw new DatasetException(
                    $"{request.Path} has the class folders {string.Join(", ", order)}; {names.Count} class names were given ({string.Join(", ", names)}). Give one different name for each folder, in this order."
                );
            return ([.. order.Zip(names)], null);
        }
        // Numbers stand for other expressions in every copy of every collection: nothing is guessed from them.
        var oddity = areNumbers
            ? $"The class folders are numbers ({string.Join(", ", folders.Order(StringComparer.Ordinal))}), which say nothing of the expressions. Import again with --class-names to name them in this order."
            : null;
        return (ExpressionNames.Order(folders), oddity);
    }

    /// <summary>Moves a stratified share of the training faces to each split that is missing; says so in words.</summary>
    private static string DrawMissingSplits(List<Image> images, ImportRequest request)
    {
        var missing = new List<(DatasetSplit Split, double Share)>();
        if (images.TrueForAll(i => i.Split != DatasetSplit.Test))
            missing.Add((DatasetSplit.Test, request.TestFraction));
        if (images.TrueForAll(i => i.Split != DatasetSplit.Validation))
            missing.Add((DatasetSplit.Validation, request.ValidationFraction));
        missing.RemoveAll(m => m.Share == 0);
        if (missing.Count == 0)
            return "";
        var training = Enumerable.Range(0, images.Count).Where(i => images[i].Split == DatasetSplit.Train);
        foreach (var ofClass in training.GroupBy(i => images[i].Label).OrderBy(g => g.Key))
        {
            var order = ofClass.ToArray();
            new Rng(request.Seed, "imagefolder/splits", ofClass.Key).Shuffle<int>(order);
            var next = 0;
            foreach (var (split, share) in missing)
            {
                for (var count = (int)Math.Round(share * order.Length); count > 0; count--, next++)
                    images[order[next]] = images[order[next]] with { Split = split };
            }
        }
        var parts = missing.Select(m => $"{m.Share:P0} {(m.Split == DatasetSplit.Test ? "test" : "validation")}");
        return $" Drawn from the training faces, class by class, with seed {request.Seed}: {string.Join(" and ", parts)}.";
    }

    private sealed record Image(string Name, int Label, DatasetSplit Split);
}
