using System.Threading.Channels;
using SqsNet.Engine.Events;
using SqsNet.Engine.Sweeps;

namespace SqsNet.Cli;

/// <summary>Shows a sweep's progress while it trains: a bar for people, a line per epoch for --follow.</summary>
internal sealed class SweepProgress : IDisposable
{
    private readonly Channel<Change> _rings = Channel.CreateUnbounded<Change>(new() { SingleReader = true });
    private readonly Dictionary<long, long> _read = [];
    private readonly IDisposable _subscription;
    private readonly EngineHost _host;
    private readonly TextWriter? _lines;
    private readonly ProgressLine _bar = new();
    private readonly long _sweepId;
    private readonly Task _loop;

    /// <summary>Starts to watch a sweep.</summary>
    /// <param name="host">Engine and store.</param>
    /// <param name="sweepId">The sweep.</param>
    /// <param name="lines">Where a line per epoch goes; null for none.</param>
    /// <param name="before">Its trials of earlier commands: what they have reported is not shown again.</param>
    internal SweepProgress(EngineHost host, long sweepId, TextWriter? lines, IReadOnlyList<TrialRecord> before)
    {
        (_host, _sweepId, _lines) = (host, sweepId, lines);
        foreach (var trial in before)
            _read[trial.Id] = trial.LastSeq;
        _subscription = host.Get<ChangeFeed>()
            .Subscribe(change =>
            {
                if (change.SweepId == sweepId)
                    _rings.Writer.TryWrite(change);
            });
        _loop = Task.Run(WatchAsync);
    }

    /// <summary>Shows what is left to show, and ends.</summary>
    internal async Task FinishAsync()
    {
        _subscription.Dispose();
        _rings.Writer.TryComplete();
        await _loop;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _subscription.Dispose();
        _rings.Writer.TryComplete();
        _bar.Dispose();
    }

    private async Task WatchAsync()
    {
        await foreach (var change in _rings.Reader.ReadAllAsync())
        {
            if (change.TrialId is { } trialId)
                await ReadAsync(trialId);
            // The queue may hold many rings of one commit burst; the bar needs only the last.
            if (!_rings.Reader.TryPeek(out _))
                await ShowBarAsync();
        }
    }

    private async Task ReadAsync(long trialId)
    {
        const int limit = 1000;
        IReadOnlyList<StoredEvent> events;
        do
        {
            events = await _host
                .Get<IEventLog>()
                .ReadAsync(trialId, _read.GetValueOrDefault(trialId), limit, CancellationToken.None);
            foreach (var stored in events)
            {
                _read[trialId] = stored.Seq;
                if (_lines is not null && Describe(stored.Event) is { } text)
                    await _lines.WriteLineAsync($"trial {trialId}: {text}");
            }
        } while (events.Count == limit);
    }

    private static string? Describe(TrialEvent trialEvent) =>
        trialEvent switch
        {
            StateChanged s => $"{SweepSpecJson.Word(s.State)} {s.Message}".TrimEnd(),
            MetricsReported { Scope: MetricScope.Epoch or MetricScope.Final } m => EpochText.Of(m),
            Logged { Severity: not LogSeverity.Info } l => l.Text,
            _ => null,
        };

    private async Task ShowBarAsync()
    {
        var trials = await _host.Get<ISweepStore>().ListTrialsAsync(_sweepId, CancellationToken.None);
        var ended = trials.Count(t => t.State.IsFinished());
        var running = string.Join(
            ", ",
            trials.Where(t => t.State == TrialState.Running).Select(t => $"trial {t.Id} epoch {t.Epoch}")
        );
        _bar.Show(ended, trials.Count, $"trials{(running.Length > 0 ? $" · {running}" : "")}");
    }
}

/// <summary>An epoch's metrics on one line.</summary>
internal static class EpochText
{
    private static readonly string[] s_shown =
    [
        "train/loss",
        "train/accuracy",
        "val/loss",
        "val/accuracy",
        "val/macro_f1",
        "test/accuracy",
        "test/macro_f1",
        "train/images_per_second",
    ];

    /// <summary>"epoch 3: train/loss 1.234 · val/accuracy 0.71 (best)".</summary>
    internal static string Of(MetricsReported metrics)
    {
        var values = s_shown.Where(metrics.Values.ContainsKey).Select(name => $"{name} {metrics.Values[name]:0.####}");
        return $"epoch {metrics.Epoch}: {string.Join(" · ", values)}{(metrics.IsBest ? " (best)" : "")}";
    }
}
