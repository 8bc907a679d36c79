using FsCheck;
using FsCheck.Fluent;
using SqsNet.Engine.Data;
using SqsNet.Engine.Randomness;
using SqsNet.Engine.Similarity;

namespace SqsNet.Engine.Tests.Data.Batches;

public class QuadSamplerTests
{
    private static readonly Arbitrary<(int[] Labels, NegativeChoice Choice, int Seed)> s_cases = (
        from count in Gen.Choose(2, 40)
        from labels in Gen.Choose(0, 5).ArrayOf(count)
        from choice in Gen.Elements(NegativeChoice.Distinct, NegativeChoice.Any, NegativeChoice.Same)
        from seed in Gen.Choose(0, 1000)
        where labels.Distinct().Count() > 1
        select (labels, choice, seed)
    ).ToArbitrary();

    private static QuadIndices Quads(NegativeChoice choice, params int[] labels) =>
        QuadSampler.InBatch(labels, choice, new(0, "quads")).ShouldNotBeNull();

    [Fact]
    public void Positives_share_the_anchors_class_and_negatives_do_not() =>
        Prop.ForAll(
                s_cases,
                c =>
                {
                    var quads = QuadSampler.InBatch(c.Labels, c.Choice, new(c.Seed, "quads")).ShouldNotBeNull();
                    quads.Anchor.ShouldBe(Enumerable.Range(0, c.Labels.Length));
                    for (var i = 0; i < quads.Count; i++)
                    {
                        var label = c.Labels[i];
                        c.Labels[quads.Positive[i]].ShouldBe(label);
                        if (c.Labels.Count(l => l == label) > 1)
                            quads.Positive[i].ShouldNotBe(i);
                        c.Labels[quads.Negative1[i]].ShouldNotBe(label);
                        c.Labels[quads.Negative2[i]].ShouldNotBe(label);
                    }
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Distinct_negatives_come_from_two_classes_and_same_ones_from_one() =>
        Prop.ForAll(
                s_cases,
                c =>
                {
                    var quads = QuadSampler.InBatch(c.Labels, c.Choice, new(c.Seed, "quads")).ShouldNotBeNull();
                    for (var i = 0; i < quads.Count; i++)
                    {
                        var (first, second) = (c.Labels[quads.Negative1[i]], c.Labels[quads.Negative2[i]]);
                        if (c.Choice == NegativeChoice.Distinct && c.Labels.Distinct().Count() > 2)
                            first.ShouldNotBe(second);
                        if (c.Choice == NegativeChoice.Same)
                        {
                            first.ShouldBe(second);
                            if (c.Labels.Count(l => l == first) > 1)
                                quads.Negative1[i].ShouldNotBe(quads.Negative2[i]);
                        }
                    }
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void An_anchor_alone_in_its_class_is_its_own_positive() =>
        Quads(NegativeChoice.Distinct, 0, 1, 1).Positive[0].ShouldBe(0);

    [Fact]
    public void Distinct_negatives_come_from_one_class_where_there_is_only_one_other()
    {
        var quads = Quads(NegativeChoice.Distinct, 0, 0, 1, 1);
        new[] { quads.Negative1[0], quads.Negative2[0] }.Order().ShouldBe([2, 3]);
    }

    [Fact]
    public void Both_negatives_are_one_face_where_it_is_the_only_other() =>
        Quads(NegativeChoice.Any, 0, 0, 1)
            .ShouldSatisfyAllConditions(q => q.Negative1[0].ShouldBe(2), q => q.Negative2[0].ShouldBe(2));

    [Fact]
    public void A_batch_of_one_class_has_no_quads() =>
        QuadSampler.InBatch([3, 3, 3], NegativeChoice.Distinct, new(0, "quads")).ShouldBeNull();

    [Fact]
    public void Classes_of_negatives_are_drawn_before_faces_unless_any_will_do()
    {
        int[] labels = [0, .. Enumerable.Repeat(1, 90), .. Enumerable.Repeat(2, 10)];
        double ShareOfRare(NegativeChoice choice) =>
            Enumerable
                .Range(0, 2000)
                .Average(seed =>
                    labels[QuadSampler.InBatch(labels, choice, new(seed, "q"))!.Negative1[0]] == 2 ? 1.0 : 0
                );
        // Five standard errors of 2,000 draws.
        ShareOfRare(NegativeChoice.Same).ShouldBe(0.5, 0.056);
        ShareOfRare(NegativeChoice.Any).ShouldBe(0.1, 0.034);
    }

    [Fact]
    public void Explicit_quads_are_faces_of_the_pool()
    {
        var pool = new FacePool([100, 101, 200, 201, 300], face => face / 100);
        var quads = QuadSampler.Explicit([101, 300], pool, NegativeChoice.Distinct, new(1, "q")).ShouldNotBeNull();
        quads.Anchor.ShouldBe([101, 300]);
        quads.Positive.ShouldBe([100, 300]);
        quads.Negative1.Concat(quads.Negative2).ShouldAllBe(face => pool.Label(face) > 0);
        Should.Throw<KeyNotFoundException>(() => QuadSampler.Explicit([7], pool, NegativeChoice.Any, new(1, "q")));
    }

    [Fact]
    public void Same_stream_gives_the_same_quads()
    {
        int[] labels = [0, 1, 2, 0, 1, 2, 0, 1];
        int[] Draw(long seed) => QuadSampler.InBatch(labels, NegativeChoice.Distinct, new Rng(seed, "q"))!.Negative1;
        Draw(1).ShouldBe(Draw(1));
        Enumerable.Range(2, 5).Count(seed => !Draw(seed).SequenceEqual(Draw(1))).ShouldBeGreaterThan(0);
    }
}
