namespace SqsNet.Engine.Sweeps.Racing;

/// <summary>Where the configurations of a sweep stand.</summary>
public static class RaceStandings
{
    /// <summary>The standing of each configuration, by number; of a sweep that is no race, as a race would see it.</summary>
    /// <param name="spec">The sweep.</param>
    /// <param name="trials">Its trials; forks count for nobody.</param>
    public static IReadOnlyList<RaceStanding> Of(SweepSpec spec, IEnumerable<TrialRecord> trials)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return new Race(spec.Racing ?? new(), spec.Objective, spec.Seeds.Count).Standings(RaceEntry.Of(spec, trials));
    }
}
