using System.Diagnostics.CodeAnalysis;
using SqsNet.Engine.Events;
using SqsNet.Engine.Executors;
using SqsNet.Engine.Sweeps.Pruners;
using SqsNet.Engine.Sweeps.Racing;
using SqsNet.Engine.Sweeps.Samplers;

namespace SqsNet.Engine.Sweeps;

/// <summary>What people want of a trial that is training.</summary>
internal enum Wish
{
    /// <summary>Train on; after a pause that was under way, go on at once.</summary>
    Run,

    /// <summary>Halt at a checkpoint.</summary>
    Pause,

    /// <summary>End for good.</summary>
    Stop,

    /// <summary>End for good: the pruner's wish.</summary>
    Prune,

    /// <summary>Wait at a rung.</summary>
    Halt,
}

/// <summary>A sweep that the manager has in hand. Touched only by the manager's loop.</summary>
internal sealed class ActiveSweep
{
    private readonly List<ActiveTrial> _trials = [];
    private int _forgiven;

    internal ActiveSweep(long id, SweepSpec spec, SweepState state)
    {
        (Id, State) = (id, state);
        Take(spec);
    }

    internal long Id { get; }

    internal SweepSpec Spec { get; private set; }

    internal ISampler Sampler { get; private set; }

    /// <summary>Ends hopeless trials; null where every trial trains to its end.</summary>
    internal IPruner? Pruner { get; private set; }

    /// <summary>Lets trials wait at rungs and sends the best on; null where nothing waits.</summary>
    internal AshaPromotion? Promotion { get; private set; }

    /// <summary>Decides who gets one more seed; null where every configuration gets every one.</summary>
    internal Race? Race { get; private set; }

    /// <summary>Whether nobody gets one more seed, by what has ended so far; always where there is no race.</summary>
    internal bool IsRaceDecided { get; set; }

    internal SweepState State { get; set; }

    /// <summary>Its place in the order of turns; see <see cref="SlotTurns"/>.</summary>
    internal SlotTurn Turn { get; } = new();

    /// <summary>Completes when the sweep has ended and none of its trials trains.</summary>
    internal TaskCompletionSource Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal IReadOnlyList<ActiveTrial> Trials => _trials;

    /// <summary>Configurations that the sampler has proposed; forks are nobody's proposals.</summary>
    internal int Proposed { get; private set; }

    internal int Running => _trials.Count(trial => trial.State == TrialState.Running);

    /// <summary>Whether there is no configuration to come.</summary>
    internal bool AllBegun => Proposed >= Sampler.Count;

    /// <summary>Whether there is no trial to come but for forks.</summary>
    internal bool AllProposed => AllBegun && IsRaceDecided;

    /// <summary>Trials that there will be, as far as is known: a race may add some.</summary>
    internal int Planned => _trials.Count + ((Sampler.Count - Proposed) * SweepPlan.SeedsAtOnce(Spec).Count());

    internal bool AllEnded => _trials.TrueForAll(trial => trial.State.IsFinished());

    /// <summary>Whether the first trials have all failed and none has come through: more of the same helps nobody.</summary>
    internal bool OnlyFails =>
        Failures - _forgiven >= SweepManager.FailuresToGiveUp
        && !_trials.Exists(trial => trial.State is TrialState.Completed or TrialState.Pruned);

    private int Failures => _trials.Count(trial => trial.State == TrialState.Failed);

    internal ActiveTrial? NextWaiting => _trials.Find(trial => trial.State == TrialState.Waiting);

    /// <summary>Whether it may get a slot now.</summary>
    internal bool MayRun => State == SweepState.Running && Running < Spec.Executor.Parallel && !OnlyFails;

    /// <summary>The trials that promotion ranks: a fork's curve does not begin where the others' do.</summary>
    internal IReadOnlyList<RungTrial> RungTrials =>
        [
            .. _trials
                .Where(trial => trial.Record.ParentId is null)
                .Select(trial => new RungTrial(trial.Curve, trial.IsHalted)),
        ];

    /// <summary>Takes a specification on: at first, and when it is extended.</summary>
    [MemberNotNull(nameof(Spec), nameof(Sampler))]
    internal void Take(SweepSpec spec)
    {
        Spec = spec;
        Sampler = SamplerRegistry.Create(spec);
        Pruner = PrunerRegistry.Create(spec);
        Promotion = AshaPromotion.Of(spec);
        Race = Race.Of(spec);
        IsRaceDecided = Race is null;
    }

    /// <summary>Gives the sweep a new chance: the failures so far no longer count against it.</summary>
    internal void Forgive() => _forgiven = Failures;

    internal void Add(IEnumerable<TrialRecord> records)
    {
        foreach (var record in records)
        {
            _trials.Add(new(this, record));
            if (record.ParentId is null)
                Proposed = Math.Max(Proposed, record.Configuration + 1);
        }
    }
}

/// <summary>A trial of a sweep in hand. Touched only by the manager's loop, but for its clock.</summary>
internal sealed class ActiveTrial(ActiveSweep sweep, TrialRecord record)
{
    private readonly List<CurvePoint> _points = [];
    private double _seconds;

    internal ActiveSweep Sweep => sweep;

    internal TrialRecord Record { get; private set; } = record;

    /// <summary>Epochs of the running attempt; the trial may have got more since it began.</summary>
    internal int AttemptEpochs { get; set; }

    /// <summary>Gives it another specification.</summary>
    internal void Take(TrialSpec spec) => Record = Record with { Spec = spec };

    internal long Id { get; } = record.Id;

    internal TrialState State { get; set; } = record.State;

    internal string? Message { get; set; } = record.Message;

    internal int Attempts { get; set; } = record.Attempts;

    /// <summary>What people ask of it while it trains, as stored.</summary>
    internal ControlRequest Asked { get; set; } = record.Asked;

    /// <summary>The wire to the running attempt; null when it does not train.</summary>
    internal TrialControl? Control { get; set; }

    internal Wish Wish { get; set; }

    /// <summary>Whether it has been asked to end for good.</summary>
    internal bool IsEnding => Control is not null && Wish is Wish.Stop or Wish.Prune;

    /// <summary>Whether it waits at a rung.</summary>
    internal bool IsHalted => State == TrialState.Paused && Asked == ControlRequest.Halt;

    /// <summary>The objective over its epochs, for the pruner.</summary>
    internal Curve Curve => new(Id, Record.Configuration, State == TrialState.Completed, _points);

    /// <summary>Adds an epoch; a resumed attempt reports some of them again.</summary>
    internal void Add(CurvePoint point)
    {
        while (_points.Count > 0 && _points[^1].Epoch >= point.Epoch)
            _points.RemoveAt(_points.Count - 1);
        _points.Add(point);
    }

    /// <summary>Training time so far, in seconds: the last that was reported.</summary>
    internal double Seconds
    {
        get => Volatile.Read(ref _seconds);
        set => Volatile.Write(ref _seconds, value);
    }
}

/// <summary>Passes a running trial's events on to the log, keeps its clock, and says when an epoch has ended.</summary>
internal sealed class AttemptSink(IEventLog log, ActiveTrial trial, Action<MetricsReported> onEpoch) : IEventSink
{
    public void Report(TrialEvent trialEvent)
    {
        // States are the manager's to tell: a worker's own record of them would come twice.
        if (trialEvent is StateChanged)
            return;
        trial.Seconds = trialEvent.Seconds;
        log.Append(trial.Id, trialEvent);
        if (trialEvent is MetricsReported { Scope: MetricScope.Epoch } epoch)
            onEpoch(epoch);
    }
}
