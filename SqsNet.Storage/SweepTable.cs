using System.Text.Json;
using Dapper;
using Microsoft.Data.Sqlite;
using SqsNet.Engine.Sweeps;

namespace SqsNet.Storage;

/// <summary>The sweep table, within the caller's transaction.</summary>
internal static class SweepTable
{
    /// <summary>Stores a sweep.</summary>
    /// <returns>Its id.</returns>
    internal static long Insert(
        SqliteConnection connection,
        SweepSpec spec,
        SweepState state,
        string? message,
        int plannedTrials,
        DateTimeOffset createdAt,
        DateTimeOffset? endedAt
    ) =>
        connection.QuerySingle<long>(
            """
            INSERT INTO sweep (spec, state, message, planned_trials, created_at, ended_at)
            VALUES ($spec, $state, $message, $plannedTrials, $createdAt, $endedAt) RETURNING id
            """,
            new
            {
                spec = JsonSerializer.Serialize(spec, SqlValues.Json),
                state = SqlValues.Word(state),
                message,
                plannedTrials,
                createdAt = SqlValues.Time(createdAt),
                endedAt = SqlValues.Time(endedAt),
            }
        );

    /// <summary>Sweeps with the number of their trials in each state, newest first.</summary>
    /// <param name="connection">A connection with an open transaction, so that sweeps and numbers agree.</param>
    /// <param name="sweepId">Only this one; null for all.</param>
    internal static List<SweepRecord> Read(SqliteConnection connection, long? sweepId)
    {
        var counts = connection
            .Query<(long SweepId, string State, int Count)>(
                """
                SELECT sweep_id, state, count(*) FROM trial
                WHERE $sweepId IS NULL OR sweep_id = $sweepId GROUP BY sweep_id, state
                """,
                new { sweepId }
            )
            .ToLookup(row => row.SweepId);
        using var command = connection.Command(
            """
            SELECT id, spec, state, message, planned_trials, created_at, ended_at FROM sweep
            WHERE $sweepId IS NULL OR id = $sweepId ORDER BY id DESC
            """,
            ("$sweepId", sweepId)
        );
        using var reader = command.ExecuteReader();
        var sweeps = new List<SweepRecord>();
        while (reader.Read())
        {
            var id = reader.GetInt64(0);
            sweeps.Add(
                new()
                {
                    Id = id,
                    Spec = JsonSerializer.Deserialize<SweepSpec>(reader.GetString(1), SqlValues.Json)!,
                    State = SqlValues.ParseSweepState(reader.GetString(2)),
                    Message = reader.FindText(3),
                    PlannedTrials = reader.GetInt32(4),
                    Counts = counts[id].ToDictionary(row => SqlValues.ParseTrialState(row.State), row => row.Count),
                    CreatedAt = SqlValues.ParseTime(reader.GetString(5)),
                    EndedAt = reader.FindTime(6),
                }
            );
        }
        return sweeps;
    }
}
