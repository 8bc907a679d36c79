using SqsNet.Engine.Data;
using SqsNet.Engine.Randomness;
using SqsNet.Engine.Tests.Fixtures;
using SqsNet.Torch;

namespace SqsNet.Engine.Tests.Data.Batches;

public class AugmentationTests
{
    private static readonly Augmentation s_geometry = new() { Brightness = 0, Contrast = 0 };

    /// <summary>The same picture, as often as there are images.</summary>
    private static Tensor Same(int count) =>
        torch.tensor<float>(FormulaWeights.Input(1 * 16 * 16), [1, 1, 16, 16]).abs().repeat(count, 1, 1, 1);

    private static List<double[]> Apply(Augmentation augmentation, int count, GeometrySharing sharing, int seed = 0)
    {
        using var scope = torch.NewDisposeScope();
        return [.. augmentation.Apply(Same(count), sharing, new Rng(seed, "augmentation")).Values().Chunk(256)];
    }

    [Fact]
    public void Whole_batch_is_moved_alike()
    {
        var images = Apply(s_geometry, 6, GeometrySharing.WholeBatch);
        images.ShouldAllBe(image => image.SequenceEqual(images[0]));
        images[0].ShouldNotBe(Apply(Augmentation.None, 1, GeometrySharing.PerFace)[0]);
    }

    [Fact]
    public void Quads_are_moved_alike_and_each_in_its_own_way()
    {
        var images = Apply(s_geometry, 12, GeometrySharing.PerQuad);
        for (var quad = 0; quad < 3; quad++)
        {
            for (var block = 1; block < 4; block++)
                images[(3 * block) + quad].ShouldBe(images[quad]);
        }
        images[0].ShouldNotBe(images[1]);
        images[1].ShouldNotBe(images[2]);
        Should.Throw<ArgumentException>(() => Apply(s_geometry, 6, GeometrySharing.PerQuad));
    }

    [Fact]
    public void Faces_by_themselves_are_moved_each_in_its_own_way()
    {
        var images = Apply(s_geometry, 5, GeometrySharing.PerFace);
        images.Select(i => i[40]).Distinct().Count().ShouldBe(5);
    }

    [Fact]
    public void Light_differs_from_face_to_face_even_where_all_are_moved_alike()
    {
        var images = Apply(Augmentation.None with { Brightness = 0.2 }, 5, GeometrySharing.WholeBatch);
        images.Select(i => i.Average()).Distinct().Count().ShouldBe(5);
    }

    [Fact]
    public void A_certain_flip_is_a_mirror_image()
    {
        using var scope = torch.NewDisposeScope();
        var flipped = Apply(Augmentation.None with { FlipProbability = 1 }, 1, GeometrySharing.PerFace)[0];
        flipped.ShouldBeClose(Same(1).flip(3).Values(), 0, 1e-5, "flip");
    }

    [Fact]
    public void Nothing_changes_when_nothing_may()
    {
        using var scope = torch.NewDisposeScope();
        var images = Same(2);
        var unchanged = Augmentation.None.Apply(images, GeometrySharing.PerFace, new Rng(0, "a"));
        unchanged.Values().ShouldBe(images.Values());
        unchanged.Dispose();
        images.Values().Length.ShouldBe(512);
    }

    [Fact]
    public void Values_stay_within_the_range_of_pixels()
    {
        var strong = new Augmentation { Brightness = 0.9, Contrast = 0.9 };
        var values = Apply(strong, 50, GeometrySharing.PerFace).SelectMany(i => i).ToList();
        values.Min().ShouldBeGreaterThanOrEqualTo(0);
        values.Max().ShouldBeLessThanOrEqualTo(1);
    }

    [Fact]
    public void Moves_stay_within_their_limits()
    {
        var matrices = new Augmentation().DrawMoves(500, GeometrySharing.PerFace, new Rng(0, "moves"));
        foreach (var m in matrices.Chunk(6))
        {
            Math.Abs(m[2]).ShouldBeLessThanOrEqualTo(0.1001f);
            Math.Abs(m[5]).ShouldBeLessThanOrEqualTo(0.1001f);
            Math.Sqrt((m[3] * m[3]) + (m[4] * m[4])).ShouldBeInRange(1 / 1.081, 1 / 0.919);
            Math.Abs(Math.Atan2(-m[3], m[4]) * 180 / Math.PI).ShouldBeLessThanOrEqualTo(10.001);
        }
        matrices.Chunk(6).Count(m => m[0] < 0).ShouldBeInRange(190, 310);
    }

    [Fact]
    public void Same_stream_gives_the_same_changes()
    {
        var first = Apply(new(), 3, GeometrySharing.PerFace, seed: 4);
        Apply(new(), 3, GeometrySharing.PerFace, seed: 4).SelectMany(i => i).ShouldBe(first.SelectMany(i => i));
        Apply(new(), 3, GeometrySharing.PerFace, seed: 5)[0].ShouldNotBe(first[0]);
    }
}
