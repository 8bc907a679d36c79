using SqsNet.Torch;
using static SqsNet.Torch.torch;

namespace SqsNet.Engine.Losses;

/// <summary>Distillation from the enhanced head to the base head, which alone is kept for inference.</summary>
/// <remarks>Hinton et al. 2015, section 2: the factor T^2 keeps the gradient's size when the temperature changes.</remarks>
public static class KnowledgeDistillation
{
    /// <summary>T^2 * KL(softmax(teacher / T) || softmax(student / T)), mean over the batch.</summary>
    /// <param name="student">The base head's scores, shape (B, K).</param>
    /// <param name="teacher">The enhanced head's scores, shape (B, K).</param>
    /// <param name="temperature">Softening temperature T, greater than 0.</param>
    /// <param name="detachTeacher">Whether the teacher is held fixed, so that only the student moves.</param>
    /// <returns>A scalar, 0 or more up to rounding.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="temperature"/> is not greater than 0.</exception>
    public static Tensor Compute(Tensor student, Tensor teacher, double temperature = 1, bool detachTeacher = true)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(temperature);
        using var scope = NewDisposeScope();
        var target = nn.functional.log_softmax((detachTeacher ? teacher.detach() : teacher) / temperature, -1);
        var own = nn.functional.log_softmax(student / temperature, -1);
        var divergence = (target.exp() * (target - own)).sum(-1).mean();
        return scope.MoveToOuter(divergence * (temperature * temperature));
    }
}
