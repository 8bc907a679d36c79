using System.Text.Json;
using Dapper;
using Microsoft.Data.Sqlite;
using SqsNet.Engine.Sweeps;
using SqsNet.Engine.Sweeps.Samplers;

namespace SqsNet.Storage;

/// <summary>The trial table with its metrics, within the caller's transaction.</summary>
internal static class TrialTable
{
    /// <summary>Stores a trial in state Waiting.</summary>
    internal static TrialRecord Insert(SqliteConnection connection, NewTrial trial, DateTimeOffset now)
    {
        var id = connection.QuerySingle<long>(
            """
            INSERT INTO trial (sweep_id, number, configuration, parent_id, state, created_at, assignment, spec, reason)
            VALUES ($SweepId, $Number, $Configuration, $ParentId, $state, $now, $assignment, $spec, $reason) RETURNING id
            """,
            new
            {
                trial.SweepId,
                trial.Number,
                trial.Configuration,
                trial.ParentId,
                state = SqlValues.Word(TrialState.Waiting),
                now = SqlValues.Time(now),
                assignment = JsonSerializer.Serialize(trial.Assignment, SqlValues.Json),
                spec = JsonSerializer.Serialize(trial.Spec, SqlValues.Json),
                reason = trial.Reason is { } reason ? JsonSerializer.Serialize(reason, SqlValues.Json) : null,
            }
        );
        return new()
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
            CreatedAt = now.ToUniversalTime(),
        };
    }

    /// <summary>Trials by number.</summary>
    /// <param name="connection">A connection with an open transaction, so that trials and metrics agree.</param>
    /// <param name="column">"trial.id" or "sweep_id".</param>
    /// <param name="id">What it must be.</param>
    internal static List<TrialRecord> Read(SqliteConnection connection, string column, long id)
    {
        var latest = ReadMetrics(connection, "latest_metric", column, id);
        var best = ReadMetrics(connection, "best_metric", column, id);
        using var command = connection.Command(
            $"""
            SELECT id, sweep_id, number, configuration, assignment, spec, state, message, attempts, epoch, step,
                   last_seq, best_epoch, parent_id, created_at, started_at, ended_at, asked, reason, tags, note
            FROM trial WHERE {column} = $id ORDER BY sweep_id, number
            """,
            ("$id", id)
        );
        using var reader = command.ExecuteReader();
        var trials = new List<TrialRecord>();
        while (reader.Read())
        {
            var trialId = reader.GetInt64(0);
            trials.Add(
                new()
                {
                    Id = trialId,
                    SweepId = reader.GetInt64(1),
                    Number = reader.GetInt32(2),
                    Configuration = reader.GetInt32(3),
                    Assignment = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(
                        reader.GetBytes(4),
                        SqlValues.Json
                    )!,
                    Spec = JsonSerializer.Deserialize<TrialSpec>(reader.GetBytes(5), SqlValues.Json)!,
                    State = SqlValues.ParseTrialState(reader.GetString(6)),
                    Message = reader.FindText(7),
                    Attempts = reader.GetInt32(8),
                    Epoch = reader.GetInt32(9),
                    Step = reader.GetInt64(10),
                    LastSeq = reader.GetInt64(11),
                    BestEpoch = (int?)reader.FindInteger(12),
                    ParentId = reader.FindInteger(13),
                    CreatedAt = SqlValues.ParseTime(reader.GetString(14)),
                    StartedAt = reader.FindTime(15),
                    EndedAt = reader.FindTime(16),
                    Asked = SqlValues.ParseControlRequest(reader.GetString(17)),
                    Reason = reader.FindText(18) is { } reason
                        ? JsonSerializer.Deserialize<ProposalReason>(reason, SqlValues.Json)
                        : null,
                    Tags = reader.GetString(19).Split(',', StringSplitOptions.RemoveEmptyEntries),
                    Note = reader.GetString(20),
                    Latest = latest.GetValueOrDefault(trialId) ?? [],
                    Best = best.GetValueOrDefault(trialId) ?? [],
                }
            );
        }
        return trials;
    }

    private static Dictionary<long, Dictionary<string, double>> ReadMetrics(
        SqliteConnection connection,
        string table,
        string column,
        long id
    )
    {
        var names = connection
            .Query<(long Id, string Name)>("SELECT id, name FROM metric")
            .ToDictionary(row => row.Id, row => row.Name);
        using var command = connection.Command(
            $"""
            SELECT trial_id, metric_id, value FROM trial CROSS JOIN {table} ON trial_id = trial.id
            WHERE {column} = $id
            """,
            ("$id", id)
        );
        using var reader = command.ExecuteReader();
        var metrics = new Dictionary<long, Dictionary<string, double>>();
        // The rows of a trial come together: 5,000 trials with 30 metrics look up 5,000 times.
        var current = 0L;
        var values = new Dictionary<string, double>();
        while (reader.Read())
        {
            var trialId = reader.GetInt64(0);
            if (trialId != current)
            {
                metrics[trialId] = values = new(values.Count);
                current = trialId;
            }
            values[names[reader.GetInt64(1)]] = reader.GetNumber(2);
        }
        return metrics;
    }
}
