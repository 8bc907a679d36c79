using System.Globalization;
using SqsNet.Engine.Statistics;
using SqsNet.Engine.Sweeps.Samplers;

namespace SqsNet.Engine.Sweeps.Racing;

/// <summary>What a race wants next.</summary>
internal enum RaceWish
{
    /// <summary>A configuration that has not been tried.</summary>
    NewConfiguration,

    /// <summary>One more seed for <see cref="RaceStep.Configuration"/>.</summary>
    OneMoreSeed,

    /// <summary>What still trains must end first.</summary>
    Wait,

    /// <summary>Nothing: the race is decided.</summary>
    Nothing,
}

/// <summary>A decision of a race.</summary>
/// <param name="Wish">What comes next.</param>
/// <param name="Configuration">For one more seed: whose; else null.</param>
/// <param name="Reason">Why; stored with the trial that follows.</param>
internal sealed record RaceStep(RaceWish Wish, int? Configuration, ProposalReason Reason);

/// <summary>
/// Decides between a new configuration and one more seed for one that could be the best. Pure: the same trials give the
/// same decision.
/// </summary>
/// <remarks>
/// A race as in F-Race and irace (Birattari et al. 2002; López-Ibáñez et al. 2016): all configurations get the same
/// seeds in the same order, and one that is worse than the leader by a one-sided t test at level α gets no more. Two
/// things differ. The test is that of <see cref="SeedBlocks"/>, whose noise is pooled over all configurations, so that
/// one seed can be enough to be told worse; irace's paired test of two configurations needs several. And a race is not
/// run in rounds: the next seed goes to the leader or to its strongest challenger, the one with the largest p value,
/// whichever has fewer (the choice of LUCB, Kalyanakrishnan et al. 2012, and of top-two sampling). Nothing is final: a
/// configuration that was behind contends again when the leader falls back.
/// <para>
/// While there are configurations to come, there is at most one further seed for each that was begun, as in SMAC's
/// intensification, which gives half of its trials to either (Hutter et al. 2011). At the end the race goes on until the
/// leader has every seed and each other one is behind, or has them all too.
/// </para>
/// </remarks>
internal sealed class Race
{
    /// <summary>Configurations that are begun before any gets a second seed.</summary>
    internal const int Field = 4;

    private readonly RacingSpec _racing;
    private readonly ObjectiveSpec _objective;
    private readonly int _seeds;

    internal Race(RacingSpec racing, ObjectiveSpec objective, int seeds) =>
        (_racing, _objective, _seeds) = (racing, objective, seeds);

    /// <summary>The race of a sweep; null where every configuration gets every seed.</summary>
    internal static Race? Of(SweepSpec spec) =>
        spec.Racing is { } racing ? new(racing, spec.Objective, spec.Seeds.Count) : null;

    /// <summary>Decides.</summary>
    /// <param name="entries">The configurations so far, in order.</param>
    /// <param name="more">Whether there are configurations to come.</param>
    internal RaceStep Next(IReadOnlyList<RaceEntry> entries, bool more)
    {
        var repeats = entries.Sum(entry => entry.Started - 1);
        var step = Further(entries);
        if (!more)
            return step
                ?? (
                    entries.Any(entry => entry.Pending > 0)
                        ? new(RaceWish.Wait, null, ProposalReason.Of("What trains decides."))
                        : new(RaceWish.Nothing, null, ProposalReason.Of("The race is decided."))
                );
        if (entries.Count < Field)
            return New($"fewer than {Field} have begun.");
        if (step is null)
            return New("none that has begun needs one more seed now.");
        return repeats < entries.Count ? step : New($"{entries.Count} have begun, with {repeats} further seeds.");
    }

    /// <summary>The standing of each configuration, in the order of <paramref name="entries"/>.</summary>
    internal IReadOnlyList<RaceStanding> Standings(IReadOnlyList<RaceEntry> entries)
    {
        var racing = entries.Where(IsRacing).ToList();
        if (racing.Count == 0)
            return [.. entries.Select(Outside)];
        var fit = new SeedBlocks([.. racing.Select(entry => entry.Values)]);
        var sign = _objective.Goal == Goal.Maximize ? 1 : -1;
        var leader = Enumerable.Range(0, racing.Count).MaxBy(i => sign * fit.Mean(i));
        var places = new Dictionary<int, RaceStanding>();
        for (var i = 0; i < racing.Count; i++)
        {
            var chance = i == leader ? double.NaN : Chance(sign * (fit.Mean(leader) - fit.Mean(i)), i);
            places[racing[i].Configuration] = new(
                racing[i].Configuration,
                racing[i].Values.Count,
                fit.Mean(i),
                fit.StandardError(i),
                chance,
                i == leader ? RacePlace.Leads
                    : chance < _racing.Level ? RacePlace.Behind
                    : RacePlace.Contends
            );
        }
        return [.. entries.Select(entry => places.GetValueOrDefault(entry.Configuration) ?? Outside(entry))];

        double Chance(double lead, int i)
        {
            if (fit.Degrees < 1)
                return double.NaN;
            var error = fit.StandardError(leader, i);
            return error > 0 ? StudentT.PValue(lead / error, fit.Degrees, Alternative.Greater)
                : lead > 0 ? 0
                : 0.5;
        }
    }

    /// <summary>One more seed for the leader or its strongest challenger; null where neither can have one.</summary>
    private RaceStep? Further(IReadOnlyList<RaceEntry> entries)
    {
        var standings = Standings(entries);
        var sign = _objective.Goal == Goal.Maximize ? -1 : 1;
        var places = entries.Zip(standings, (entry, standing) => (Entry: entry, Standing: standing)).ToList();
        var leader = places.Find(place => place.Standing.Place == RacePlace.Leads);
        if (leader.Entry is null)
            return null;
        var challenger = places
            .Where(place => place.Standing is { Place: RacePlace.Contends, Seeds: > 0 } && place.Entry.Started < _seeds)
            .OrderByDescending(place => place.Standing.Chance)
            .ThenBy(place => sign * place.Standing.Mean)
            .FirstOrDefault();
        var leads = challenger.Entry is null || leader.Entry.Started <= challenger.Entry.Started;
        var chosen = leads && leader.Entry.Started < _seeds ? leader : challenger;
        if (chosen.Entry is null)
            return null;
        return new(
            RaceWish.OneMoreSeed,
            chosen.Entry.Configuration,
            Reason(
                chosen.Entry,
                chosen.Standing,
                leader.Standing,
                challenger.Entry is null ? null : challenger.Standing
            )
        );
    }

    private ProposalReason Reason(RaceEntry entry, RaceStanding own, RaceStanding leader, RaceStanding? challenger)
    {
        var seed = $"Seed {entry.Started + 1} of {_seeds} for configuration {own.Configuration}";
        var why =
            own != leader
                ? $"its {Show(own)} cannot yet be told from the best, {Show(leader)} of configuration {leader.Configuration} ({Chance(own)})."
            : challenger is null ? $"it is the best, with {Show(leader)}, and is to have every seed."
            : $"it is the best so far, with {Show(leader)}, and configuration {challenger.Configuration}, with {Show(challenger)}, cannot yet be told from it ({Chance(challenger)}).";
        return ProposalReason.Of(
            $"{seed}: {why}",
            ("mean", own.Mean),
            ("standard error", own.StandardError),
            ("seeds so far", own.Seeds),
            ("best mean", leader.Mean),
            ("p", own != leader ? own.Chance : challenger?.Chance ?? double.NaN)
        );
    }

    private static string Show(RaceStanding standing) =>
        double.IsNaN(standing.StandardError)
            ? string.Create(CultureInfo.InvariantCulture, $"{standing.Mean:G4} (n = {standing.Seeds})")
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{standing.Mean:G4} ± {standing.StandardError:G2} (n = {standing.Seeds})"
            );

    private static string Chance(RaceStanding standing) =>
        double.IsNaN(standing.Chance)
            ? "the noise is not known yet"
            : string.Create(CultureInfo.InvariantCulture, $"p = {standing.Chance:G2}");

    private static RaceStep New(string why) =>
        new(RaceWish.NewConfiguration, null, ProposalReason.Of($"A new configuration: {why}"));

    private static bool IsRacing(RaceEntry entry) => entry.Values.Count > 0 && !entry.Ended;

    private static RaceStanding Outside(RaceEntry entry) =>
        new(
            entry.Configuration,
            entry.Values.Count,
            entry.Values.Count > 0 ? entry.Values.Values.Average() : double.NaN,
            double.NaN,
            double.NaN,
            entry.Pending > 0 && !entry.Ended ? RacePlace.Contends : RacePlace.Out
        );
}
