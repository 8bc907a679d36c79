namespace SqsNet.Engine.Data;

/// <summary>
/// AffectNet, manually annotated, with 8 or 7 classes (without contempt). Two releases are read: training.csv and
/// validation.csv with the original photographs, and train_set and val_set of crops with .npy annotations.
/// </summary>
/// <remarks>
/// Mollahosseini et al. 2017. Numbers: 0 neutral, 1 happy, 2 sad, 3 surprise, 4 fear, 5 disgust, 6 anger, 7 contempt: the
/// canonical order; 8 none, 9 uncertain and 10 no face are left out. The validation set is everybody's test set, for the
/// test set was never released; a trial holds out a share of the training faces to choose by. Photographs are cut to the
/// annotated face box and turned until the eyes are level.
/// </remarks>
internal sealed class AffectNetImporter : IImporter
{
    private const int Side = 112;
    private const int ExpressionCount = 8;
    private const int LargestNumber = 10;
    private const int PerClassOfValidation = 500;

    // The release of crops has one face less than the lists.
    private const int CropsOfValidation = 3_999;

    // Faces of each class in training.csv, without none, uncertain and no face: 287,651, or 283,901 without contempt.
    private static readonly int[] s_train = [74_874, 134_415, 25_459, 14_090, 6_378, 3_803, 24_882, 3_750];

    public string Kind => "affectnet";

    public ImportPlan Plan(ImportRequest request, CancellationToken cancellationToken)
    {
        var root = request.Path ?? throw new DatasetException("AffectNet needs a path.");
        var classes = request.Classes ?? ExpressionCount;
        if (classes is not (7 or ExpressionCount))
            throw new DatasetException($"AffectNet has 7 (without contempt) or 8 classes, not {classes}.");
        var side = request.Size ?? Side;
        var parts = TestPart.Find(
            request,
            "occlusion_affectnet_list.txt",
            "pose_30_affectnet_list.txt",
            "pose_45_affectnet_list.txt"
        );
        var plan = new Planning(new(side, side, request.Channels ?? 3, classes));
        var csv = AffectNetCsv.Find(root);
        if (csv is not null)
            csv.Read(plan, cancellationToken);
        else if (!AffectNetNpy.TryRead(root, plan, cancellationToken))
            throw new DatasetException(
                $"{root} is not AffectNet: looked for training.csv and validation.csv with Manually_Annotated_Images, and for train_set and val_set with images and annotations. Name the folder that holds them."
            );
        return new()
        {
            Classes = [.. ExpressionNames.Canonical.Take(classes)],
            Shape = plan.Shape,
            Faces = plan.Faces,
            Problems = plan.Problems,
            LeftOut = plan.LeftOut,
            Published =
            [
                new(DatasetSplit.Train, s_train[..classes]),
                csv is null && classes == ExpressionCount
                    ? new(DatasetSplit.Test, CropsOfValidation, [])
                    : new(DatasetSplit.Test, [.. Enumerable.Repeat(PerClassOfValidation, classes)]),
            ],
            Parts = parts,
            LabelFiles = [.. csv?.Files ?? [], .. parts.Select(p => p.File)],
            Notes =
                $"AffectNet, manually annotated, {classes} classes; its validation set is the test split. {(csv is null ? "The crops of the release." : "Cut to the face boxes, eyes level.")}",
        };
    }

    /// <summary>Gathers what a release holds.</summary>
    internal sealed class Planning(FaceShape shape)
    {
        public FaceShape Shape => shape;
        public List<FaceSource> Faces { get; } = [];
        public List<ImportProblem> Problems { get; } = [];
        public Dictionary<string, int> LeftOut { get; } = [];

        /// <summary>Adds a face if its number is one of the classes, else counts it as left out.</summary>
        public void Add(string name, int number, DatasetSplit split, string file, Func<FacePixels> make)
        {
            if (number < shape.Classes)
                Faces.Add(new(name, number, split) { Make = make, File = file });
            else if (number < ExpressionCount)
                LeaveOut("contempt, in the seven-class protocol");
            else
                LeaveOut("annotated as none, uncertain or not a face");
        }

        /// <summary>Whether a number is one of AffectNet's annotations at all.</summary>
        public static bool IsNumber(int number) => number is >= 0 and <= LargestNumber;

        private void LeaveOut(string reason) => LeftOut[reason] = LeftOut.GetValueOrDefault(reason) + 1;
    }
}
