using SqsNet.Engine.Data;

namespace SqsNet.Engine.Tests.Data.Batches;

public class FacePoolTests
{
    [Fact]
    public void Faces_are_sorted_into_their_classes()
    {
        var pool = new FacePool([9, 4, 7, 2], face => face % 2 == 0 ? 0 : 3);
        pool.Classes.ShouldBe([0, 3]);
        pool.Of(0).ShouldBe([2, 4]);
        pool.Of(3).ShouldBe([7, 9]);
        pool.Of(1).ShouldBeEmpty();
        pool.Of(99).ShouldBeEmpty();
        pool.Label(7).ShouldBe(3);
        pool.Count.ShouldBe(4);
    }

    [Fact]
    public void A_face_given_twice_is_refused() => Should.Throw<ArgumentException>(() => new FacePool([1, 1], _ => 0));
}
