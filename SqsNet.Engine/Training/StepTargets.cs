using SqsNet.Engine.Data;
using SqsNet.Engine.Losses;
using SqsNet.Torch;
using static SqsNet.Torch.torch;

namespace SqsNet.Engine.Training;

/// <summary>What the faces of a step should be taken for, by each dataset's own way to learn from soft targets.</summary>
/// <remarks>
/// Where any of several classes is right, the loss of Barsoum et al. 2016 (equation 6) is -log max over k of t_k * p_k. Its
/// gradient is that of the cross-entropy against the class with the greatest t_k * p_k alone, so that class becomes the
/// target, by the scores of each head itself; smoothing and mixing then apply as to any other.
/// </remarks>
/// <param name="shares">Shares of the classes, shape (B, K), smoothed unless any of them is right.</param>
/// <param name="use">How they are learned from.</param>
/// <param name="smoothing">Mass moved to all classes once a class has been chosen.</param>
/// <param name="mixing">How faces are mixed whose classes the scores choose; null where they are not.</param>
internal sealed class StepTargets(Tensor shares, TargetUse use, double smoothing, Mixing? mixing = null)
{
    // t_k of a class without votes: as the official trainer, so that no product is zero.
    private const double Absent = 0.001;

    /// <summary>The targets, shape (B, K), where scores have no say in them; else null.</summary>
    public Tensor? Fixed => use == TargetUse.Any ? null : shares;

    /// <summary>The targets of the faces once they are mixed.</summary>
    public StepTargets Mix(Mixing by) =>
        use == TargetUse.Any ? new(shares, use, smoothing, by) : new(by.ApplyToTargets(shares), use, smoothing);

    /// <summary>The same, over other memory.</summary>
    /// <param name="of">Shares of the classes, shape (B, K).</param>
    public StepTargets Over(Tensor of) => new(of, use, smoothing, mixing);

    /// <summary>Class probabilities to hold scores against.</summary>
    /// <param name="logits">A head's scores, shape (B, K); nothing flows back through the choice.</param>
    /// <returns>Shape (B, K); each row sums to 1.</returns>
    public Tensor For(Tensor logits)
    {
        if (use != TargetUse.Any)
            return shares;
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var chosen = Choose(logits, shares);
        if (mixing is not null)
            chosen = (chosen * mixing.Lambda).add_(Choose(logits, shares.flip(0)).mul_(1 - mixing.Lambda));
        return scope.MoveToOuter(chosen);
    }

    private Tensor Choose(Tensor logits, Tensor of)
    {
        var right = of.gt(0).to(float32).mul_(1 - Absent).add_(Absent); // (B, K)
        var best = (nn.functional.softmax(logits.to(float32), -1) * right).argmax(1); // (B)
        return LabelSmoothing.Targets(best, (int)logits.size(1), smoothing);
    }
}
