using System.Threading.Channels;
using SqsNet.Engine.Events;
using SqsNet.Engine.Executors;
using SqsNet.Engine.Sweeps;

namespace SqsNet.Engine.Tests.Fakes;

/// <summary>An executor driven by hand: a test takes each attempt and says how it ends.</summary>
internal sealed class HandExecutor : IExecutor
{
    private readonly Channel<Attempt> _attempts = Channel.CreateUnbounded<Attempt>();

    /// <summary>Thrown instead of training, while set.</summary>
    internal Exception? Broken { get; set; }

    /// <summary>Attempts that were handed out and not taken by the test yet.</summary>
    internal int Untaken => _attempts.Reader.Count;

    public Task<TrialOutcome> ExecuteAsync(TrialPlan plan, IEventSink sink, TrialControl control)
    {
        if (Broken is { } broken)
            throw broken;
        var attempt = new Attempt(plan, sink, control);
        _attempts.Writer.TryWrite(attempt);
        return attempt.Outcome;
    }

    /// <summary>The next attempt that is handed out.</summary>
    internal async Task<Attempt> NextAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        return await _attempts.Reader.ReadAsync(patience.Token);
    }

    /// <summary>The next attempts, by trial: which of two that start together arrives first is chance.</summary>
    internal async Task<IReadOnlyList<Attempt>> NextAsync(int count)
    {
        var attempts = new List<Attempt>();
        while (attempts.Count < count)
            attempts.Add(await NextAsync());
        return [.. attempts.OrderBy(attempt => attempt.TrialId)];
    }

    internal sealed class Attempt(TrialPlan plan, IEventSink sink, TrialControl control)
    {
        private readonly TaskCompletionSource<TrialOutcome> _outcome = new(
            TaskCreationOptions.RunContinuationsAsynchronously
        );

        internal long TrialId => plan.TrialId;

        internal TrialPlan Plan => plan;

        internal ControlRequest Asked => control.Request;

        internal Task<TrialOutcome> Outcome => _outcome.Task;

        internal void Report(double accuracy, double seconds = 1, int epoch = 1) =>
            sink.Report(
                new MetricsReported(
                    MetricScope.Epoch,
                    Step: 10,
                    Epoch: epoch,
                    new Dictionary<string, double> { ["val/accuracy"] = accuracy },
                    IsBest: true
                )
                {
                    Seconds = seconds,
                }
            );

        internal void End(TrialState state, string? message = null) => _outcome.SetResult(new(state, message));

        internal void Throw(Exception error) => _outcome.SetException(error);
    }
}
