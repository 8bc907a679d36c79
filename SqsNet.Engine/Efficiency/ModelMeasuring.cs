using SqsNet.Engine.Executors;
using SqsNet.Engine.Models;
using SqsNet.Torch;

namespace SqsNet.Engine.Efficiency;

/// <summary>How far a round of measurements is.</summary>
/// <param name="Models">Names of the models of the round, in order.</param>
/// <param name="Done">How many have been measured or have failed.</param>
/// <param name="Phase">What is measured of the model that is on.</param>
/// <param name="IsOver">Whether the round has ended.</param>
/// <param name="Problem">Why it ended before its last model; null when it did not.</param>
/// <param name="Failures">What went wrong with single models, by name.</param>
public sealed record MeasuringProgress(
    IReadOnlyList<string> Models,
    int Done,
    MeasuringPhase Phase,
    bool IsOver,
    string? Problem,
    IReadOnlyDictionary<string, string> Failures
)
{
    /// <summary>The model that is measured now; null when the round is over.</summary>
    public string? Model => IsOver ? null : Models.ElementAtOrDefault(Done);
}

/// <summary>Measures models one after the other on a thread of its own, and keeps each result at once. One round at a time.</summary>
/// <remarks>
/// Never beside a trial on the same device: numbers of a shared device are worth nothing. A round does not begin while one
/// trains, and ends when one begins to.
/// </remarks>
/// <param name="meter">What measures.</param>
/// <param name="file">What keeps.</param>
/// <param name="devices">The devices of trials; measured is the first.</param>
public sealed class ModelMeasuring(EfficiencyMeter meter, SpeedFile file, Lazy<DevicePool> devices)
{
    private readonly Lock _lock = new();
    private CancellationTokenSource? _cancellation;
    private volatile MeasuringProgress? _progress;

    /// <summary>The round that is on, or the last one; null before the first.</summary>
    public MeasuringProgress? Progress => _progress;

    /// <summary>Why nothing can be measured now; null when it can.</summary>
    public string? Obstacle
    {
        get
        {
            if (_progress is { IsOver: false })
                return "Models are being measured already.";
            // Before the first trial nobody has asked for the devices, and looking for them would load libtorch.
            return devices.IsValueCreated ? TrialsInTheWay() : null;
        }
    }

    /// <summary>Begins a round.</summary>
    /// <param name="models">The models, at least one.</param>
    /// <param name="cancellationToken">Ends the round after the pass that is on.</param>
    /// <returns>The round's end. It does not fail: what went wrong stands in the progress.</returns>
    /// <exception cref="InvalidOperationException">There is an <see cref="Obstacle"/>; the message says which.</exception>
    public Task<MeasuringProgress> Start(IReadOnlyList<ModelInfo> models, CancellationToken cancellationToken = default)
    {
        if (models.Count == 0)
            throw new ArgumentException("There is no model to measure.", nameof(models));
        var ended = new TaskCompletionSource<MeasuringProgress>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (Obstacle is { } obstacle)
                throw new InvalidOperationException(obstacle);
            var cancellation = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            _cancellation = cancellation;
            _progress = new(
                [.. models.Select(model => model.Name)],
                0,
                MeasuringPhase.Building,
                IsOver: false,
                Problem: null,
                new Dictionary<string, string>()
            );
            TrainingThread.Start("measuring", () => ended.SetResult(Run(models, cancellation.Token)));
        }
        return ended.Task;
    }

    /// <summary>Ends the round that is on, after the pass that is on; what has been measured is kept.</summary>
    public void Cancel()
    {
        lock (_lock)
            _cancellation?.Cancel();
    }

    private MeasuringProgress Run(IReadOnlyList<ModelInfo> models, CancellationToken cancellationToken)
    {
        var progress = _progress!;
        string? problem = null;
        try
        {
            foreach (var model in models)
            {
                try
                {
                    file.Keep(meter.Measure(model, devices.Value.Devices[0], Report, Continue));
                }
                catch (TorchException failure)
                {
                    // Of this model: it does not fit into memory. The next may.
                    progress = progress with
                    {
                        Failures = new Dictionary<string, string>(progress.Failures) { [model.Name] = failure.Message },
                    };
                }
                _progress = progress = progress with { Done = progress.Done + 1 };
            }
        }
        catch (OperationCanceledException)
        {
            problem = "The measurement was cancelled.";
        }
        catch (Exception failure)
        {
            // The end of a thread: there is nobody else to tell.
            problem =
                failure is DllNotFoundException
                    ? $"The native engine is not built: {failure.Message}"
                    : failure.Message;
        }
        lock (_lock)
        {
            _cancellation?.Dispose();
            _cancellation = null;
            return _progress = progress with { IsOver = true, Problem = problem };
        }

        void Report(MeasuringPhase phase) => _progress = progress = progress with { Phase = phase };

        void Continue()
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (TrialsInTheWay() is { } reason)
                throw new DeviceSharedException($"{reason} What had been measured until then is kept.");
        }
    }

    private string? TrialsInTheWay()
    {
        var device = devices.Value.Devices[0];
        return devices.Value.TrialsOn(device) switch
        {
            0 => null,
            1 => $"A trial trains on {device}: numbers measured beside it would be worth nothing.",
            var several => $"{several} trials train on {device}: numbers measured beside them would be worth nothing.",
        };
    }
}

/// <summary>A trial began to train on the device that was being measured.</summary>
internal sealed class DeviceSharedException(string message) : Exception(message);
