using SqsNet.Engine.Randomness;
using SqsNet.Engine.Training;

namespace SqsNet.Engine.Tests.Training;

public class TrialSplitsTests
{
    // 100 faces of class 0, 10 of class 1, 3 of class 2, 1 of class 3.
    private static readonly int[] Labels =
    [
        .. Enumerable.Repeat(0, 100),
        .. Enumerable.Repeat(1, 10),
        .. Enumerable.Repeat(2, 3),
        3,
    ];

    private static readonly int[] Faces = [.. Enumerable.Range(0, Labels.Length)];

    [Fact]
    public void Held_out_share_is_that_of_every_class()
    {
        var (kept, held) = HoldOut(0.2);
        Enumerable.Range(0, 4).Select(k => held.Count(face => Labels[face] == k)).ShouldBe([20, 2, 1, 0]);
        kept.Concat(held).Order().ShouldBe(Faces);
    }

    [Fact]
    public void A_tiny_share_still_takes_one_of_each_class_that_has_two()
    {
        var (_, held) = HoldOut(0.001);
        Enumerable.Range(0, 4).Select(k => held.Count(face => Labels[face] == k)).ShouldBe([1, 1, 1, 0]);
    }

    [Fact]
    public void Same_stream_holds_out_the_same_faces_and_another_stream_others()
    {
        HoldOut(0.2).Held.ShouldBe(HoldOut(0.2).Held);
        HoldOut(0.2, seed: 1).Held.ShouldNotBe(HoldOut(0.2).Held);
    }

    private static (IReadOnlyList<int> Kept, IReadOnlyList<int> Held) HoldOut(double fraction, int seed = 0) =>
        TrialSplits.HoldOut(Faces, face => Labels[face], fraction, new Rng(seed, "validation split"));
}
