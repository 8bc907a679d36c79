using SqsNet.Engine.Data;
using SqsNet.Engine.Models;
using SqsNet.Engine.Randomness;
using SqsNet.Engine.Tests.Fixtures;
using SqsNet.Torch;

namespace SqsNet.Engine.Tests.Data.Batches;

[Collection(nameof(LiveTensorCounts))]
public sealed class BatchBuilderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private FaceDataset Create(int width, int height, int channels, float[]? target = null)
    {
        var path = _folder.File($"faces-{Guid.NewGuid():N}.bin");
        var shape = new FaceShape(width, height, channels, 3) { HasTargets = target is not null };
        using var writer = new FaceCacheWriter(path, shape);
        for (var i = 0; i < 5; i++)
            writer.Add(
                new($"{i}", i % 3, DatasetSplit.Train, Shifted(SomeFace.Pixels(width, height, channels), i))
                {
                    Target = target ?? [],
                }
            );
        var info = new DatasetInfo
        {
            Name = "some",
            Kind = "test",
            Classes = ["a", "b", "c"],
            Width = width,
            Height = height,
            Channels = channels,
            Counts = new Dictionary<DatasetSplit, IReadOnlyList<int>>(),
            Hash = writer.Complete(),
        };
        writer.Dispose();
        return FaceDataset.Open(info, path);
    }

    private static byte[] Shifted(byte[] pixels, int by) => [.. pixels.Select(p => (byte)(p + by))];

    [Fact]
    public void Colour_faces_become_planes_of_normalised_numbers()
    {
        using var square = Create(4, 4, 3);
        using var scope = torch.NewDisposeScope();
        var batch = new BatchBuilder(square, 4, torch.CPU).Images([3, 0]);
        batch.shape.ShouldBe([2, 3, 4, 4]);
        var values = batch.Values();
        for (var c = 0; c < 3; c++)
        {
            for (var p = 0; p < 16; p++)
            {
                var pixel = square.Pixels(3)[(p * 3) + c] / 255.0;
                var expected =
                    (pixel - InputNormalization.ImageNet.Mean()[c])
                    / InputNormalization.ImageNet.StandardDeviation()[c];
                values[(c * 16) + p].ShouldBe(expected, 1e-5);
            }
        }
    }

    [Fact]
    public void Faces_are_scaled_as_the_model_wants_them()
    {
        using var square = Create(4, 4, 3);
        using var scope = torch.NewDisposeScope();
        var values = new BatchBuilder(square, 4, torch.CPU, InputNormalization.Inception).Images([0]).Values();
        values[5].ShouldBe((square.Pixels(0)[15] / 127.5) - 1, 1e-5);
    }

    [Fact]
    public void Gray_faces_are_repeated_to_three_channels()
    {
        using var faces = Create(4, 4, 1);
        using var scope = torch.NewDisposeScope();
        var values = new BatchBuilder(faces, 4, torch.CPU).Images([0]).Values();
        for (var c = 0; c < 3; c++)
        {
            var gray = faces.Pixels(0)[5] / 255.0;
            values[(c * 16) + 5]
                .ShouldBe(
                    (gray - InputNormalization.ImageNet.Mean()[c]) / InputNormalization.ImageNet.StandardDeviation()[c],
                    1e-5
                );
        }
    }

    [Fact]
    public void Faces_of_another_size_are_resized_bilinearly_and_averaged_where_they_shrink()
    {
        using var faces = Create(2, 2, 1);
        using var scope = torch.NewDisposeScope();
        var pixels = faces.Pixels(0).ToArray();
        var large = new BatchBuilder(faces, 4, torch.CPU).Load([0]).Values();
        large[0].ShouldBe(pixels[0] / 255.0, 1e-6);
        large[1].ShouldBe(((0.75 * pixels[0]) + (0.25 * pixels[1])) / 255, 1e-6);
        var small = new BatchBuilder(faces, 1, torch.CPU).Load([0]).Values();
        small[0].ShouldBe(pixels.Average(p => (double)p) / 255, 1e-6);
    }

    [Fact]
    public void Labels_and_targets_follow_the_faces()
    {
        using var faces = Create(2, 2, 1);
        using var scope = torch.NewDisposeScope();
        var builder = new BatchBuilder(faces, 2, torch.CPU);
        builder.Labels([4, 3, 2]).ToArray<long>().ShouldBe([1, 0, 2]);
        builder.Targets([4], 0).Values().ShouldBe([0, 1, 0]);
        builder.Targets([4], 0.3).Values().ShouldBeClose([0.1, 0.8, 0.1], 0, 1e-6, "smoothed");
    }

    [Fact]
    public void Soft_targets_of_the_dataset_are_used_where_it_has_them()
    {
        using var faces = Create(2, 2, 1, [0.5f, 0.25f, 0.25f]);
        using var scope = torch.NewDisposeScope();
        var targets = new BatchBuilder(faces, 2, torch.CPU).Targets([0, 1], 0.3).Values();
        targets.ShouldBeClose([0.45, 0.275, 0.275, 0.45, 0.275, 0.275], 0, 1e-6, "soft targets");
    }

    [Fact]
    public void A_smaller_batch_after_a_larger_one_holds_only_its_own_faces()
    {
        using var faces = Create(2, 2, 1);
        using var scope = torch.NewDisposeScope();
        var builder = new BatchBuilder(faces, 2, torch.CPU);
        builder.Load([0, 1, 2]);
        var alone = builder.Load([4]);
        alone.shape.ShouldBe([1, 1, 2, 2]);
        alone.Values()[0].ShouldBe(faces.Pixels(4)[0] / 255.0, 1e-6);
    }

    [Fact]
    public void Faces_kept_on_the_device_are_those_of_the_file()
    {
        using var faces = Create(6, 6, 3);
        using var resident = new BatchBuilder(faces, 8, torch.CPU);
        resident.MakeResident();
        using var scope = torch.NewDisposeScope();
        var mapped = new BatchBuilder(faces, 8, torch.CPU);
        int[] order = [4, 0, 4, 2];
        resident.Images(order).Values().ShouldBe(mapped.Images(order).Values());
    }

    [Fact]
    public void Faces_that_would_take_more_than_a_quarter_of_the_free_memory_stay_in_the_file()
    {
        using var faces = Create(6, 6, 3);
        var bytes = (long)faces.Count * 6 * 6 * 3;
        ResidentFaces.Copy(faces, torch.CPU, (4 * bytes) - 1).ShouldBeNull();
        using var copied = ResidentFaces.Copy(faces, torch.CPU, 4 * bytes);
        copied.ShouldNotBeNull().numel().ShouldBe(bytes);
    }

    [Fact]
    public void Faces_kept_on_the_device_are_freed_with_the_builder()
    {
        using var faces = Create(6, 6, 3);
        var before = TorchRuntime.LiveTensors;
        using (var builder = new BatchBuilder(faces, 8, torch.CPU))
        {
            builder.MakeResident();
            builder.MakeResident();
            TorchRuntime.LiveTensors.ShouldBe(before + 1);
        }
        TorchRuntime.LiveTensors.ShouldBe(before);
    }

    [Fact]
    public void No_tensor_outlives_its_scope()
    {
        using var faces = Create(8, 8, 3);
        var builder = new BatchBuilder(faces, 12, torch.CPU);
        void Step()
        {
            using var scope = torch.NewDisposeScope();
            var rng = new Rng(0, "step");
            var images = builder.Images([0, 1, 2, 3], new Augmentation(), GeometrySharing.PerQuad, rng);
            images = RandomErasing.Apply(images, 0.5, rng);
            var mixing = Mixing.Draw(0.4, 0.4, 12, 12, rng)!;
            mixing.Apply(images);
            mixing.ApplyToTargets(builder.Targets([0, 1, 2, 3], 0.1));
            builder.Labels([0, 1]);
            TestTimeAugmentation.Average([.. TestTimeAugmentation.Views(images, 5).Select(v => v.mean([2, 3]))]);
        }
        Step();
        var before = TorchRuntime.LiveTensors;
        Step();
        Step();
        TorchRuntime.LiveTensors.ShouldBe(before);
    }

    [Fact]
    public void Classes_are_drawn_by_their_shares_where_each_time_one_is_to_be_taken()
    {
        using var faces = Create(4, 4, 1, target: [0.25f, 0, 0.75f]);
        using var scope = torch.NewDisposeScope();
        var builder = new BatchBuilder(faces, 4, torch.CPU);
        int[] many = [.. Enumerable.Repeat(0, 4000)];
        var drawn = builder.Targets(many, 0, new Rng(7, "draw")).ToArray<float>().Chunk(3).ToArray();
        drawn.ShouldAllBe(row => row.Sum() == 1 && row.Max() == 1);
        drawn.Count(row => row[1] == 1).ShouldBe(0);
        // Binomial of 4000 and 1/4: a standard deviation of 27; five of them are never left by chance.
        drawn.Count(row => row[0] == 1).ShouldBeInRange(1000 - 137, 1000 + 137);
        builder.Targets([0], 0).ToArray<float>().ShouldBe([0.25f, 0, 0.75f]);
    }

    [Fact]
    public void Time_of_making_images_adds_up()
    {
        using var faces = Create(4, 4, 1);
        using var scope = torch.NewDisposeScope();
        var builder = new BatchBuilder(faces, 64, torch.CPU);
        builder.Elapsed.ShouldBe(TimeSpan.Zero);
        builder.Images([0, 1]);
        var once = builder.Elapsed;
        once.ShouldBeGreaterThan(TimeSpan.Zero);
        builder.Images([0, 1], new Augmentation(), GeometrySharing.PerFace, new Rng(1, "images"));
        builder.Elapsed.ShouldBeGreaterThan(once);
    }
}
