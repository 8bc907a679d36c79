using SqsNet.Engine.Reports;
using SqsNet.Engine.Tests.Fakes;

namespace SqsNet.Engine.Tests.Reports;

public sealed class ReportStampTests
{
    [Fact]
    public void A_stamp_changes_with_a_number_behind_the_table_and_not_with_a_note()
    {
        var trials = SampleSweep.Of(Sample.Sweep(0, 1), (_, seed) => 0.8 + (0.01 * seed)).Trials;
        var stamp = ReportStamp.Of(trials);
        stamp.Length.ShouldBe(8);
        ReportStamp.Of(trials.Reverse()).ShouldBe(stamp);
        ReportStamp.Of([trials[0] with { Tags = ["good"], Note = "…" }, .. trials.Skip(1)]).ShouldBe(stamp);
        var changed = trials[0] with
        {
            Best = new Dictionary<string, double>(trials[0].Best) { ["val/accuracy"] = 0.1 },
        };
        ReportStamp.Of([changed, .. trials.Skip(1)]).ShouldNotBe(stamp);
        ReportStamp.Of(trials.Skip(1)).ShouldNotBe(stamp);
    }
}
