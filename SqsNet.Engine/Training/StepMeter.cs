using SqsNet.Engine.Events;
using SqsNet.Torch;
using static SqsNet.Torch.torch;

namespace SqsNet.Engine.Training;

/// <summary>Brings each step's numbers to the host and reports them, checking that the loss is a number.</summary>
/// <remarks>
/// Reading a tensor waits for a GPU to finish, so there the numbers of several steps are read in one copy; on a CPU each
/// step is reported at once.
/// </remarks>
/// <param name="reporter">Where the numbers go.</param>
/// <param name="training">The protocol, for messages.</param>
/// <param name="device">Where training runs.</param>
/// <param name="loading">Time that making batches has taken so far.</param>
internal sealed class StepMeter(TrialReporter reporter, TrainingSpec training, Device device, Func<TimeSpan> loading)
    : IDisposable
{
    private const int GpuStepsPerRead = 16;

    private readonly int _stepsPerRead = device.type == DeviceType.CPU ? 1 : GpuStepsPerRead;
    private readonly List<(TrainingPosition After, double Rate, int Images, bool Quads, Tensor Values)> _waiting = [];
    private double _lastRead = reporter.Seconds;
    private TimeSpan _lastLoading = loading();

    /// <summary>Sums over the steps of the epoch that were read so far.</summary>
    public EpochSums Sums { get; set; } = new();

    /// <summary>Starts the clock anew, after work that was not training.</summary>
    public void Restart() => (_lastRead, _lastLoading) = (reporter.Seconds, loading());

    /// <summary>Takes a step's numbers.</summary>
    /// <param name="after">Where training stands after it.</param>
    /// <param name="rate">Its learning rate.</param>
    /// <param name="losses">Its losses; may be disposed afterwards.</param>
    /// <exception cref="TrainingDivergedException">The loss of this or an earlier step is not a number.</exception>
    public void Add(TrainingPosition after, double rate, StepLosses losses)
    {
        using var noGrad = no_grad();
        var absent = losses.Similarity is null ? zeros([], device: device) : null;
        var values = stack([
            losses.Total.detach().to(float32),
            losses.Classification.detach().to(float32),
            (losses.Similarity ?? absent!).detach().to(float32),
            (losses.Distillation ?? absent!).detach().to(float32),
            losses.Accuracy,
        ]);
        _waiting.Add((after, rate, losses.Images, losses.Similarity is not null, DisposeScope.Detach(values)));
        if (_waiting.Count >= _stepsPerRead)
            Flush();
    }

    /// <summary>Reports what is waiting.</summary>
    /// <exception cref="TrainingDivergedException">A loss is not a number.</exception>
    public void Flush()
    {
        if (_waiting.Count == 0)
            return;
        using var scope = NewDisposeScope();
        var numbers = stack([.. _waiting.Select(step => step.Values)]).ToArray<float>(); // the one wait for the GPU
        var seconds = reporter.Seconds;
        var taken = Math.Max(seconds - _lastRead, 1e-9);
        var imagesPerSecond = _waiting.Sum(step => step.Images) / taken;
        var loaded = loading();
        var dataShare = Math.Min(1, (loaded - _lastLoading).TotalSeconds / taken);
        (_lastRead, _lastLoading) = (seconds, loaded);
        for (var i = 0; i < _waiting.Count; i++)
            Report(_waiting[i], numbers.AsSpan(i * 5, 5), imagesPerSecond, dataShare);
        Clear();
    }

    public void Dispose() => Clear();

    private void Report(
        (TrainingPosition After, double Rate, int Images, bool Quads, Tensor Values) step,
        ReadOnlySpan<float> numbers,
        double imagesPerSecond,
        double dataShare
    )
    {
        if (!float.IsFinite(numbers[0]))
            throw new TrainingDivergedException(step.After.Step, step.After.Epoch, numbers[0], training);
        Sums = Sums.Plus(numbers[0], numbers[4]);
        var values = new Dictionary<string, double>
        {
            ["train/loss"] = numbers[0],
            ["train/loss_cls"] = numbers[1],
            ["train/accuracy"] = numbers[4],
            ["train/learning_rate"] = step.Rate,
            ["train/images_per_second"] = imagesPerSecond,
            ["train/data_share"] = dataShare,
        };
        if (step.Quads)
        {
            values["train/loss_sqs"] = numbers[2];
            values["train/loss_kl"] = numbers[3];
        }
        reporter.Report(new MetricsReported(MetricScope.Step, step.After.Step, step.After.Epoch, values));
    }

    private void Clear()
    {
        foreach (var step in _waiting)
            step.Values.Dispose();
        _waiting.Clear();
    }
}
