using SqsNet.Engine.Data;
using SqsNet.Engine.Evaluation;

namespace SqsNet.Engine.Tests.Evaluation;

public sealed class TestPartsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Parts_and_the_faces_that_are_no_copies_have_an_accuracy_of_their_own()
    {
        // Test faces 1 to 4; face 1 is face 0 of the training split. Faces 1 and 2 are recognised.
        using var dataset = Create(copies: true, new() { ["occlusion"] = [1, 4], ["pose30"] = [2] });
        var metrics = TestParts.Metrics("test", dataset, [1, 2, 3, 4], Result(0, 0, 1, 1), tta: false);
        metrics.ShouldBe(
            new Dictionary<string, double>
            {
                ["test/accuracy/without_copies"] = 1.0 / 3,
                ["test/accuracy/occlusion"] = 0.5,
                ["test/accuracy/pose30"] = 1,
            },
            ignoreOrder: true
        );
        TestParts
            .Metrics("test_ema", dataset, [1, 2, 3, 4], Result(0, 0, 1, 1), tta: true)
            .Keys.ShouldContain("test_ema/accuracy_tta/without_copies");
    }

    [Fact]
    public void A_dataset_without_parts_and_copies_has_no_further_numbers()
    {
        using var dataset = Create(copies: false, []);
        TestParts.Metrics("test", dataset, [1, 2, 3, 4], Result(0, 0, 1, 1), tta: false).ShouldBeEmpty();
    }

    private static EvaluationResult Result(params int[] predictions) =>
        new(new ConfusionMatrix(2), Loss: 0, predictions);

    private FaceDataset Create(bool copies, Dictionary<string, int[]> parts)
    {
        var path = _folder.File("faces.bin");
        using var writer = new FaceCacheWriter(path, new FaceShape(2, 2, 1, 2));
        for (byte i = 0; i < 5; i++)
        {
            var shade = copies && i == 1 ? (byte)0 : i;
            writer.Add(new($"{i}", 0, i == 0 ? DatasetSplit.Train : DatasetSplit.Test, [shade, shade, shade, shade]));
        }
        var info = new DatasetInfo
        {
            Name = "some",
            Kind = "test",
            Classes = ["a", "b"],
            Width = 2,
            Height = 2,
            Channels = 1,
            Counts = new Dictionary<DatasetSplit, IReadOnlyList<int>>(),
            Hash = writer.Complete(),
        };
        writer.Dispose();
        return FaceDataset.Open(info, path, parts);
    }
}
