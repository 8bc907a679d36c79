namespace SqsNet.Engine.Sweeps;

/// <summary>A sweep's place in the order of turns.</summary>
internal sealed class SlotTurn
{
    /// <summary>When its last trial is over by the clock of turns: its start and one share's time.</summary>
    internal double Finish { get; set; }

    /// <summary>When it last got a slot; decides between equals.</summary>
    internal long Served { get; set; }
}

/// <summary>The order in which sweeps get free slots: by priority, then in fair shares.</summary>
/// <remarks>
/// Among sweeps of a priority a slot goes to the one with the fewest running trials for its share; where these are
/// equal, by start-time fair queueing (Goyal, Vin and Cheng 1996): a trial of a sweep of share w takes 1/w on a clock
/// that stands at the start of the last one handed out, and the earliest start is next. So a sweep of share 3 gets three
/// trials for one of share 1, be there one slot or many, and one that had nothing to do for a while saves nothing up.
/// </remarks>
internal sealed class SlotTurns
{
    private double _clock;
    private long _served;

    /// <summary>The sweeps, the one whose turn it is first.</summary>
    internal IEnumerable<ActiveSweep> Order(IEnumerable<ActiveSweep> sweeps) =>
        sweeps
            .OrderByDescending(sweep => sweep.Spec.Executor.Priority)
            .ThenBy(sweep => (double)sweep.Running / sweep.Spec.Executor.Share)
            .ThenBy(Start)
            .ThenBy(sweep => sweep.Turn.Served);

    /// <summary>Says that a sweep has got a slot.</summary>
    internal void Serve(ActiveSweep sweep)
    {
        _clock = Start(sweep);
        sweep.Turn.Finish = _clock + (1.0 / sweep.Spec.Executor.Share);
        sweep.Turn.Served = ++_served;
    }

    private double Start(ActiveSweep sweep) => Math.Max(_clock, sweep.Turn.Finish);
}
