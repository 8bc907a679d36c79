using SqsNet.Engine.Events;
using SqsNet.Engine.Sweeps;
using SqsNet.Engine.Training;

namespace SqsNet.Engine.Tests.Training;

public sealed class JsonlEventSinkTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Events_of_all_attempts_are_read_back_in_order()
    {
        var path = _folder.File("events.jsonl");
        using (var sink = new JsonlEventSink(path))
        {
            sink.Report(new StateChanged(TrialState.Running, 1));
            sink.Report(
                new MetricsReported(
                    MetricScope.Step,
                    3,
                    1,
                    new Dictionary<string, double> { ["train/loss"] = double.NaN }
                )
            );
        }
        using (var sink = new JsonlEventSink(path))
            sink.Report(new Logged(LogSeverity.Info, "line\nbreak"));

        var events = JsonlEventSink.Read(path).ToArray();
        events.Length.ShouldBe(3);
        events[0].ShouldBe(new StateChanged(TrialState.Running, 1));
        events[1].ShouldBeOfType<MetricsReported>().Values["train/loss"].ShouldBe(double.NaN);
        events[2].ShouldBe(new Logged(LogSeverity.Info, "line\nbreak"));
    }

    [Fact]
    public void A_torn_last_line_is_left_out_and_cut_off_by_the_next_attempt()
    {
        var path = _folder.File("events.jsonl");
        using (var sink = new JsonlEventSink(path))
            sink.Report(new Logged(LogSeverity.Info, "whole"));
        File.AppendAllText(path, "{\"kind\":\"log\",\"sev");
        JsonlEventSink.Read(path).Count().ShouldBe(1);

        using (var sink = new JsonlEventSink(path))
            sink.Report(new Logged(LogSeverity.Info, "next"));
        JsonlEventSink.Read(path).Cast<Logged>().Select(e => e.Text).ShouldBe(["whole", "next"]);
    }

    [Fact]
    public void A_whole_line_that_is_no_event_is_named()
    {
        var path = _folder.File("events.jsonl");
        File.WriteAllText(path, "{\"kind\":\"log\",\"severity\":\"info\",\"text\":\"a\"}\n{}\n");
        Should.Throw<InvalidDataException>(() => JsonlEventSink.Read(path).ToArray()).Message.ShouldContain("Line 2");
    }

    [Fact]
    public void Many_threads_never_tear_a_line()
    {
        var path = _folder.File("events.jsonl");
        using (var sink = new JsonlEventSink(path))
            Parallel.For(0, 500, i => sink.Report(new Logged(LogSeverity.Info, new string('x', i))));
        JsonlEventSink.Read(path).Cast<Logged>().Sum(e => e.Text.Length).ShouldBe(499 * 500 / 2);
    }
}
