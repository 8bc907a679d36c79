using SqsNet.Engine.Events;

namespace SqsNet.Engine.Tests.Events;

public sealed class TrialMarkedTests
{
    [Fact]
    public void Tags_are_trimmed_kept_once_and_in_order() =>
        TrialMarked.Tidy([" good ", "", "baseline", "Good"]).ShouldBe(["baseline", "good"]);

    [Fact]
    public void Tags_that_cannot_be_kept_are_refused_by_name()
    {
        Refusal(["a,b"]).ShouldContain("\"a,b\" has one in it");
        Refusal([new string('x', 41)]).ShouldContain("has 41");
        Refusal([.. Enumerable.Range(0, 21).Select(i => $"tag {i}")]).ShouldContain("these are 21");

        static string Refusal(string[] tags) => Should.Throw<ArgumentException>(() => TrialMarked.Tidy(tags)).Message;
    }

    [Fact]
    public void A_mark_is_the_same_after_it_was_written()
    {
        var mark = new TrialMarked(["τ", "good"], "line one\nline two");
        var read = TrialEventJson.Parse(TrialEventJson.Serialize(mark)).ShouldBeOfType<TrialMarked>();
        read.Tags.ShouldBe(mark.Tags);
        read.Note.ShouldBe(mark.Note);
    }
}
