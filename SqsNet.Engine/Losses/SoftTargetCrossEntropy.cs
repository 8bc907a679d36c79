using SqsNet.Torch;
using static SqsNet.Torch.torch;

namespace SqsNet.Engine.Losses;

/// <summary>Cross-entropy against rows of class probabilities, as Mixup, CutMix and label smoothing need.</summary>
public static class SoftTargetCrossEntropy
{
    /// <summary>The mean over the batch of -sum over classes of target * log softmax(logits).</summary>
    /// <param name="logits">Scores, shape (B, K).</param>
    /// <param name="targets">Class probabilities, shape (B, K); each row sums to 1.</param>
    /// <returns>A scalar, 0 or more.</returns>
    /// <remarks>Equation 9 of the paper, whose sum of exponentials repeats one index, is read as the log-softmax.</remarks>
    public static Tensor Compute(Tensor logits, Tensor targets)
    {
        using var scope = NewDisposeScope();
        return scope.MoveToOuter((targets * nn.functional.log_softmax(logits, -1)).sum(-1).mean().neg());
    }
}

/// <summary>Turns class indices into smoothed rows of class probabilities.</summary>
public static class LabelSmoothing
{
    /// <summary>Rows with 1 - s + s / K at the class and s / K elsewhere.</summary>
    /// <param name="labels">Class indices, shape (B), int64.</param>
    /// <param name="classes">Number of classes K.</param>
    /// <param name="smoothing">Mass s moved from the true class to all classes, 0 to 1 exclusive.</param>
    /// <param name="dtype">Element type of the rows.</param>
    /// <returns>Class probabilities, shape (B, K), on the labels' device.</returns>
    /// <remarks>Szegedy et al. 2016, section 7: q'(k) = (1 - s) d(k, y) + s / K.</remarks>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="smoothing"/> is outside its range.</exception>
    public static Tensor Targets(Tensor labels, int classes, double smoothing, ScalarType dtype = ScalarType.Float32)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(smoothing);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(smoothing, 1);
        var off = smoothing / classes;
        var rows = full([labels.shape[0], classes], off, dtype: dtype, device: labels.device);
        using var index = labels.unsqueeze(1);
        return rows.scatter_(1, index, 1 - smoothing + off);
    }
}
