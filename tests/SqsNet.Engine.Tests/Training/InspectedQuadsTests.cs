using SqsNet.Engine.Events;
using SqsNet.Engine.Training;

namespace SqsNet.Engine.Tests.Training;

public class InspectedQuadsTests
{
    [Fact]
    public void Eight_quads_of_different_class_triples_with_the_anchors_class_twice()
    {
        var quads = Choose(classes: 7, facesPerClass: 5);
        quads.Count.ShouldBe(InspectedQuads.Count);
        quads.Select(Triple).Distinct().Count().ShouldBe(quads.Count);
        quads.Select(quad => quad.Labels[0]).Distinct().Count().ShouldBe(7, "every class is an anchor's");
        foreach (var quad in quads)
        {
            int[] faces = [quad.Anchor, quad.Positive, quad.Negative1, quad.Negative2];
            faces.Distinct().Count().ShouldBe(4);
            faces.Select(face => face % 7).ShouldBe(quad.Labels);
            quad.Labels[1].ShouldBe(quad.Labels[0]);
            quad.Labels.Skip(1).Distinct().Count().ShouldBe(3);
        }
    }

    [Fact]
    public void The_choice_is_the_same_every_time() =>
        Choose(classes: 7, facesPerClass: 5)
            .SelectMany(Faces)
            .ShouldBe(Choose(classes: 7, facesPerClass: 5).SelectMany(Faces));

    [Fact]
    public void Two_classes_give_negatives_of_the_one_other_class()
    {
        var quads = Choose(classes: 2, facesPerClass: 3);
        quads.Count.ShouldBe(2);
        quads.ShouldAllBe(quad => quad.Labels[2] == quad.Labels[3] && quad.Labels[2] != quad.Labels[0]);
    }

    [Theory]
    [InlineData(1, 10)]
    [InlineData(5, 1)]
    [InlineData(0, 0)]
    public void Without_a_pair_or_a_second_class_there_are_none(int classes, int facesPerClass) =>
        Choose(classes, facesPerClass).ShouldBeEmpty();

    // Face i is of class i modulo the number of classes.
    private static IReadOnlyList<InspectedQuad> Choose(int classes, int facesPerClass) =>
        InspectedQuads.Choose([.. Enumerable.Range(0, classes * facesPerClass)], face => face % classes);

    private static IEnumerable<int> Faces(InspectedQuad q) => [q.Anchor, q.Positive, q.Negative1, q.Negative2];

    private static (int, int, int) Triple(InspectedQuad quad)
    {
        int[] negatives = [.. quad.Labels.Skip(2).Order()];
        return (quad.Labels[0], negatives[0], negatives[1]);
    }
}
