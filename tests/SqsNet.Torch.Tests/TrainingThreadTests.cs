namespace SqsNet.Torch.Tests;

public sealed class TrainingThreadTests
{
    [Fact]
    public void A_training_thread_is_nicer_than_its_maker()
    {
        var own = TrainingThread.CurrentNiceness();
        var trainer = own;
        var background = false;
        var thread = TrainingThread.Start(
            "trial 1",
            () => (trainer, background) = (TrainingThread.CurrentNiceness(), Thread.CurrentThread.IsBackground)
        );
        thread.Join();
        thread.Name.ShouldBe("trial 1");
        background.ShouldBeTrue();
        trainer.ShouldBe(Math.Min(19, own + 10));
        TrainingThread.CurrentNiceness().ShouldBe(own);
    }
}
