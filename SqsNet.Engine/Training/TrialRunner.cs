using SqsNet.Engine.Data;
using SqsNet.Engine.Events;
using SqsNet.Engine.Executors;
using SqsNet.Engine.Models;
using SqsNet.Engine.Sweeps;
using SqsNet.Torch;

namespace SqsNet.Engine.Training;

/// <summary>Trains one attempt of a trial. Every executor ends in <see cref="Run"/>.</summary>
/// <param name="datasets">The registered datasets.</param>
/// <param name="options">What of the machine a trial may use.</param>
/// <param name="clock">The time.</param>
public sealed class TrialRunner(DatasetRegistry datasets, EngineOptions options, TimeProvider clock)
{
    /// <summary>
    /// Trains on the calling thread until the trial ends, pauses or is stopped; goes on from a checkpoint in the plan's
    /// folder. The states of the trial are reported by the caller, who knows why it starts and what comes next.
    /// </summary>
    /// <param name="plan">What to train and where; the device may be "auto".</param>
    /// <param name="sink">Where events go.</param>
    /// <param name="control">Pause and stop.</param>
    /// <returns>How the attempt ended. Errors of the trial are outcomes: nothing is thrown.</returns>
    public TrialOutcome Run(TrialPlan plan, IEventSink sink, TrialControl control)
    {
        var reporter = new TrialReporter(sink, clock);
        try
        {
            return Train(plan, reporter, control);
        }
        catch (Exception error)
        {
            reporter.Report(new Logged(LogSeverity.Error, IsOfTheRequest(error) ? error.Message : error.ToString()));
            return new(TrialState.Failed, Explain(error, plan.Spec));
        }
    }

    private TrialOutcome Train(TrialPlan plan, TrialReporter reporter, TrialControl control)
    {
        var device = Devices.Resolve(plan.Device);
        TorchRuntime.Initialize(options.Threads > 0 ? options.Threads : Environment.ProcessorCount);
        TorchRuntime.ResetCpuPeak();
        // Trials that share a GPU run side by side only on streams of their own.
        using var stream = device.type == DeviceType.CUDA ? new CudaStream(device) : null;
        using var tf32 =
            device.type == DeviceType.CUDA
                ? Tf32Choice.Await(plan.Spec.Training.Precision == Precision.Tf32, control, reporter.Info)
                : null;
        if (control.Request != ControlRequest.None)
            return Trainer.Outcome(control.Request);
        using var dataset = datasets.Open(plan.Spec.Dataset);
        using var trainer = new Trainer(plan, dataset, device, options.WeightsDirectory, reporter, control);
        return trainer.Fit();
    }

    /// <summary>Whether what was asked for is at fault: its message is enough, and a stack tells people nothing.</summary>
    private static bool IsOfTheRequest(Exception error) =>
        error
            is NotFoundException
                or DatasetException
                or WeightsMismatchException
                or InvalidDataException
                or FileNotFoundException
                or InvalidSpecException;

    private static string Explain(Exception error, TrialSpec spec) =>
        error switch
        {
            TorchException { Kind: TorchErrorKind.OutOfMemory } =>
                $"Out of memory: {error.Message} Try a smaller training.batchSize (now {spec.Training.BatchSize})"
                    + (spec.Training.Quads == QuadMode.Explicit ? ", training.quads \"inBatch\"" : "")
                    + ", a smaller model.imageSize, or fewer trials at once (executor.parallel).",
            DllNotFoundException => $"The native engine is not built: {error.Message}",
            _ => error.Message,
        };
}
