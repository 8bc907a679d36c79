using System.Globalization;

namespace SqsNet.Engine.Data;

/// <summary>
/// RAF-DB (basic): the official layout EmoLabel/list_patition_label.txt with Image/aligned (a folder or aligned.zip), or
/// the mirror's {train,test}/{1..7}/IMAGE, in the given folder or in its "basic" or "DATASET".
/// </summary>
/// <remarks>
/// Official numbers: 1 surprise, 2 fear, 3 disgust, 4 happiness, 5 sadness, 6 anger, 7 neutral; classes are stored in the
/// canonical order. The set has no validation split: a trial holds out a share of the training faces. "patition" is how
/// the official file is spelt.
/// </remarks>
internal sealed class RafDbImporter : IImporter
{
    private const int Side = 100;
    private const string ListName = "list_patition_label.txt";

    private static readonly (DatasetSplit Split, string Name)[] s_splits =
    [
        (DatasetSplit.Train, "train"),
        (DatasetSplit.Test, "test"),
    ];

    // Li et al. 2017, per class in the canonical order: 12,271 and 3,068 faces.
    private static readonly PublishedCount[] s_published =
    [
        new(DatasetSplit.Train, 2524, 4772, 1982, 1290, 281, 717, 705),
        new(DatasetSplit.Test, 680, 1185, 478, 329, 74, 160, 162),
    ];

    // Official number 1..7 to the canonical class.
    private static readonly int[] s_canonical = [3, 4, 5, 1, 2, 6, 0];

    public string Kind => "rafdb";

    public ImportPlan Plan(ImportRequest request, CancellationToken cancellationToken)
    {
        var root = request.Path ?? throw new DatasetException("RAF-DB needs a path.");
        var side = request.Size ?? Side;
        var classes = ExpressionNames.Canonical.Take(s_canonical.Length).ToList();
        var shape = new FaceShape(side, side, request.Channels ?? 3, classes.Count);
        var parts = TestPart.Find(request, "rafdb_occlusion_list.txt", "val_raf_db_list.txt", "val_raf_db_list_45.txt");
        foreach (var folder in (string[])[root, Path.Combine(root, "basic"), Path.Combine(root, "DATASET")])
        {
            var list = Path.Combine(folder, "EmoLabel", ListName);
            if (File.Exists(list))
                return PlanOfficial(folder, list, shape, classes) with
                {
                    Parts = parts,
                    LabelFiles = [list, .. parts.Select(p => p.File)],
                };
            if (Directory.Exists(Path.Combine(folder, "train")) && Directory.Exists(Path.Combine(folder, "test")))
                return PlanMirror(folder, shape, classes) with
                {
                    Parts = parts,
                    LabelFiles = [.. parts.Select(p => p.File)],
                };
        }
        throw new DatasetException(
            $"{root} is not RAF-DB: looked for EmoLabel/{ListName}, and for train and test with folders 1 to 7, there, in basic and in DATASET."
        );
    }

    private static ImportPlan PlanOfficial(string folder, string list, FaceShape shape, List<string> classes)
    {
        var aligned = Path.Combine(folder, "Image", "aligned");
        var images =
            ImageStore.TryOpen(aligned, aligned + ".zip")
            ?? throw new DatasetException(
                $"Neither the folder {aligned} nor {aligned}.zip is there. Put RAF-DB's aligned.zip, as it was handed out, into {Path.GetDirectoryName(aligned)}."
            );
        var faces = new List<FaceSource>();
        var problems = new List<ImportProblem>(images.Problems);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var number = 0;
        foreach (var row in File.ReadLines(list))
        {
            number++;
            if (string.IsNullOrWhiteSpace(row))
                continue;
            var where = $"{ListName} row {number}";
            if (ParseRow(row) is not { } parsed)
                problems.Add(
                    new(where, ImportProblemKind.BadRow, $"'{row}' is not like 'train_00001.jpg 5', with 1 to 7.")
                );
            else if (!seen.Add(parsed.Name))
                problems.Add(
                    new(where, ImportProblemKind.BadRow, $"{parsed.Name} has a row already; this one was not used.")
                );
            else if ((images.Find($"{parsed.Name}_aligned.jpg") ?? images.Find($"{parsed.Name}.jpg")) is { } image)
                faces.Add(ImageFaces.FromFile(image, $"{parsed.Name}_aligned.jpg", parsed.Label, parsed.Split, shape));
            else
                problems.Add(
                    new(where, ImportProblemKind.MissingImage, $"Image/aligned has no {parsed.Name}_aligned.jpg.")
                );
        }
        return CreatePlan(shape, classes, faces, problems) with { Archives = [images] };
    }

    private static ImportPlan PlanMirror(string folder, FaceShape shape, List<string> classes)
    {
        var faces = new List<FaceSource>();
        foreach (var (split, name) in s_splits)
        {
            var root = Path.Combine(folder, name);
            var found = Directory.EnumerateDirectories(root).Select(p => Path.GetFileName(p)).ToHashSet();
            // Re-sorted copies with folders 0 to 6 are about, in another order of classes: numbers alone prove nothing.
            if (!found.SetEquals(Enumerable.Range(1, s_canonical.Length).Select(n => $"{n}")))
                throw new DatasetException(
                    $"{root} has the folders {string.Join(", ", found.Order())}, not RAF-DB's 1 to 7. If the folders are a re-sorted copy, give them the names of the expressions and import them as imagefolder."
                );
            for (var number = 1; number <= s_canonical.Length; number++)
            {
                var files = Directory
                    .EnumerateFiles(Path.Combine(root, $"{number}"), "*.jpg")
                    .Order(StringComparer.Ordinal);
                var label = s_canonical[number - 1];
                faces.AddRange(
                    files.Select(f =>
                        ImageFaces.FromFile(ImageBytes.Of(f), Path.GetRelativePath(folder, f), label, split, shape)
                    )
                );
            }
        }
        return CreatePlan(shape, classes, faces, []);
    }

    private static ImportPlan CreatePlan(
        FaceShape shape,
        List<string> classes,
        List<FaceSource> faces,
        List<ImportProblem> problems
    )
    {
        return new()
        {
            Classes = classes,
            Shape = shape,
            Faces = faces,
            Problems = problems,
            Published = s_published,
            Notes = "RAF-DB, basic expressions, aligned.",
        };
    }

    private static (string Name, DatasetSplit Split, int Label)? ParseRow(string row)
    {
        var values = row.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (
            values.Length != 2
            || !int.TryParse(values[1], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || number < 1
            || number > s_canonical.Length
            || values[0] != Path.GetFileName(values[0])
        )
            return null;
        var split = s_splits.FirstOrDefault(s => values[0].StartsWith($"{s.Name}_", StringComparison.Ordinal));
        return split.Name is null
            ? null
            : (Path.GetFileNameWithoutExtension(values[0]), split.Split, s_canonical[number - 1]);
    }
}
