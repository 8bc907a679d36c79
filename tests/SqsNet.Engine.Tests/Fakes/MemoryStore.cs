using SqsNet.Engine.Events;
using SqsNet.Engine.Sweeps;
using SqsNet.Engine.Sweeps.Pruners;
using SqsNet.Engine.Sweeps.Samplers;

namespace SqsNet.Engine.Tests.Fakes;

/// <summary>Both ports in memory, applying events as the real store does. Tests wait for what it holds, never for time.</summary>
internal sealed class MemoryStore : ISweepStore, IEventLog
{
    private readonly Lock _lock = new();
    private readonly Dictionary<long, SweepRecord> _sweeps = [];
    private readonly Dictionary<long, TrialRecord> _trials = [];
    private readonly Dictionary<long, List<StoredEvent>> _events = [];
    private readonly List<(Func<bool> Holds, TaskCompletionSource Held)> _waits = [];

    /// <summary>Called before each change with the name of the method; throw to break the store.</summary>
    internal Action<string> Before { get; set; } = _ => { };

    internal IReadOnlyList<TrialRecord> Trials(long sweepId)
    {
        lock (_lock)
            return [.. _trials.Values.Where(t => t.SweepId == sweepId).OrderBy(t => t.Number)];
    }

    internal TrialRecord Trial(long id)
    {
        lock (_lock)
            return _trials[id];
    }

    internal SweepRecord Sweep(long id)
    {
        lock (_lock)
            return _sweeps[id];
    }

    internal IReadOnlyList<StateChanged> States(long trialId)
    {
        lock (_lock)
            return [.. _events.GetValueOrDefault(trialId, []).Select(e => e.Event).OfType<StateChanged>()];
    }

    internal Task UntilAsync(long trialId, TrialState state) =>
        UntilAsync(() => _trials.TryGetValue(trialId, out var trial) && trial.State == state);

    internal Task UntilSweepAsync(long sweepId, SweepState state) =>
        UntilAsync(() => _sweeps.TryGetValue(sweepId, out var sweep) && sweep.State == state);

    /// <summary>A store that a process left behind: sweeps and trials as they were.</summary>
    internal long Leave(SweepSpec spec, SweepState state, params IReadOnlyList<TrialState> trials)
    {
        lock (_lock)
        {
            var id = NewSweep(spec, trials.Count);
            _sweeps[id] = _sweeps[id] with { State = state };
            for (var i = 0; i < trials.Count; i++)
            {
                var (configuration, seed) = Math.DivRem(i, spec.Seeds.Count);
                var assignment = SweepPlan.Preview(spec)[configuration];
                var trialSpec = SpecPath.Trial(spec, assignment, spec.Seeds[seed]);
                var trial = NewTrial(new(id, i, configuration, assignment, trialSpec));
                var attempts = trials[i] == TrialState.Waiting ? 0 : 1;
                _trials[trial.Id] = trial with { State = trials[i], Attempts = attempts, Epoch = attempts };
            }
            return id;
        }
    }

    internal void Change(long trialId, Func<TrialRecord, TrialRecord> change)
    {
        lock (_lock)
            _trials[trialId] = change(_trials[trialId]);
    }

    public void Append(long trialId, TrialEvent trialEvent)
    {
        Before(nameof(Append));
        lock (_lock)
        {
            var trial = _trials[trialId];
            var seq = trial.LastSeq + 1;
            if (!_events.TryGetValue(trialId, out var events))
                _events[trialId] = events = [];
            events.Add(new(trialId, seq, trialEvent));
            _trials[trialId] = Apply(trial, trialEvent) with { LastSeq = seq };
            Signal();
        }
    }

    public Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<IReadOnlyList<StoredEvent>> ReadAsync(
        long trialId,
        long after,
        int limit,
        CancellationToken cancellationToken
    )
    {
        lock (_lock)
        {
            var events = _events.GetValueOrDefault(trialId, []).Where(e => e.Seq > after).Take(limit);
            return Task.FromResult<IReadOnlyList<StoredEvent>>([.. events]);
        }
    }

    public Task<long> AddSweepAsync(SweepSpec spec, int plannedTrials, CancellationToken cancellationToken)
    {
        Before(nameof(AddSweepAsync));
        lock (_lock)
            return Task.FromResult(NewSweep(spec, plannedTrials));
    }

    public Task<SweepRecord?> FindSweepAsync(long sweepId, CancellationToken cancellationToken)
    {
        lock (_lock)
            return Task.FromResult(_sweeps.TryGetValue(sweepId, out var sweep) ? Counted(sweep) : null);
    }

    public Task<IReadOnlyList<SweepRecord>> ListSweepsAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
            return Task.FromResult<IReadOnlyList<SweepRecord>>([
                .. _sweeps.Values.OrderByDescending(s => s.Id).Select(Counted),
            ]);
    }

    public Task SetSweepStateAsync(long sweepId, SweepState state, string? message, CancellationToken cancellationToken)
    {
        Before(nameof(SetSweepStateAsync));
        lock (_lock)
        {
            _sweeps[sweepId] = _sweeps[sweepId] with { State = state, Message = message };
            Signal();
        }
        return Task.CompletedTask;
    }

    public Task SetSweepSpecAsync(long sweepId, SweepSpec spec, CancellationToken cancellationToken)
    {
        Before(nameof(SetSweepSpecAsync));
        lock (_lock)
            _sweeps[sweepId] = _sweeps[sweepId] with { Spec = spec };
        return Task.CompletedTask;
    }

    public Task SetTrialSpecAsync(long trialId, TrialSpec spec, CancellationToken cancellationToken)
    {
        Before(nameof(SetTrialSpecAsync));
        lock (_lock)
            _trials[trialId] = _trials[trialId] with { Spec = spec };
        return Task.CompletedTask;
    }

    public Task SetPlannedTrialsAsync(long sweepId, int plannedTrials, CancellationToken cancellationToken)
    {
        lock (_lock)
            _sweeps[sweepId] = _sweeps[sweepId] with { PlannedTrials = plannedTrials };
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<TrialRecord>> AddTrialsAsync(
        IReadOnlyList<NewTrial> trials,
        CancellationToken cancellationToken
    )
    {
        Before(nameof(AddTrialsAsync));
        lock (_lock)
            return Task.FromResult<IReadOnlyList<TrialRecord>>([.. trials.Select(NewTrial)]);
    }

    public Task<TrialRecord?> FindTrialAsync(long trialId, CancellationToken cancellationToken)
    {
        lock (_lock)
            return Task.FromResult(_trials.GetValueOrDefault(trialId));
    }

    public Task<IReadOnlyDictionary<long, IReadOnlyList<CurvePoint>>> ReadCurvesAsync(
        long sweepId,
        string metric,
        CancellationToken cancellationToken
    )
    {
        lock (_lock)
        {
            IReadOnlyList<CurvePoint> Curve(long trialId) =>
                [
                    .. _events
                        .GetValueOrDefault(trialId, [])
                        .Select(e => e.Event)
                        .OfType<MetricsReported>()
                        .Where(report => report.Scope == MetricScope.Epoch)
                        .Select(r => new CurvePoint(r.Epoch, r.Step, r.Seconds, r.Values[metric])),
                ];
            return Task.FromResult<IReadOnlyDictionary<long, IReadOnlyList<CurvePoint>>>(
                _trials.Values.Where(t => t.SweepId == sweepId).ToDictionary(t => t.Id, t => Curve(t.Id))
            );
        }
    }

    public Task<IReadOnlyList<TrialRecord>> ListTrialsAsync(long sweepId, CancellationToken cancellationToken)
    {
        Before(nameof(ListTrialsAsync));
        return Task.FromResult(Trials(sweepId));
    }

    private static TrialRecord Apply(TrialRecord trial, TrialEvent trialEvent) =>
        trialEvent switch
        {
            StateChanged changed => trial with
            {
                State = changed.State,
                Message = changed.Message,
                Asked = changed.Asked,
                Attempts =
                    changed.State == TrialState.Running ? Math.Max(trial.Attempts, changed.Attempt) : trial.Attempts,
            },
            MetricsReported metrics => trial with
            {
                Epoch = metrics.Epoch,
                Latest = metrics.Values,
                Best = metrics.IsBest ? metrics.Values : trial.Best,
            },
            _ => trial,
        };

    private long NewSweep(SweepSpec spec, int plannedTrials)
    {
        var id = _sweeps.Count + 1;
        _sweeps[id] = new()
        {
            Id = id,
            Spec = spec,
            State = SweepState.Running,
            PlannedTrials = plannedTrials,
        };
        return id;
    }

    private TrialRecord NewTrial(NewTrial trial)
    {
        var id = _trials.Count + 1;
        return _trials[id] = new()
        {
            Id = id,
            SweepId = trial.SweepId,
            Number = trial.Number,
            Configuration = trial.Configuration,
            Assignment = trial.Assignment,
            Spec = trial.Spec,
            State = TrialState.Waiting,
            ParentId = trial.ParentId,
            Reason = trial.Reason,
        };
    }

    private SweepRecord Counted(SweepRecord sweep) =>
        sweep with
        {
            Counts = _trials.Values.Where(t => t.SweepId == sweep.Id).CountBy(t => t.State).ToDictionary(),
        };

    private Task UntilAsync(Func<bool> holds)
    {
        lock (_lock)
        {
            var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (holds())
                held.SetResult();
            else
                _waits.Add((holds, held));
            return held.Task.WaitAsync(TimeSpan.FromSeconds(30));
        }
    }

    private void Signal()
    {
        foreach (var wait in _waits.Where(wait => wait.Holds()).ToList())
        {
            _waits.Remove(wait);
            wait.Held.SetResult();
        }
    }
}
