using SqsNet.Engine.Data;
using SqsNet.Engine.Explain;
using SqsNet.Engine.Tests.Training;
using SqsNet.Engine.Training;

namespace SqsNet.Engine.Tests.Explain;

public sealed class TrialExplainerTests(TrialStage stage) : IClassFixture<TrialStage>
{
    [Fact]
    public async Task A_face_of_the_dataset_gets_the_probabilities_that_an_evaluation_gives_it()
    {
        using var explainer = new TrialExplainer(stage.Datasets, stage.Options);
        using var dataset = stage.Datasets.Open(TrialStage.Dataset);
        var right = 0;
        var rightWithViews = 0;
        foreach (var face in dataset.Indices(DatasetSplit.Test))
        {
            var found = await explainer.ExplainAsync(Trial, Picture(dataset, face), CancellationToken.None);
            found.Classes.ShouldBe(dataset.Info.Classes);
            found.Probabilities.Sum().ShouldBe(1, 1e-5);
            found.ProbabilitiesTta.Sum().ShouldBe(1, 1e-5);
            found.GradCam.Count.ShouldBe(dataset.Info.Classes.Count);
            found.GradCam.ShouldAllBe(map =>
                map.Length == 4 && map.All(row => row.Length == 4 && row.All(v => v >= 0))
            );
            right += Best(found.Probabilities) == dataset.Label(face) ? 1 : 0;
            rightWithViews += Best(found.ProbabilitiesTta) == dataset.Label(face) ? 1 : 0;
        }
        var faces = dataset.Indices(DatasetSplit.Test).Count;
        ((double)right / faces).ShouldBe(Final("test/accuracy"), 1e-9);
        ((double)rightWithViews / faces).ShouldBe(Final("test/accuracy_tta"), 1e-9);
    }

    [Fact]
    public async Task A_training_face_is_its_own_nearest_face_and_is_found_again_from_the_kept_features()
    {
        using var explainer = new TrialExplainer(stage.Datasets, stage.Options);
        using var dataset = stage.Datasets.Open(TrialStage.Dataset);
        var face = dataset.Indices(DatasetSplit.Train)[5];
        var explained = await explainer.ExplainAsync(Trial, Picture(dataset, face), CancellationToken.None);
        var told = new List<double>();
        File.Delete(Kept); // another test of this class may have made it
        var nearest = await explainer.NearestAsync(explained, 6, new Told(told), CancellationToken.None);

        nearest.Count.ShouldBe(6);
        nearest[0].Index.ShouldBe(face);
        nearest[0].Similarity.ShouldBe(1, 1e-5);
        nearest.ShouldAllBe(near => near.Label == dataset.Label(near.Index));
        nearest.Select(near => near.Similarity).ShouldBeInOrder(SortDirection.Descending);
        nearest.ShouldAllBe(near => dataset.Split(near.Index) == DatasetSplit.Train);
        told.ShouldNotBeEmpty();
        told[^1].ShouldBe(1);

        using var later = new TrialExplainer(stage.Datasets, stage.Options);
        told.Clear();
        var again = await later.NearestAsync(explained, 6, new Told(told), CancellationToken.None);
        again.ShouldBe(nearest);
        told.ShouldBeEmpty("the features were kept in the trial's folder");
    }

    [Fact]
    public async Task Damaged_kept_features_are_made_again()
    {
        using var explainer = new TrialExplainer(stage.Datasets, stage.Options);
        using var dataset = stage.Datasets.Open(TrialStage.Dataset);
        var face = dataset.Indices(DatasetSplit.Test)[0];
        var explained = await explainer.ExplainAsync(Trial, Picture(dataset, face), CancellationToken.None);
        var nearest = await explainer.NearestAsync(explained, 3, null, CancellationToken.None);
        File.WriteAllBytes(Kept, File.ReadAllBytes(Kept)[..100]);

        using var later = new TrialExplainer(stage.Datasets, stage.Options);
        (await later.NearestAsync(explained, 3, null, CancellationToken.None)).ShouldBe(nearest);
        new FileInfo(Kept).Length.ShouldBeGreaterThan(100);
    }

    [Fact]
    public async Task What_cannot_be_looked_at_is_said_by_name()
    {
        using var explainer = new TrialExplainer(stage.Datasets, stage.Options);
        (
            await Should.ThrowAsync<InvalidDataException>(() =>
                explainer.ExplainAsync(Trial, [1, 2, 3, 4], CancellationToken.None)
            )
        ).Message.ShouldContain("Give a JPEG, PNG or BMP file.");
        (
            await Should.ThrowAsync<InvalidOperationException>(() =>
                explainer.ExplainAsync(4711, [1, 2, 3, 4], CancellationToken.None)
            )
        ).Message.ShouldStartWith("Trial 4711 has no weights yet");
    }

    [Fact]
    public async Task The_maps_of_a_kept_quad_are_those_that_training_kept_at_the_best_epoch()
    {
        using var explainer = new TrialExplainer(stage.Datasets, stage.Options);
        var (quad, kept) = KeptQuad(2);

        var (epoch, maps) = await explainer.MapsAsync(Trial, quad, CancellationToken.None);

        epoch.ShouldBe(BestEpoch);
        // 1e-5: one quad goes through the network here, eight did there; sums may come in another order.
        Close(maps.SAP, kept.SAP);
        Close(maps.SAN1, kept.SAN1);
        Close(maps.SAN2, kept.SAN2);
        Close(maps.R, kept.R);
        for (var role = 0; role < 4; role++)
            Close(maps.Attention[role].Values, kept.Attention[role].Values);

        static void Close(float[] found, float[] expected) =>
            found.Zip(expected).ShouldAllBe(pair => Math.Abs(pair.First - pair.Second) < 1e-5f);
    }

    [Fact]
    public async Task Quads_are_found_by_class_and_ranked_by_their_loss()
    {
        using var explainer = new TrialExplainer(stage.Datasets, stage.Options);
        using var dataset = stage.Datasets.Open(TrialStage.Dataset);

        var found = await explainer.FindQuadsAsync(Trial, new(Anchor: 3, Negative2: 5), CancellationToken.None);

        found.Count.ShouldBeGreaterThan(10);
        found.ShouldAllBe(quad =>
            quad.Labels.SequenceEqual(quad.Faces.Select(dataset.Label))
            && quad.Labels[0] == 3
            && quad.Labels[1] == 3
            && quad.Labels[2] != 3
            && quad.Labels[3] == 5
            && quad.Faces[0] != quad.Faces[1]
            && quad.Faces.All(face => dataset.Split(face) == DatasetSplit.Validation)
        );
        found.Select(quad => quad.Loss).ShouldBeInOrder(SortDirection.Descending);
        // Equation 10 by hand, from the maps of the hardest.
        var (_, maps) = await explainer.MapsAsync(Trial, found[0].Faces, CancellationToken.None);
        var margin = stage.Spec.Sqs.Margin;
        var loss = maps
            .SAP.Select((s, i) => Math.Max(0, margin + maps.SAN1[i] - s) + Math.Max(0, margin + maps.SAN2[i] - s))
            .Average();
        found[0].Loss.ShouldBe(loss, 1e-4);
        var others = await explainer.FindQuadsAsync(
            Trial,
            new(Anchor: 3, Negative2: 5, Draw: 1),
            CancellationToken.None
        );
        Written(others).ShouldNotBe(Written(found), "another draw finds others");

        static string Written(IEnumerable<FoundQuad> quads) =>
            string.Join(' ', quads.Select(quad => string.Join('-', quad.Faces)));
    }

    [Fact]
    public async Task Mean_maps_of_two_classes_are_between_the_maps_of_their_faces()
    {
        using var explainer = new TrialExplainer(stage.Datasets, stage.Options);
        using var dataset = stage.Datasets.Open(TrialStage.Dataset);
        var told = new List<double>();

        var found = await explainer.ClassMapsAsync(Trial, new Told(told), CancellationToken.None);

        var classes = dataset.Info.Classes.Count;
        found.Pairs.Select(pair => (pair.A, pair.B)).Distinct().Count().ShouldBe(classes * (classes + 1) / 2);
        found.Faces.Sum().ShouldBe(dataset.Indices(DatasetSplit.Validation).Count);
        told[^1].ShouldBe(1);
        (found.Height, found.Width).ShouldBe((4, 4));
        // Every pair of a face of class 1 and one of class 2, one by one: as S_AN1 of a quad. The mean is over 400 draws of
        // the 16 pairs, each first face in turn.
        var (first, second) = (Faces(1), Faces(2));
        var all = new List<float[]>();
        foreach (var a in first)
        foreach (var b in second)
            all.Add((await explainer.MapsAsync(Trial, [a, a, b, b], CancellationToken.None)).Maps.SAN1);
        var mean = found.Pairs.Single(pair => (pair.A, pair.B) == (1, 2)).Similarity.SelectMany(row => row).ToArray();
        for (var i = 0; i < mean.Length; i++)
        {
            // 400 draws of values with this spread: five standard errors.
            var spread = Math.Sqrt(all.Average(map => Math.Pow(map[i] - all.Average(m => m[i]), 2)));
            ((double)mean[i]).ShouldBe(all.Average(map => map[i]), (5 * spread / 20) + 1e-5);
        }
        (await explainer.ClassMapsAsync(Trial, null, CancellationToken.None)).ShouldBeSameAs(found, "it is kept");

        List<int> Faces(int label) =>
            [.. dataset.Indices(DatasetSplit.Validation).Where(face => dataset.Label(face) == label)];
    }

    [Fact]
    public async Task Faces_that_the_dataset_does_not_have_are_named()
    {
        using var explainer = new TrialExplainer(stage.Datasets, stage.Options);
        (
            await Should.ThrowAsync<ArgumentOutOfRangeException>(() =>
                explainer.MapsAsync(Trial, [0, 1, 2, 4711], CancellationToken.None)
            )
        ).Message.ShouldStartWith("There is no face 4711: few has the faces 0 to 104.");
    }

    private int BestEpoch =>
        BestWeights.ReadInfo(Path.Combine(stage.Options.TrialDirectory(Trial), BestWeights.FileName))!.Epoch;

    private (IReadOnlyList<int> Faces, SimilarityMaps Maps) KeptQuad(int number)
    {
        using var dataset = stage.Datasets.Open(TrialStage.Dataset);
        var quad = InspectedQuads.Choose(dataset.Indices(DatasetSplit.Validation), dataset.Label)[number];
        var path = Path.Combine(stage.Options.TrialDirectory(Trial), SimilarityMapsFile.RelativePath(BestEpoch));
        return ([quad.Anchor, quad.Positive, quad.Negative1, quad.Negative2], SimilarityMapsFile.Read(path)[number]);
    }

    private long Trial => stage.Undisturbed.Plan.TrialId;

    private string Kept => Path.Combine(stage.Options.TrialDirectory(Trial), "features.safetensors");

    private double Final(string metric) =>
        double.Parse(
            stage.Undisturbed.Numbers.Single(n => n.StartsWith("Final") && n.Contains($" {metric} ")).Split(' ')[^1]
        );

    private static byte[] Picture(FaceDataset dataset, int face) => Thumbnails.Sheet(dataset, [face], 1);

    private static int Best(IReadOnlyList<float> probabilities) => probabilities.ToList().IndexOf(probabilities.Max());

    private sealed class Told(List<double> shares) : IProgress<double>
    {
        public void Report(double value) => shares.Add(value);
    }
}
