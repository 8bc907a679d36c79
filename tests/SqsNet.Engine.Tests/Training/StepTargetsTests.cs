using SqsNet.Engine.Data;
using SqsNet.Engine.Losses;
using SqsNet.Engine.Tests.Fixtures;
using SqsNet.Engine.Training;
using SqsNet.Torch;

namespace SqsNet.Engine.Tests.Training;

[Collection(nameof(LiveTensorCounts))]
public sealed class StepTargetsTests
{
    private static readonly float[] s_votes = [0.5f, 0.3f, 0.2f, 0, 0, 0, 0, 1];

    [Fact]
    public void Shares_are_the_targets_as_they_are()
    {
        using var scope = torch.NewDisposeScope();
        var shares = torch.tensor<float>(s_votes, [2, 4]);
        var logits = torch.tensor<float>([3, 2, 1, 0, 0, 1, 2, 3], [2, 4]);
        new StepTargets(shares, TargetUse.Shares, 0.1).For(logits).ToArray<float>().ShouldBe(s_votes);
    }

    [Theory]
    [InlineData(1f, 2f, 1f, 8.5f, 1)] // the likeliest of the classes with votes, though class 3 is likelier without any
    [InlineData(2f, 1f, 1f, 2.1f, 0)]
    [InlineData(0f, 0f, 0f, 20f, 3)] // a thousandth of a certainty outweighs what the scores rule out
    public void Any_class_with_votes_may_be_right_and_the_scores_choose(float a, float b, float c, float d, int chosen)
    {
        using var scope = torch.NewDisposeScope();
        var shares = torch.tensor<float>([0.5f, 0.3f, 0.2f, 0], [1, 4]);
        var target = new StepTargets(shares, TargetUse.Any, 0).For(torch.tensor<float>([a, b, c, d], [1, 4]));
        target.ToArray<float>().ShouldBe([.. Enumerable.Range(0, 4).Select(k => k == chosen ? 1f : 0f)]);
    }

    [Fact]
    public void Gradient_of_any_is_that_of_the_published_loss()
    {
        // Barsoum et al. 2016, equation 6: L = -log max_k t_k p_k; its gradient by central differences in float64.
        double[] scores = [1.2, 0.9, -0.4, 0.3];
        double[] right = [1, 1, 0.001, 0.001];
        using var scope = torch.NewDisposeScope();
        var logits = torch.tensor<double>(scores, [1, 4]).requires_grad_();
        var shares = torch.tensor<float>([0.6f, 0.4f, 0, 0], [1, 4]);
        var target = new StepTargets(shares, TargetUse.Any, 0).For(logits).to(ScalarType.Float64);
        SoftTargetCrossEntropy.Compute(logits, target).backward();
        var gradient = logits.grad!.ToArray<double>();
        for (var k = 0; k < 4; k++)
        {
            const double H = 1e-6;
            var (up, down) = ((double[])scores.Clone(), (double[])scores.Clone());
            up[k] += H;
            down[k] -= H;
            // 1e-8: the error of central differences, h^2 plus rounding over h.
            gradient[k].ShouldBe((Loss(up) - Loss(down)) / (2 * H), 1e-8);
        }

        double Loss(double[] z)
        {
            var sum = z.Sum(Math.Exp);
            return -Math.Log(z.Select((x, k) => right[k] * Math.Exp(x) / sum).Max());
        }
    }
}
