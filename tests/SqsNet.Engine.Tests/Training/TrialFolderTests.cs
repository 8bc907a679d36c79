using SqsNet.Engine.Events;
using SqsNet.Engine.Executors;
using SqsNet.Engine.Sweeps;
using SqsNet.Engine.Training;

namespace SqsNet.Engine.Tests.Training;

public sealed class TrialFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_attempt_goes_to_the_runner_with_its_number_and_into_the_same_event_file()
    {
        var folder = TrialFolder.Create(
            _folder.Path,
            new TrialDescription
            {
                TrialId = 7,
                Device = "cuda:1",
                Spec = Some.TrialSpec(seed: 3),
            }
        );
        var plans = new List<TrialPlan>();
        var heard = new ListSink();
        TrialOutcome Run(TrialPlan plan, IEventSink sink, TrialControl control)
        {
            plans.Add(plan);
            sink.Report(new Logged(LogSeverity.Info, "trains") { Seconds = 12 * plan.Attempt });
            return new(TrialState.Paused, "asked");
        }

        folder.Run(Run, new(), TimeProvider.System).State.ShouldBe(TrialState.Paused);
        folder.Run(Run, new(), TimeProvider.System, heard);

        plans.Select(plan => plan.Attempt).ShouldBe([1, 2]);
        plans.ShouldAllBe(plan => plan.TrialId == 7 && plan.Device == "cuda:1" && plan.Folder == folder.Path);
        plans[0].Spec.Seed.ShouldBe(3);
        JsonlEventSink
            .Read(folder.EventsPath)
            .OfType<StateChanged>()
            .Select(change => (change.State, change.Attempt, change.Message, change.Seconds))
            .ShouldBe([
                (TrialState.Running, 1, null, 0),
                (TrialState.Paused, 1, "asked", 12),
                (TrialState.Running, 2, null, 12),
                (TrialState.Paused, 2, "asked", 24),
            ]);
        heard.Events.Count.ShouldBe(3);
        File.ReadAllText(folder.MetricsPath).ShouldContain("\"state\": \"paused\"");
        folder.ReadSummary().Attempts.ShouldBe(2);
    }

    [Fact]
    public void A_folder_of_another_trial_is_refused_and_the_same_trial_is_not()
    {
        TrialFolder.Create(_folder.Path, new TrialDescription { Spec = Some.TrialSpec(seed: 1) });
        TrialFolder.Create(_folder.Path, new TrialDescription { Spec = Some.TrialSpec(seed: 1) });
        Should
            .Throw<InvalidOperationException>(() =>
                TrialFolder.Create(_folder.Path, new TrialDescription { Spec = Some.TrialSpec(seed: 2) })
            )
            .Message.ShouldContain("another trial");
    }

    [Fact]
    public void A_description_that_is_wrong_is_refused_with_the_path_of_each_problem()
    {
        File.WriteAllText(_folder.File("trial.json"), """{ "spec": { "dataset": 1 }, "devise": "cpu" }""");
        var refused = Should.Throw<InvalidSpecException>(() => new TrialFolder(_folder.Path).ReadDescription());
        refused.Errors.Select(error => error.Path).ShouldContain("spec.dataset");
        refused.Errors.Select(error => error.Path).ShouldContain("devise");
    }

    [Fact]
    public void A_summary_keeps_the_best_epoch_and_the_final_evaluation()
    {
        static MetricsReported Epoch(int epoch, double accuracy, bool best) =>
            new(MetricScope.Epoch, epoch * 10, epoch, Values(("val/accuracy", accuracy)), best) { Seconds = epoch };
        static Dictionary<string, double> Values(params (string, double)[] values) =>
            values.ToDictionary(v => v.Item1, v => v.Item2);

        var summary = TrialSummary.Of([
            new StateChanged(TrialState.Running, 1),
            Epoch(1, 0.5, best: true),
            Epoch(2, 0.7, best: true),
            Epoch(3, 0.6, best: false),
            new MetricsReported(MetricScope.Final, 30, 3, Values(("test/accuracy", 0.65))) { Seconds = 4 },
            new StateChanged(TrialState.Completed, 1) { Seconds = 4.5 },
        ]);

        summary.State.ShouldBe(TrialState.Completed);
        summary.Epoch.ShouldBe(3);
        summary.BestEpoch.ShouldBe(2);
        summary.Seconds.ShouldBe(4.5);
        summary.Metrics.ShouldBe(Values(("test/accuracy", 0.65), ("val/accuracy", 0.7)), ignoreOrder: true);
        summary.Latest["val/accuracy"].ShouldBe(0.6);
    }
}
