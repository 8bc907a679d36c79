using System.Globalization;

namespace SqsNet.Engine.Data;

/// <summary>AffectNet's release of photographs with two lists.</summary>
/// <remarks>
/// Columns: subDirectory_filePath, face_x, face_y, face_width, face_height, facial_landmarks (68 points x;y), expression,
/// valence, arousal. validation.csv is found with and without its header.
/// </remarks>
internal sealed class AffectNetCsv
{
    private const int Columns = 9;
    private const int Landmarks = 68;

    private readonly string _lists;
    private readonly string _images;

    private AffectNetCsv(string lists, string images) => (_lists, _images) = (lists, images);

    /// <summary>Finds the lists and the folder of photographs, or null where there are none.</summary>
    public static AffectNetCsv? Find(string root)
    {
        string[] lists =
        [
            root,
            Path.Combine(root, "Manually_Annotated_file_lists"),
            Path.Combine(root, "Manually_Annotated"),
        ];
        string[] images =
        [
            Path.Combine(root, "Manually_Annotated", "Manually_Annotated_Images"),
            Path.Combine(root, "Manually_Annotated_Images"),
            Path.Combine(root, "Manually_Annotated_compressed", "Manually_Annotated_Images"),
        ];
        var list = lists.FirstOrDefault(l => File.Exists(Path.Combine(l, "training.csv")));
        var image = images.FirstOrDefault(Directory.Exists);
        return list is null || image is null ? null : new(list, image);
    }

    /// <summary>Both lists.</summary>
    public IReadOnlyList<string> Files =>
        [Path.Combine(_lists, "training.csv"), Path.Combine(_lists, "validation.csv")];

    /// <summary>Reads both lists.</summary>
    public void Read(AffectNetImporter.Planning plan, CancellationToken cancellationToken)
    {
        foreach (
            var (file, split) in new[] { ("training.csv", DatasetSplit.Train), ("validation.csv", DatasetSplit.Test) }
        )
        {
            var path = Path.Combine(_lists, file);
            if (!File.Exists(path))
                throw new DatasetException(
                    $"{path} is missing; AffectNet is trained on training.csv and tested on validation.csv."
                );
            var number = 0;
            foreach (var row in File.ReadLines(path))
            {
                cancellationToken.ThrowIfCancellationRequested();
                number++;
                var isHeader = number == 1 && row.StartsWith("subDirectory_filePath", StringComparison.Ordinal);
                if (!isHeader && !string.IsNullOrWhiteSpace(row))
                    AddRow(row, $"{file} row {number}", split, plan);
            }
        }
    }

    private void AddRow(string row, string where, DatasetSplit split, AffectNetImporter.Planning plan)
    {
        var values = Csv.Split(row);
        string? fault = null;
        var box = default(ImageBox);
        var expression = -1;
        if (values.Count != Columns)
            fault = $"It has {values.Count} values instead of {Columns}.";
        else if (!IsInside(values[0]))
            fault = $"'{values[0]}' is not the path of an image inside of the folder.";
        else if (!TryParseBox(values, out box))
            fault = $"'{string.Join(", ", values.Skip(1).Take(4))}' is not the box of a face.";
        else if (
            !int.TryParse(values[6], NumberStyles.None, CultureInfo.InvariantCulture, out expression)
            || !AffectNetImporter.Planning.IsNumber(expression)
        )
            fault = $"'{values[6]}' is not the number of an expression.";
        if (fault is not null)
        {
            plan.Problems.Add(new(where, ImportProblemKind.BadRow, fault));
            return;
        }
        var file = Path.Combine(_images, values[0]);
        var tilt = FindTilt(values[5]);
        plan.Add(
            values[0],
            expression,
            split,
            file,
            () => new(LevelFace.Cut(File.ReadAllBytes(file), plan.Shape, box, tilt), [])
        );
    }

    private static bool IsInside(string path) =>
        path.Length > 0 && !Path.IsPathRooted(path) && !path.Split('/', '\\').Contains("..");

    private static bool TryParseBox(List<string> values, out ImageBox box)
    {
        var edges = new double[4];
        for (var i = 0; i < 4; i++)
        {
            if (!double.TryParse(values[i + 1], NumberStyles.Float, CultureInfo.InvariantCulture, out edges[i]))
                edges[i] = double.NaN;
        }
        box = new(edges[0], edges[1], edges[2], edges[3]);
        // A NaN anywhere fails the comparisons.
        return edges[2] >= 1 && edges[3] >= 1 && Math.Abs(edges[0]) < 1e6 && Math.Abs(edges[1]) < 1e6;
    }

    /// <summary>Angle of the line through both eyes' middles, in radians; 0 where the landmarks cannot be read.</summary>
    private static double FindTilt(string landmarks)
    {
        var numbers = new List<double>();
        foreach (var text in landmarks.Split(';'))
        {
            if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
                return 0;
            numbers.Add(number);
        }
        if (numbers.Count != 2 * Landmarks)
            return 0;
        // Points 36 to 41 go around the eye at the picture's left, 42 to 47 around the other.
        var left = Middle(36);
        var right = Middle(42);
        var tilt = Math.Atan2(right.Y - left.Y, right.X - left.X);
        // More than half a right angle is a wrong annotation, not a head.
        return Math.Abs(tilt) < Math.PI / 4 ? tilt : 0;

        Point Middle(int first)
        {
            var points = Enumerable
                .Range(first, 6)
                .Select(i => new Point(numbers[2 * i], numbers[(2 * i) + 1]))
                .ToList();
            return new(points.Average(p => p.X), points.Average(p => p.Y));
        }
    }
}
