using SqsNet.Engine.Sweeps;
using SqsNet.Engine.Training;

namespace SqsNet.Engine.Tests.Training;

public class EarlyStoppingTests
{
    private static readonly ObjectiveSpec Accuracy = new();

    [Fact]
    public void Stops_after_patience_epochs_without_a_better_value()
    {
        var stopping = new EarlyStopping(Accuracy, patience: 2, new());
        stopping.Update(1, 0.5).ShouldBeTrue();
        stopping.Update(2, 0.6).ShouldBeTrue();
        stopping.Update(3, 0.6).ShouldBeFalse("an equal value is not better");
        stopping.ShouldStop.ShouldBeFalse();
        stopping.Update(4, 0.55).ShouldBeFalse();
        stopping.ShouldStop.ShouldBeTrue();
        stopping.State.ShouldBe(new BestSoFar(0.6, 2, 2));
    }

    [Fact]
    public void A_better_value_starts_the_wait_anew()
    {
        var stopping = new EarlyStopping(Accuracy, patience: 2, new());
        stopping.Update(1, 0.5);
        stopping.Update(2, 0.4);
        stopping.Update(3, 0.7).ShouldBeTrue();
        stopping.Update(4, 0.6);
        stopping.ShouldStop.ShouldBeFalse();
    }

    [Fact]
    public void Minimising_takes_smaller_values_and_NaN_is_never_best()
    {
        var stopping = new EarlyStopping(new() { Metric = "val/loss", Goal = Goal.Minimize }, patience: 2, new());
        stopping.Update(1, double.NaN).ShouldBeFalse();
        stopping.Update(2, 1.5).ShouldBeTrue();
        stopping.Update(3, 1.2).ShouldBeTrue();
        stopping.Update(4, double.NaN).ShouldBeFalse();
        stopping.State.ShouldBe(new BestSoFar(1.2, 3, 1));
    }

    [Fact]
    public void Without_patience_it_never_stops()
    {
        var stopping = new EarlyStopping(Accuracy, patience: null, new());
        for (var epoch = 1; epoch < 100; epoch++)
            stopping.Update(epoch, 0.1);
        stopping.ShouldStop.ShouldBeFalse();
    }

    [Fact]
    public void Goes_on_from_a_saved_state()
    {
        var stopping = new EarlyStopping(Accuracy, patience: 3, new BestSoFar(0.8, 5, 2));
        stopping.Update(8, 0.79).ShouldBeFalse();
        stopping.ShouldStop.ShouldBeTrue();
    }
}
