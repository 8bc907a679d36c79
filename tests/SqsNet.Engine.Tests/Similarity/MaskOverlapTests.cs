using SqsNet.Engine.Similarity;

namespace SqsNet.Engine.Tests.Similarity;

public sealed class MaskOverlapTests
{
    // 4 x 4 over 2 x 2 places: the upper left is inside, a quarter of the lower right, too.
    private static readonly byte[] s_mask = [255, 255, 0, 0, 255, 255, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255];

    [Theory]
    [InlineData(new[] { 1f, 0, 0, 0.5f }, 1.0)]
    [InlineData(new[] { 0f, 1, 1, 0.5f }, 0.0)]
    [InlineData(new[] { 3f, 3, 3, 3 }, 0.5)]
    public void Auc_says_how_often_places_inside_lie_above_places_outside(float[] map, double expected)
    {
        // By hand: pairs weigh inside times outside: (0,1) 1, (0,2) 1, (0,3) 3/4, (3,1) 1/4, (3,2) 1/4; (3,0) nothing.
        var auc = MaskOverlap.Auc(map, 2, 2, s_mask, 4, 4);
        auc.ShouldNotBeNull().ShouldBe(expected, 1e-12);
    }

    [Fact]
    public void Places_that_are_half_inside_count_half()
    {
        // Only (3, 1) and (3, 2) are won: a half of 13/4.
        MaskOverlap.Auc([0, 1, 1, 2], 2, 2, s_mask, 4, 4).ShouldNotBeNull().ShouldBe(0.5 / 3.25, 1e-12);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(255)]
    public void A_mask_of_nothing_or_everything_has_no_answer(byte value) =>
        MaskOverlap.Auc([1, 2, 3, 4], 2, 2, [.. Enumerable.Repeat(value, 16)], 4, 4).ShouldBeNull();
}
