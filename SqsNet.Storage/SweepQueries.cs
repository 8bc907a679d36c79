using Dapper;

namespace SqsNet.Storage;

/// <summary>What a list of sweeps shows beside each sweep's record.</summary>
/// <param name="SweepId">The sweep.</param>
/// <param name="Epochs">Epochs that its trials have trained, together.</param>
/// <param name="BestTrialId">The trial with the best objective; null before the first evaluation.</param>
/// <param name="BestTrialNumber">That trial's 0-based number within the sweep.</param>
/// <param name="BestValue">That trial's objective at its best epoch.</param>
public sealed record SweepOverview(
    long SweepId,
    long Epochs,
    long? BestTrialId,
    long? BestTrialNumber,
    double? BestValue
);

/// <summary>Reads across sweeps, without their trials. Safe from any thread.</summary>
public sealed class SweepQueries(SqsDatabase database)
{
    /// <summary>Progress and best trial of every sweep that has trials, each by its own objective.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>By sweep id; sweeps without trials are absent.</returns>
    public Task<IReadOnlyDictionary<long, SweepOverview>> OverviewAsync(CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyDictionary<long, SweepOverview>>(
            connection =>
                connection
                    .Query<SweepOverview>(
                        """
                        WITH ranked AS (
                            SELECT trial.sweep_id, trial.id, trial.number, best_metric.value,
                                   row_number() OVER (
                                       PARTITION BY trial.sweep_id
                                       ORDER BY CASE sweep.spec ->> '$.objective.goal'
                                                WHEN 'minimize' THEN best_metric.value ELSE -best_metric.value END,
                                                trial.number
                                   ) AS place
                            FROM sweep
                            JOIN metric ON metric.name = sweep.spec ->> '$.objective.metric'
                            JOIN trial ON trial.sweep_id = sweep.id
                            JOIN best_metric ON best_metric.trial_id = trial.id AND best_metric.metric_id = metric.id
                            WHERE best_metric.value IS NOT NULL
                        )
                        SELECT trial.sweep_id AS SweepId, sum(trial.epoch) AS Epochs, ranked.id AS BestTrialId,
                               ranked.number AS BestTrialNumber, ranked.value AS BestValue
                        FROM trial LEFT JOIN ranked ON ranked.sweep_id = trial.sweep_id AND ranked.place = 1
                        GROUP BY trial.sweep_id
                        """
                    )
                    .ToDictionary(row => row.SweepId),
            cancellationToken
        );
}
