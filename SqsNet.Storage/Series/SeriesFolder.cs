using Microsoft.Data.Sqlite;
using SqsNet.Engine.Events;
using SqsNet.Engine.Sweeps;

namespace SqsNet.Storage;

/// <summary>Folds the metrics of a trial's newest events into the chunks of its series.</summary>
/// <remarks>
/// A value is written once as part of its event, at once, and some times as part of a chunk, later: with the event it
/// is safe, from the chunk it is read fast. A series is its chunks and then the few events after the fold.
/// </remarks>
internal static class SeriesFolder
{
    /// <summary>A running trial is folded when it has this many unfolded events.</summary>
    internal const int FoldEvery = 256;

    /// <summary>Folds a trial that has many unfolded events, or one that is not running.</summary>
    internal static void FoldWhenDue(SqliteConnection connection, MetricNames metrics, TrialProjection trial)
    {
        var unfolded = trial.LastSeq - trial.FoldedSeq;
        if (unfolded >= FoldEvery || (unfolded > 0 && trial.State != TrialState.Running))
        {
            Fold(connection, metrics, trial.TrialId, trial.FoldedSeq);
            trial.FoldedSeq = trial.LastSeq;
        }
    }

    private static void Fold(SqliteConnection connection, MetricNames metrics, long trialId, long after)
    {
        var added = new Dictionary<string, List<LoggedPoint>>();
        foreach (var stored in EventTable.Read(connection, trialId, after, "metrics"))
        {
            var reported = (MetricsReported)stored.Event;
            foreach (var (name, value) in reported.Values)
            {
                if (!added.TryGetValue(name, out var points))
                    added[name] = points = [];
                points.Add(new(stored.Seq, new(reported.Step, reported.Seconds, value)));
            }
        }
        foreach (var (name, points) in added)
            Append(connection, SeriesOf(connection, trialId, metrics.IdOf(name)), points);
    }

    private static void Append(SqliteConnection connection, long series, List<LoggedPoint> added)
    {
        var points = new List<LoggedPoint>(added.Count + SeriesChunk.Capacity);
        using (
            var last = connection.Command(
                "SELECT id, data FROM chunk WHERE id BETWEEN $first AND $last ORDER BY id DESC LIMIT 1",
                ("$first", EventKey.Of(series, 0)),
                ("$last", EventKey.Of(series, EventKey.Largest))
            )
        )
        using (var reader = last.ExecuteReader())
        {
            if (reader.Read())
                SeriesChunk.Decode(reader.GetFieldValue<byte[]>(1), points);
        }
        if (points.Count == SeriesChunk.Capacity)
            points.Clear();
        points.AddRange(added);
        using var write = connection.Command(
            "INSERT OR REPLACE INTO chunk (id, last_seq, data) VALUES ($id, $last, $data)"
        );
        var id = write.Parameters.Add("$id", SqliteType.Integer);
        var lastSeq = write.Parameters.Add("$last", SqliteType.Integer);
        var data = write.Parameters.Add("$data", SqliteType.Blob);
        foreach (var part in points.Chunk(SeriesChunk.Capacity))
        {
            id.Value = EventKey.Of(series, part[0].Seq);
            lastSeq.Value = part[^1].Seq;
            data.Value = SeriesChunk.Encode(part);
            write.ExecuteNonQuery();
        }
    }

    private static long SeriesOf(SqliteConnection connection, long trialId, long metricId)
    {
        using var insert = connection.Command(
            "INSERT INTO series (trial_id, metric_id) VALUES ($trial, $metric) ON CONFLICT DO NOTHING",
            ("$trial", trialId),
            ("$metric", metricId)
        );
        insert.ExecuteNonQuery();
        return FindSeries(connection, trialId, metricId)!.Value;
    }

    private static long? FindSeries(SqliteConnection connection, long trialId, long metricId)
    {
        using var select = connection.Command(
            "SELECT id FROM series WHERE trial_id = $trial AND metric_id = $metric",
            ("$trial", trialId),
            ("$metric", metricId)
        );
        return (long?)select.ExecuteScalar();
    }
}
