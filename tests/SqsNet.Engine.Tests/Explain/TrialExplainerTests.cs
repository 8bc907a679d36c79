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
