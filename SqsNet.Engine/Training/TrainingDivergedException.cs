namespace SqsNet.Engine.Training;

/// <summary>The loss stopped being a number.</summary>
public sealed class TrainingDivergedException : Exception
{
    /// <param name="step">Optimizer step, 1-based.</param>
    /// <param name="epoch">Epoch, 1-based.</param>
    /// <param name="loss">The loss: NaN or an infinity.</param>
    /// <param name="training">The protocol, for the remedies.</param>
    public TrainingDivergedException(long step, int epoch, double loss, TrainingSpec training)
        : base(
            $"The loss became {loss} at step {step} (epoch {epoch}). Try a lower training.learningRate "
                + $"(now {training.LearningRate:g3}), "
                + (
                    training.ClipGradNorm is { } norm
                        ? $"a smaller training.clipGradNorm (now {norm:g3})"
                        : "training.clipGradNorm (such as 5)"
                )
                + (training.Warmup > 0 ? "" : " or training.warmup (such as 0.05)")
                + (training.Precision == Precision.Bf16 ? ", or training.precision \"fp32\"." : ".")
        ) { }
}
