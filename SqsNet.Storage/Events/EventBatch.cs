using Microsoft.Data.Sqlite;
using SqsNet.Engine.Events;

namespace SqsNet.Storage;

/// <summary>An event on its way to the disk.</summary>
/// <param name="TrialId">Its trial.</param>
/// <param name="Event">The event.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="Payload">The event as JSON, written when it was appended.</param>
internal sealed record QueuedEvent(long TrialId, TrialEvent Event, string Kind, string Payload)
{
    internal static QueuedEvent From(long trialId, TrialEvent trialEvent) =>
        new(trialId, trialEvent, TrialEventJson.Kind(trialEvent), TrialEventJson.Serialize(trialEvent));
}

/// <summary>Stores a batch of events and what follows from them, within the caller's transaction.</summary>
internal static class EventBatch
{
    /// <summary>Stores the events in order.</summary>
    /// <param name="connection">A connection with an open transaction.</param>
    /// <param name="events">The events.</param>
    /// <param name="rejected">Receives events of trials that do not exist.</param>
    /// <returns>What to ring after the commit, one per trial.</returns>
    internal static IReadOnlyList<Change> Store(
        SqliteConnection connection,
        IReadOnlyList<QueuedEvent> events,
        ICollection<QueuedEvent> rejected
    )
    {
        var trials = new Dictionary<long, TrialProjection?>();
        using var insert = connection.Command("INSERT INTO event (id, kind, payload) VALUES ($id, $kind, $payload)");
        var id = insert.Parameters.Add("$id", SqliteType.Integer);
        var kind = insert.Parameters.Add("$kind", SqliteType.Text);
        var payload = insert.Parameters.Add("$payload", SqliteType.Text);
        foreach (var queued in events)
        {
            if (!trials.TryGetValue(queued.TrialId, out var trial))
                trials[queued.TrialId] = trial = Load(connection, queued.TrialId);
            if (trial is null)
            {
                rejected.Add(queued);
                continue;
            }
            id.Value = EventKey.Of(queued.TrialId, trial.Apply(queued.Event));
            kind.Value = queued.Kind;
            payload.Value = queued.Payload;
            insert.ExecuteNonQuery();
        }
        var metrics = new MetricNames(connection);
        var changes = new List<Change>();
        foreach (var trial in trials.Values.OfType<TrialProjection>())
        {
            SeriesFolder.FoldWhenDue(connection, metrics, trial);
            Save(connection, metrics, trial);
            changes.Add(new(trial.SweepId, trial.TrialId, trial.LastSeq));
        }
        return changes;
    }

    private static TrialProjection? Load(SqliteConnection connection, long trialId)
    {
        using var command = connection.Command(
            """
            SELECT sweep_id, state, message, attempts, epoch, step, best_epoch,
                   last_seq, folded_seq, quads_seq, started_at, ended_at, asked, tags, note
            FROM trial WHERE id = $id
            """,
            ("$id", trialId)
        );
        using var reader = command.ExecuteReader();
        if (!reader.Read())
            return null;
        return new()
        {
            TrialId = trialId,
            SweepId = reader.GetInt64(0),
            State = SqlValues.ParseTrialState(reader.GetString(1)),
            Message = reader.FindText(2),
            Attempts = reader.GetInt32(3),
            Epoch = reader.GetInt32(4),
            Step = reader.GetInt64(5),
            BestEpoch = (int?)reader.FindInteger(6),
            LastSeq = reader.GetInt64(7),
            FoldedSeq = reader.GetInt64(8),
            QuadsSeq = reader.FindInteger(9),
            StartedAt = reader.FindTime(10),
            EndedAt = reader.FindTime(11),
            Asked = SqlValues.ParseControlRequest(reader.GetString(12)),
            Tags = reader.GetString(13),
            Note = reader.GetString(14),
        };
    }

    private static void Save(SqliteConnection connection, MetricNames metrics, TrialProjection trial)
    {
        using var update = connection.Command(
            """
            UPDATE trial SET state = $state, message = $message, attempts = $attempts, epoch = $epoch, step = $step,
                   best_epoch = $bestEpoch, last_seq = $lastSeq, folded_seq = $foldedSeq, quads_seq = $quadsSeq,
                   started_at = $startedAt, ended_at = $endedAt, asked = $asked, tags = $tags, note = $note
            WHERE id = $id
            """,
            ("$state", SqlValues.Word(trial.State)),
            ("$message", trial.Message),
            ("$attempts", trial.Attempts),
            ("$epoch", trial.Epoch),
            ("$step", trial.Step),
            ("$bestEpoch", trial.BestEpoch),
            ("$lastSeq", trial.LastSeq),
            ("$foldedSeq", trial.FoldedSeq),
            ("$quadsSeq", trial.QuadsSeq),
            ("$startedAt", SqlValues.Time(trial.StartedAt)),
            ("$endedAt", SqlValues.Time(trial.EndedAt)),
            ("$asked", SqlValues.Word(trial.Asked)),
            ("$tags", trial.Tags),
            ("$note", trial.Note),
            ("$id", trial.TrialId)
        );
        update.ExecuteNonQuery();
        SaveMetrics(connection, metrics, "latest_metric", trial.TrialId, trial.Latest);
        if (trial.ReplacesBest)
        {
            using var delete = connection.Command(
                "DELETE FROM best_metric WHERE trial_id = $id",
                ("$id", trial.TrialId)
            );
            delete.ExecuteNonQuery();
        }
        SaveMetrics(connection, metrics, "best_metric", trial.TrialId, trial.Best);
        foreach (var ((split, epoch), seq) in trial.Confusions)
        {
            using var upsert = connection.Command(
                """
                INSERT INTO confusion (trial_id, split, epoch, seq) VALUES ($id, $split, $epoch, $seq)
                ON CONFLICT DO UPDATE SET seq = excluded.seq
                """,
                ("$id", trial.TrialId),
                ("$split", split),
                ("$epoch", epoch),
                ("$seq", seq)
            );
            upsert.ExecuteNonQuery();
        }
        foreach (var (path, seq) in trial.Artifacts)
        {
            using var upsert = connection.Command(
                """
                INSERT INTO artifact (trial_id, path, seq) VALUES ($id, $path, $seq)
                ON CONFLICT DO UPDATE SET seq = excluded.seq
                """,
                ("$id", trial.TrialId),
                ("$path", path),
                ("$seq", seq)
            );
            upsert.ExecuteNonQuery();
        }
    }

    private static void SaveMetrics(
        SqliteConnection connection,
        MetricNames metrics,
        string table,
        long trialId,
        Dictionary<string, double> values
    )
    {
        if (values.Count == 0)
            return;
        using var upsert = connection.Command(
            $"""
            INSERT INTO {table} (trial_id, metric_id, value) VALUES ($trial, $metric, $value)
            ON CONFLICT DO UPDATE SET value = excluded.value
            """,
            ("$trial", trialId)
        );
        var metric = upsert.Parameters.Add("$metric", SqliteType.Integer);
        var number = upsert.Parameters.Add("$value", SqliteType.Real);
        foreach (var (name, value) in values)
        {
            metric.Value = metrics.IdOf(name);
            number.Value = (object?)SqlValues.Number(value) ?? DBNull.Value;
            upsert.ExecuteNonQuery();
        }
    }
}
