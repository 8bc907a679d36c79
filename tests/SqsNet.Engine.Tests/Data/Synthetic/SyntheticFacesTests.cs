using SqsNet.Engine.Data;

namespace SqsNet.Engine.Tests.Data.Synthetic;

public class SyntheticFacesTests
{
    private const int Neutral = 0;

    [Fact]
    public void Same_number_gives_the_same_face_and_another_another()
    {
        var first = SyntheticFaces.Draw(1, 8, 3, 64);
        var again = SyntheticFaces.Draw(1, 8, 3, 64);
        again.Pixels.ShouldBe(first.Pixels);
        again.Mask.ShouldBe(first.Mask);
        SyntheticFaces.Draw(1, 9, 3, 64).Pixels.ShouldNotBe(first.Pixels);
        SyntheticFaces.Draw(2, 8, 3, 64).Pixels.ShouldNotBe(first.Pixels);
    }

    // Pins the drawing itself: whoever changes it must raise the version, or trials would not be comparable.
    [Fact]
    public void Version_two_draws_what_it_always_drew()
    {
        SyntheticFaces.Version.ShouldBe(2);
        var pixels = Enumerable.Range(0, 7).SelectMany(i => SyntheticFaces.Draw(0, i, i, 32).Pixels).ToArray();
        Crc32C.Compute(pixels).ShouldBe(PinnedChecksum);
    }

    private const uint PinnedChecksum = 3984737098;

    [Fact]
    public void Masks_are_small_for_neutral_faces_and_plain_for_the_others()
    {
        double Share(int label) =>
            Enumerable.Range(0, 40).Average(i => SyntheticFaces.Draw(0, i, label, 48).Mask.Average(m => m / 255.0));
        Share(Neutral).ShouldBeLessThan(0.02);
        for (var label = 1; label < 7; label++)
            Share(label).ShouldBeInRange(0.02, 0.35, SyntheticFaces.Classes[label]);
    }

    [Fact]
    public void Masks_cover_the_part_of_the_face_that_the_action_units_move()
    {
        // Share of the mask in the upper half: brows and eyes for anger, the mouth for happiness.
        double Upper(int label)
        {
            var sums = new double[2];
            for (var i = 0; i < 40; i++)
            {
                var mask = SyntheticFaces.Draw(0, i, label, 48).Mask;
                for (var p = 0; p < mask.Length; p++)
                    sums[p < mask.Length / 2 ? 0 : 1] += mask[p];
            }
            return sums[0] / sums.Sum();
        }
        var anger = Upper(6);
        var happiness = Upper(1);
        anger.ShouldBeGreaterThan(happiness + 0.2);
    }

    [Fact]
    public void Classes_are_counted_as_planned_and_mixed_within_each_split()
    {
        var counts = new SyntheticCounts(210, 40, 40);
        var plan = SyntheticFaces.Plan(counts, 16, 0);
        var perClass = SyntheticFaces.CountClasses(counts);
        foreach (var split in Enum.GetValues<DatasetSplit>())
        {
            var labels = plan.Where(f => f.Split == split).Select(f => f.Label).ToList();
            for (var label = 0; label < 7; label++)
                labels.Count(l => l == label).ShouldBe(perClass[split][label]);
            labels.ShouldNotBe([.. labels.Order()]);
        }
        perClass[DatasetSplit.Train].Sum().ShouldBe(210);
        perClass[DatasetSplit.Train].Min().ShouldBeGreaterThan(10);
    }
}
