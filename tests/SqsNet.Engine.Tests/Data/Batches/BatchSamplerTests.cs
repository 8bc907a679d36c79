using FsCheck;
using FsCheck.Fluent;
using SqsNet.Engine.Data;
using SqsNet.Engine.Training;

namespace SqsNet.Engine.Tests.Data.Batches;

public class BatchSamplerTests
{
    /// <summary>Sizes of one to eight classes, empty ones and single faces among them; batch size; seed.</summary>
    private static readonly Arbitrary<(int[] Sizes, int BatchSize, int Seed)> s_cases = (
        from sizes in Gen.Choose(0, 120).ArrayOf(8)
        from classes in Gen.Choose(1, 8)
        from batchSize in Gen.Choose(2, 70)
        from seed in Gen.Choose(0, 1000)
        where sizes.Take(classes).Any(s => s > 0)
        select (sizes.Take(classes).ToArray(), batchSize, seed)
    ).ToArbitrary();

    private static FacePool Pool(params int[] sizes)
    {
        var labels = sizes.SelectMany((size, label) => Enumerable.Repeat(label, size)).ToArray();
        return new(Enumerable.Range(0, labels.Length), face => labels[face]);
    }

    [Fact]
    public void Every_batch_is_full_and_has_two_faces_of_each_of_its_classes() =>
        Prop.ForAll(
                s_cases,
                c =>
                {
                    var pool = Pool(c.Sizes);
                    foreach (var batch in new BatchSampler(pool, c.BatchSize, c.Seed).Epoch(1))
                    {
                        batch.Count.ShouldBe(c.BatchSize);
                        var perClass = batch.CountBy(pool.Label).ToDictionary();
                        perClass.Values.ShouldAllBe(n => n >= 2);
                        perClass.Count.ShouldBe(Math.Min(pool.Classes.Count, c.BatchSize / 2));
                    }
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void No_batch_has_a_face_twice_while_its_class_has_others() =>
        Prop.ForAll(
                s_cases,
                c =>
                {
                    var pool = Pool(c.Sizes);
                    foreach (var batch in new BatchSampler(pool, c.BatchSize, c.Seed).Epoch(1))
                    {
                        foreach (var ofClass in batch.GroupBy(pool.Label))
                            ofClass.Distinct().Count().ShouldBe(Math.Min(ofClass.Count(), pool.Of(ofClass.Key).Count));
                    }
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void An_epoch_draws_about_as_many_faces_as_there_are() =>
        Prop.ForAll(
                s_cases,
                c =>
                {
                    var drawn = new BatchSampler(Pool(c.Sizes), c.BatchSize, c.Seed).BatchesPerEpoch * c.BatchSize;
                    drawn.ShouldBeInRange(
                        Math.Min(c.Sizes.Sum() - (c.BatchSize / 2), c.BatchSize),
                        c.Sizes.Sum() + c.BatchSize
                    );
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Same_seed_and_epoch_give_the_same_batches_and_others_others()
    {
        var pool = Pool(40, 30, 20);
        static int[] Flat(IReadOnlyList<IReadOnlyList<int>> batches) => [.. batches.SelectMany(b => b)];
        var first = Flat(new BatchSampler(pool, 12, 5).Epoch(3));
        Flat(new BatchSampler(pool, 12, 5).Epoch(3)).ShouldBe(first);
        Flat(new BatchSampler(pool, 12, 5).Epoch(4)).ShouldNotBe(first);
        Flat(new BatchSampler(pool, 12, 6).Epoch(3)).ShouldNotBe(first);
    }

    [Fact]
    public void Rare_classes_are_drawn_more_often_than_they_are_and_common_ones_stay_common()
    {
        var pool = Pool(900, 100);
        var drawn = new BatchSampler(pool, 20, 0).Epoch(0).SelectMany(b => b).CountBy(pool.Label).ToDictionary();
        // Two of each, then 16 by the square roots of the sizes, 30 to 10: 14 and 6 of 20.
        ((double)drawn[0]).ShouldBe(700, 5);
        ((double)drawn[1]).ShouldBe(300, 5);
    }

    [Fact]
    public void Every_face_of_a_small_class_is_seen_equally_often()
    {
        var pool = Pool(500, 10);
        var times = new BatchSampler(pool, 10, 0)
            .Epoch(0)
            .SelectMany(b => b)
            .Where(face => pool.Label(face) == 1)
            .CountBy(face => face)
            .Select(pair => pair.Value)
            .ToList();
        times.Count.ShouldBe(10);
        (times.Max() - times.Min()).ShouldBeLessThanOrEqualTo(1);
    }

    [Fact]
    public void Small_batches_take_the_classes_by_turns()
    {
        var pool = Pool(50, 50, 50, 50, 50);
        var batches = new BatchSampler(pool, 4, 0).Epoch(0);
        var times = batches
            .SelectMany(b => b.Select(pool.Label).Distinct())
            .CountBy(c => c)
            .Select(p => p.Value)
            .ToList();
        times.Count.ShouldBe(5);
        (times.Max() - times.Min()).ShouldBeLessThanOrEqualTo(2);
    }

    [Fact]
    public void Fewer_faces_per_epoch_make_fewer_steps_and_over_epochs_all_are_seen()
    {
        var sampler = new BatchSampler(Pool(60, 60), 10, 1, facesPerEpoch: 40);
        sampler.BatchesPerEpoch.ShouldBe(4);
        Enumerable.Range(0, 30).SelectMany(sampler.Epoch).SelectMany(b => b).Distinct().Count().ShouldBe(120);
        new BatchSampler(Pool(60, 60), 10, 1, facesPerEpoch: 4000).BatchesPerEpoch.ShouldBe(12);
    }

    [Fact]
    public void In_order_keeps_every_face_and_lets_the_last_batch_be_smaller() =>
        BatchSampler
            .InOrder([5, 6, 7, 8, 9], 2)
            .ShouldBe([
                [5, 6],
                [7, 8],
                [9],
            ]);

    [Fact]
    public void Refuses_batches_without_room_for_two_and_pools_without_faces()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => new BatchSampler(Pool(5), 1, 0));
        Should.Throw<ArgumentException>(() => new BatchSampler(Pool(), 4, 0));
    }

    [Fact]
    public void Balanced_sampling_draws_all_classes_alike_and_the_square_root_between()
    {
        var pool = Pool(400, 100, 25);
        int[] Drawn(Sampling sampling) =>
            [
                .. new BatchSampler(pool, 30, seed: 3, sampling: sampling)
                    .Epoch(1)
                    .SelectMany(batch => batch)
                    .CountBy(pool.Label)
                    .OrderBy(count => count.Key)
                    .Select(count => count.Value),
            ];

        var balanced = Drawn(Sampling.Balanced);
        balanced.Sum().ShouldBe(540);
        balanced.ShouldAllBe(n => Math.Abs(n - 180) <= 2);
        // Two of each class come into each of the 18 batches, the other 432 faces by 20 : 10 : 5.
        var root = Drawn(Sampling.SquareRoot);
        root[0].ShouldBeInRange(283 - 3, 283 + 3);
        root[2].ShouldBeInRange(98 - 3, 98 + 3);
    }

    [Fact]
    public void Weighted_sampling_draws_each_face_by_itself_with_all_classes_alike_on_average()
    {
        var pool = Pool(900, 90, 10);
        var drawn = new BatchSampler(pool, 50, seed: 5, sampling: Sampling.Weighted)
            .Epoch(1)
            .SelectMany(b => b)
            .ToArray();
        drawn.Length.ShouldBe(1000);
        foreach (var count in drawn.CountBy(pool.Label))
            // Binomial of 1000 and 1/3: a standard deviation of 15; five of them are never left by chance.
            count.Value.ShouldBeInRange(333 - 75, 333 + 75);
        drawn.Where(face => pool.Label(face) == 2).Distinct().Count().ShouldBe(10);
    }

    [Theory]
    [InlineData(Sampling.Balanced)]
    [InlineData(Sampling.Weighted)]
    public void An_epoch_is_the_same_whenever_it_is_asked_for(Sampling sampling)
    {
        IEnumerable<int> Faces(int epoch) =>
            new BatchSampler(Pool(40, 9, 2), 10, seed: 1, sampling: sampling).Epoch(epoch).SelectMany(b => b);
        Faces(2).ShouldBe(Faces(2));
        Faces(2).ShouldNotBe(Faces(3));
    }
}
