using SqsNet.Engine;
using SqsNet.Engine.Data;
using SqsNet.Engine.Events;
using SqsNet.Engine.Executors;
using SqsNet.Engine.Sweeps;
using SqsNet.Engine.Training;

namespace SqsNet.Cli;

/// <summary>Trains the trial of a folder in the foreground, with a progress bar; an interrupt pauses it at a checkpoint.</summary>
internal static class ForegroundTrial
{
    /// <summary>Trains one attempt.</summary>
    /// <returns>The exit code.</returns>
    internal static async Task<int> RunAsync(
        TrialFolder folder,
        string dataDirectory,
        TextWriter output,
        CancellationToken cancellationToken
    )
    {
        var description = folder.ReadDescription();
        var options = new EngineOptions
        {
            DataDirectory = Path.GetFullPath(dataDirectory),
            Device = description.Device,
        };
        var runner = new TrialRunner(new DatasetRegistry(options), options, TimeProvider.System);
        var control = new TrialControl();
        using var interrupt = cancellationToken.Register(control.Pause);
        using var progress = new TrialProgress(description.Spec.Training.Epochs, output);
        // The executor's thread is niced and has libtorch's threads to itself; the console's stays free to be interrupted.
        var executor = new InProcessExecutor(runner, DevicePool.Of(options));
        var outcome = await Task.Run(
            () =>
                folder.Run(
                    (plan, sink, asked) => executor.ExecuteAsync(plan, sink, asked).GetAwaiter().GetResult(),
                    control,
                    TimeProvider.System,
                    progress
                ),
            CancellationToken.None
        );
        progress.Dispose();
        output.WriteLine($"{SweepSpecJson.Word(outcome.State)}{(outcome.Message is { } why ? $": {why}" : "")}");
        output.WriteLine($"  {folder.Path}");
        return outcome.State is TrialState.Completed or TrialState.Stopped or TrialState.Pruned
            ? SqsCli.Done
            : SqsCli.Failed;
    }

    /// <summary>A bar between the lines of ended epochs.</summary>
    private sealed class TrialProgress(int epochs, TextWriter output) : IEventSink, IDisposable
    {
        private readonly ProgressLine _bar = new();

        public void Report(TrialEvent trialEvent)
        {
            switch (trialEvent)
            {
                case MetricsReported { Scope: MetricScope.Step } step:
                    var loss = step.Values.GetValueOrDefault("train/loss", double.NaN);
                    _bar.Show(step.Epoch - 1, epochs, $"epochs · step {step.Step:N0} · loss {loss:0.000}");
                    break;
                case MetricsReported metrics:
                    _bar.Dispose();
                    output.WriteLine(EpochText.Of(metrics));
                    break;
                case Logged { Severity: not LogSeverity.Info } line:
                    _bar.Dispose();
                    output.WriteLine(line.Text);
                    break;
            }
        }

        public void Dispose() => _bar.Dispose();
    }
}
