using Dapper;

namespace SqsNet.Storage;

/// <summary>What a list of sweeps shows beside each sweep's record.</summary>
public sealed record SweepOverview
{
    /// <summary>The sweep.</summary>
    public required long SweepId { get; init; }

    /// <summary>Epochs that its trials have trained, together.</summary>
    public long Epochs { get; init; }

    /// <summary>The trial with the best objective; null before the first evaluation.</summary>
    public long? BestTrialId { get; init; }

    /// <summary>That trial's 0-based number within the sweep.</summary>
    public long? BestTrialNumber { get; init; }

    /// <summary>That trial's objective at its best epoch.</summary>
    public double? BestValue { get; init; }
}

/// <summary>Reads across sweeps, without their trials. Safe from any thread.</summary>
public sealed class SweepQueries(SqsDatabase database)
{
    private const int LatestTrials = 9;

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

    /// <summary>How fast the latest trials of a model trained here.</summary>
    /// <param name="model">Name of the model in the specification.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Median images per second of its latest trials; null when none has reported any.</returns>
    public Task<double?> ImagesPerSecondAsync(string model, CancellationToken cancellationToken) =>
        database.ReadAsync(
            connection =>
            {
                var speeds = connection
                    .Query<double>(
                        """
                        SELECT latest_metric.value FROM trial
                        JOIN metric ON metric.name = 'train/images_per_second'
                        JOIN latest_metric ON latest_metric.trial_id = trial.id AND latest_metric.metric_id = metric.id
                        WHERE trial.spec ->> '$.model.name' = $model AND latest_metric.value > 0
                        ORDER BY trial.id DESC LIMIT $LatestTrials
                        """,
                        new { model, LatestTrials }
                    )
                    .Order()
                    .ToList();
                return speeds.Count == 0 ? (double?)null : speeds[speeds.Count / 2];
            },
            cancellationToken
        );
}
