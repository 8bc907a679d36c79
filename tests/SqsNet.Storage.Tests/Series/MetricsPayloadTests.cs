using FsCheck;
using FsCheck.Fluent;
using SqsNet.Engine.Events;

namespace SqsNet.Storage.Tests.Series;

public sealed class MetricsPayloadTests
{
    private static readonly Gen<string> s_name = Gen.Elements(
        "train/loss",
        "val/f1/\"joy\"",
        "val/f1/Überraschung \\ 😀",
        "step",
        "seconds",
        "values",
        ""
    );

    [Fact]
    public void A_metric_is_found_in_the_text_exactly_when_the_event_has_it()
    {
        var cases =
            from names in s_name.ListOf()
            from values in ArbMap.Default.GeneratorFor<double>().ArrayOf(names.Count)
            from step in ArbMap.Default.GeneratorFor<long>()
            from seconds in ArbMap.Default.GeneratorFor<double>()
            from wanted in s_name
            select (
                Event: new MetricsReported(
                    MetricScope.Step,
                    step,
                    1,
                    names.Zip(values).GroupBy(p => p.First).ToDictionary(g => g.Key, g => g.Last().Second)
                )
                {
                    Seconds = seconds,
                },
                Wanted: wanted
            );

        Prop.ForAll(
                cases.ToArbitrary(),
                c =>
                {
                    var json = System.Text.Encoding.UTF8.GetBytes(TrialEventJson.Serialize(c.Event));
                    var isFound = MetricsPayload.TryFind(json, c.Wanted, out var point);
                    isFound.ShouldBe(c.Event.Values.ContainsKey(c.Wanted));
                    if (isFound)
                        point.ShouldBe(new(c.Event.Step, c.Event.Seconds, c.Event.Values[c.Wanted]));
                }
            )
            .QuickCheckThrowOnFailure();
    }
}
