using SqsNet.Engine.Events;
using SqsNet.Engine.Sweeps;
using SqsNet.Web.Components.Workbench;

namespace SqsNet.Web.Components.Sweeps;

/// <summary>What the page of a sweep shows, read from the store at one moment.</summary>
/// <param name="Sweep">The sweep.</param>
/// <param name="Trials">Its trials, by number.</param>
/// <param name="Progress">How far it is.</param>
/// <param name="Columns">The columns that its trials can be shown in.</param>
/// <param name="Configurations">The configurations by the objective, the best first.</param>
/// <param name="BestTrial">The best trial by the objective; null before any has a value.</param>
/// <param name="Metrics">Names of the metrics that have curves.</param>
public sealed record SweepReading(
    SweepRecord Sweep,
    IReadOnlyList<TrialRecord> Trials,
    SweepProgress Progress,
    TrialColumns Columns,
    IReadOnlyList<ConfigurationRow> Configurations,
    TrialRecord? BestTrial,
    IReadOnlyList<string> Metrics
)
{
    /// <summary>Reads a sweep; null where there is none.</summary>
    public static async Task<SweepReading?> OfAsync(
        long id,
        ISweepStore store,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        if (await store.FindSweepAsync(id, cancellationToken) is not { } sweep)
            return null;
        var trials = await store.ListTrialsAsync(id, cancellationToken);
        var now = clock.GetUtcNow();
        return new(
            sweep,
            trials,
            SweepProgress.Of(sweep, trials, now),
            TrialColumns.Of(sweep, trials, now),
            ConfigurationRow.Of(sweep, trials, sweep.Spec.Objective.Metric),
            Ranking.ByObjective(sweep, trials).FirstOrDefault(),
            [.. trials.SelectMany(trial => trial.Latest.Keys).Distinct().Order(StringComparer.Ordinal)]
        );
    }

    /// <summary>The configuration with the best mean; null where no configuration has two seeds yet.</summary>
    public ConfigurationRow? BestConfiguration
    {
        get
        {
            var most = Configurations.Select(row => row.Values.Count).DefaultIfEmpty().Max();
            // Means of fewer seeds than others have are luckier.
            return most < 2
                ? null
                : Configurations.FirstOrDefault(row => row.Standing is not null || row.Values.Count == most);
        }
    }
}
