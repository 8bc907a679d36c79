using System.Globalization;

namespace SqsNet.Engine.Data;

/// <summary>
/// FERPlus: FER2013Train, FER2013Valid and FER2013Test, each a folder or a ZIP of images, with the official label files
/// (label.csv in the folder, or FER2013Train_label.csv and so on beside it).
/// </summary>
/// <remarks>
/// The label files count, not fer2013new.csv, whose votes differ on 1,601 images; the official trainer reads the former.
/// Classes keep FERPlus' own order. By the majority rule 25,045 / 3,191 / 3,137 faces remain.
/// </remarks>
internal sealed class FerPlusImporter : IImporter
{
    private const int Side = 48;

    private static readonly (string Folder, DatasetSplit Split)[] s_parts =
    [
        ("FER2013Train", DatasetSplit.Train),
        ("FER2013Valid", DatasetSplit.Validation),
        ("FER2013Test", DatasetSplit.Test),
    ];

    private static readonly string[] s_classes =
    [
        "neutral",
        "happiness",
        "surprise",
        "sadness",
        "anger",
        "disgust",
        "fear",
        "contempt",
    ];

    public string Kind => "ferplus";

    public ImportPlan Plan(ImportRequest request, CancellationToken cancellationToken)
    {
        var classes = request.Classes ?? s_classes.Length;
        if (classes is not (7 or 8))
            throw new DatasetException($"FERPlus has 7 (without contempt) or 8 classes, not {classes}.");
        var side = request.Size ?? Side;
        var shape = new FaceShape(side, side, request.Channels ?? 1, classes)
        {
            HasTargets = request.FerPlusRule != FerPlusRule.Majority,
        };
        var parts = TestPart.Find(
            request,
            "jianfei_occlusion_list.txt",
            "pose_30_ferplus_list.txt",
            "pose_45_ferplus_list.txt"
        );
        var plan = new Planning(shape, request.FerPlusRule);
        try
        {
            foreach (var (folder, split) in s_parts)
            {
                cancellationToken.ThrowIfCancellationRequested();
                plan.AddPart(request.Path!, folder, split);
            }
        }
        catch
        {
            plan.Archives.ForEach(a => a.Dispose());
            throw;
        }
        return new()
        {
            Classes = s_classes[..classes],
            Shape = shape,
            Faces = plan.Faces,
            Problems = plan.Problems,
            LeftOut = plan.LeftOut,
            Archives = [.. plan.Archives],
            Published = FerPlusCounts.Of(request.FerPlusRule, classes),
            Parts = parts,
            TargetUse = request.FerPlusRule switch
            {
                FerPlusRule.Probability => TargetUse.Drawn,
                FerPlusRule.MultiTarget => TargetUse.Any,
                _ => TargetUse.Shares,
            },
            LabelFiles = [.. plan.LabelFiles, .. parts.Select(p => p.File)],
            Notes = $"FERPlus by the official {RuleName(request.FerPlusRule)}, {classes} classes.",
        };
    }

    private static string RuleName(FerPlusRule rule) =>
        rule switch
        {
            FerPlusRule.CrossEntropy => "cross-entropy rule (validation and test: majority)",
            FerPlusRule.Probability => "probability rule (validation and test: majority)",
            FerPlusRule.MultiTarget => "multi-target rule (validation and test: majority)",
            _ => "majority rule",
        };

    private sealed class Planning(FaceShape shape, FerPlusRule rule)
    {
        public List<ImageStore> Archives { get; } = [];
        public List<FaceSource> Faces { get; } = [];
        public List<ImportProblem> Problems { get; } = [];
        public Dictionary<string, int> LeftOut { get; } = [];
        public List<string> LabelFiles { get; } = [];

        public void AddPart(string root, string folder, DatasetSplit split)
        {
            var path = Path.Combine(root, folder);
            var images =
                ImageStore.TryOpen(path, path + ".zip")
                ?? throw new DatasetException(
                    $"Neither the folder {path} nor {path}.zip is there. FERPlus' images come from FER2013 by the official generate_training_data.py; put its three folders, or ZIPs of them, into {root}."
                );
            Archives.Add(images);
            Problems.AddRange(images.Problems);
            string[] candidates = [Path.Combine(path, "label.csv"), path + "_label.csv"];
            var labels =
                candidates.FirstOrDefault(File.Exists)
                ?? throw new DatasetException(
                    $"The labels are missing: neither {candidates[0]} nor {candidates[1]} is there. They are data/{folder}/label.csv of github.com/microsoft/FERPlus (fer2013new.csv has other votes)."
                );
            LabelFiles.Add(labels);
            var labelled = new HashSet<string>(StringComparer.Ordinal);
            var number = 0;
            foreach (var row in File.ReadLines(labels))
            {
                number++;
                if (!string.IsNullOrWhiteSpace(row))
                    AddRow(row, $"{Path.GetFileName(labels)} row {number}", images, folder, split, labelled);
            }
            foreach (
                var name in images.Names.Where(n =>
                    n.EndsWith(".png", StringComparison.Ordinal) && !labelled.Contains(n)
                )
            )
                Problems.Add(
                    new(
                        $"{folder}/{name}",
                        ImportProblemKind.MissingLabel,
                        $"{Path.GetFileName(labels)} has no row for it."
                    )
                );
        }

        private void AddRow(
            string row,
            string where,
            ImageStore images,
            string folder,
            DatasetSplit split,
            HashSet<string> labelled
        )
        {
            if (ParseRow(row, out var fault) is not { } parsed)
            {
                Problems.Add(new(where, ImportProblemKind.BadRow, fault));
                return;
            }
            if (!labelled.Add(parsed.Name))
            {
                Problems.Add(
                    new(where, ImportProblemKind.BadRow, $"{parsed.Name} has a row already; this one was not used.")
                );
                return;
            }
            if (images.Find(parsed.Name) is not { } image)
            {
                Problems.Add(new(where, ImportProblemKind.MissingImage, $"{folder} has no {parsed.Name}."));
                return;
            }
            var target = FerPlusVotes.Apply(parsed.Votes, split == DatasetSplit.Train ? rule : FerPlusRule.Majority);
            var label = target is null ? -1 : Array.IndexOf(target, target.Max());
            var face = ImageFaces.FromFile(image, $"{folder}/{parsed.Name}", label, split, shape, parsed.Box);
            if (target is null)
                LeaveOut(face, "no expression has the votes that the rule asks for");
            else if (label >= shape.Classes)
                LeaveOut(face, "contempt, in the seven-class protocol");
            else
                Faces.Add(shape.HasTargets ? face with { Target = Shares(target) } : face);
        }

        private float[] Shares(float[] target)
        {
            var kept = target[..shape.Classes];
            var sum = kept.Sum();
            return [.. kept.Select(t => t / sum)];
        }

        private void LeaveOut(FaceSource face, string reason)
        {
            LeftOut[reason] = LeftOut.GetValueOrDefault(reason) + 1;
            if (face.Split == DatasetSplit.Train)
                Faces.Add(face with { IsLeftOut = true });
        }
    }

    /// <summary>Reads `fer0000000.png,"(0, 0, 48, 48)",4,0,0,1,3,2,0,0,0,0`.</summary>
    private static Row? ParseRow(string row, out string fault)
    {
        var values = Csv.Split(row);
        fault = "";
        if (values.Count != 2 + FerPlusVotes.Count)
        {
            fault = $"It has {values.Count} values instead of {2 + FerPlusVotes.Count}.";
            return null;
        }
        if (values[0].Length == 0 || values[0] != Path.GetFileName(values[0]))
        {
            fault = $"'{values[0]}' is not the name of an image.";
            return null;
        }
        var edges = values[1].Trim('(', ')', ' ').Split(',').Select(e => Parse(e)).ToArray();
        if (edges.Length != 4 || edges.Contains(null) || edges[2] <= edges[0] || edges[3] <= edges[1])
        {
            fault = $"'{values[1]}' is not a box (left, top, right, bottom).";
            return null;
        }
        var votes = values.Skip(2).Select(Parse).ToArray();
        if (votes.Any(v => v is null or < 0 or > 1000))
        {
            fault = "Its votes are not ten numbers, each 0 or more.";
            return null;
        }
        int Edge(int i) => edges[i].GetValueOrDefault();
        return new(
            values[0],
            new(Edge(0), Edge(1), Edge(2) - Edge(0), Edge(3) - Edge(1)),
            [.. votes.Select(v => v.GetValueOrDefault())]
        );
    }

    private static int? Parse(string text) =>
        int.TryParse(text.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    private sealed record Row(string Name, ImageBox Box, int[] Votes);
}
