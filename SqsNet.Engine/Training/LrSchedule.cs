namespace SqsNet.Engine.Training;

/// <summary>The learning rate as a pure function of the optimizer step.</summary>
/// <remarks>
/// Equation 14 of the paper, with the restarts of Loshchilov and Hutter 2017 (SGDR), advanced every step rather than
/// every epoch. The warm-up of the "tuned" protocol scales the cosine, so that the two meet without a jump.
/// </remarks>
/// <param name="training">Rates, shape and warm-up.</param>
/// <param name="stepsPerEpoch">Optimizer steps in an epoch, 1 or more.</param>
/// <param name="past">A warm-up that is over already; null where there is none.</param>
public sealed class LrSchedule(TrainingSpec training, int stepsPerEpoch, PastWarmup? past = null)
{
    private readonly long _warmupSteps = (long)
        Math.Round((past?.Share == training.Warmup ? past.Epochs : training.Warmup * training.Epochs) * stepsPerEpoch);

    /// <summary>The rate of an optimizer step.</summary>
    /// <param name="epoch">Its epoch, 1-based.</param>
    /// <param name="stepInEpoch">Steps of that epoch before it.</param>
    /// <remarks>A fork's epochs may have another number of steps than those before them: the epoch says where it stands.</remarks>
    public double Rate(int epoch, int stepInEpoch)
    {
        var step = Step(epoch, stepInEpoch);
        var rate = training.Schedule.Kind switch
        {
            ScheduleKind.Constant => training.LearningRate,
            ScheduleKind.CosineWarmRestarts => CosineWarmRestarts(
                (double)step / stepsPerEpoch,
                training.Schedule.Period,
                training.Schedule.PeriodMultiplier,
                training.LearningRate,
                training.MinLearningRate
            ),
            _ => throw new InvalidOperationException($"There is no schedule {training.Schedule.Kind}."),
        };
        return step < _warmupSteps ? rate * (step + 1) / _warmupSteps : rate;
    }

    /// <summary>The warm-up, where it is over; null while it lasts.</summary>
    /// <param name="epoch">Epoch in progress, 1-based.</param>
    /// <param name="stepInEpoch">Steps taken in it.</param>
    public PastWarmup? WarmupBehind(int epoch, int stepInEpoch) =>
        Step(epoch, stepInEpoch) >= _warmupSteps ? new(training.Warmup, (double)_warmupSteps / stepsPerEpoch) : null;

    private long Step(int epoch, int stepInEpoch) => ((epoch - 1L) * stepsPerEpoch) + stepInEpoch;

    /// <summary>Cosine annealing with warm restarts (equation 14).</summary>
    /// <param name="epoch">Epochs since the start, fractions allowed, 0 or more.</param>
    /// <param name="period">Epochs of the first period (T0), 1 or more.</param>
    /// <param name="multiplier">Factor from each period to the next (T_mult), 1 or more.</param>
    /// <param name="baseRate">Rate at each restart.</param>
    /// <param name="minRate">Rate that each period falls towards.</param>
    public static double CosineWarmRestarts(
        double epoch,
        double period,
        int multiplier,
        double baseRate,
        double minRate
    )
    {
        ArgumentOutOfRangeException.ThrowIfNegative(epoch);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(period);
        ArgumentOutOfRangeException.ThrowIfLessThan(multiplier, 1);
        if (multiplier == 1)
            epoch %= period;
        while (epoch >= period)
        {
            epoch -= period;
            period *= multiplier;
        }
        return minRate + ((baseRate - minRate) / 2 * (1 + Math.Cos(Math.PI * epoch / period)));
    }
}
