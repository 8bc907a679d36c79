using System.Text.Json;
using SqsNet.Engine.Data;
using SqsNet.Engine.Tests.Fixtures;
using SqsNet.Torch;

namespace SqsNet.Engine.Tests.Data.Batches;

public class RandomErasingTests
{
    [Fact]
    public void Sizes_of_rectangles_are_timms()
    {
        var boxes = Reference.Sqs("aug_mixup_cutmix_erase_tta").GetProperty("random_erasing_boxes");
        foreach (var expected in boxes.EnumerateArray())
        {
            var box = RandomErasing.BoxSize(
                expected.GetProperty("h").GetInt32(),
                expected.GetProperty("w").GetInt32(),
                expected.Number("area_frac"),
                expected.Number("log_aspect")
            );
            var size = expected.GetProperty("box");
            if (size.ValueKind == JsonValueKind.Null)
                box.ShouldBeNull();
            else
                box.ShouldBe((size[0].GetInt32(), size[1].GetInt32()));
        }
    }

    [Fact]
    public void Erases_one_rectangle_of_each_image_to_zero_in_every_channel()
    {
        using var scope = torch.NewDisposeScope();
        const int count = 50;
        var erased = RandomErasing.Apply(torch.ones(count, 2, 20, 24), 1, new(0, "erasing")).Values();
        for (var i = 0; i < count; i++)
        {
            var first = erased.AsSpan(i * 2 * 480, 480).ToArray();
            erased.AsSpan((i * 2 * 480) + 480, 480).ToArray().ShouldBe(first);
            var holes = Enumerable.Range(0, 480).Where(p => first[p] == 0).ToList();
            var (rows, columns) = (holes.ConvertAll(p => p / 24), holes.ConvertAll(p => p % 24));
            holes.Count.ShouldBe((rows.Max() - rows.Min() + 1) * (columns.Max() - columns.Min() + 1));
            // 2 % to a third of 480, give or take the rounding of both sides.
            holes.Count.ShouldBeInRange(4, 190);
        }
    }

    [Fact]
    public void Probability_is_that_of_an_image()
    {
        using var scope = torch.NewDisposeScope();
        double Share(double probability)
        {
            var erased = RandomErasing.Apply(torch.ones(1000, 1, 8, 8), probability, new(1, "erasing")).Values();
            return erased.Chunk(64).Average(image => image.Contains(0) ? 1.0 : 0);
        }
        Share(0).ShouldBe(0);
        // Five standard errors of 1,000 draws.
        Share(0.3).ShouldBe(0.3, 0.073);
        Share(1).ShouldBe(1, 0.01);
    }
}
