using Microsoft.Data.Sqlite;
using SqsNet.Engine.Events;
using SqsNet.Engine.Sweeps;

namespace SqsNet.Storage;

/// <summary>Folds the metrics of a trial's newest events into the chunks of its series, and the events into packs.</summary>
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
        var packs = new List<(long FirstSeq, long LastSeq, byte[] Data)>();
        var pack = new EventPack.Builder();
        foreach (var (seq, json) in ReadMetrics(connection, trialId, after))
        {
            pack.Add(seq, json);
            if (pack.Count == EventPack.Capacity)
                packs.Add((pack.FirstSeq, pack.LastSeq, pack.Take()));
            var reported = (MetricsReported)TrialEventJson.Parse(json);
            foreach (var (name, value) in reported.Values)
            {
                if (!added.TryGetValue(name, out var points))
                    added[name] = points = [];
                points.Add(new(seq, new(reported.Step, reported.Seconds, value)));
            }
        }
        if (pack.Count > 0)
            packs.Add((pack.FirstSeq, pack.LastSeq, pack.Take()));
        foreach (var (firstSeq, lastSeq, data) in packs)
            MoveToPack(connection, trialId, firstSeq, lastSeq, data);
        foreach (var (name, points) in added)
            Append(connection, SeriesOf(connection, trialId, metrics.IdOf(name)), points);
    }

    private static IEnumerable<(long Seq, byte[] Json)> ReadMetrics(
        SqliteConnection connection,
        long trialId,
        long after
    )
    {
        using var command = connection.Command(
            "SELECT id, payload FROM event WHERE id > $after AND id <= $last AND kind = 'metrics' ORDER BY id",
            ("$after", EventKey.Of(trialId, after)),
            ("$last", EventKey.Of(trialId, EventKey.Largest))
        );
        using var reader = command.ExecuteReader();
        while (reader.Read())
            yield return (EventKey.Seq(reader.GetInt64(0)), reader.GetBytes(1).ToArray());
    }

    private static void MoveToPack(SqliteConnection connection, long trialId, long firstSeq, long lastSeq, byte[] data)
    {
        using var insert = connection.Command(
            "INSERT INTO event_pack (id, last_seq, data) VALUES ($id, $last, $data)",
            ("$id", EventKey.Of(trialId, firstSeq)),
            ("$last", lastSeq),
            ("$data", data)
        );
        insert.ExecuteNonQuery();
        using var delete = connection.Command(
            "DELETE FROM event WHERE id BETWEEN $first AND $last AND kind = 'metrics'",
            ("$first", EventKey.Of(trialId, firstSeq)),
            ("$last", EventKey.Of(trialId, lastSeq))
        );
        delete.ExecuteNonQuery();
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
                SeriesChunk.Decode(reader.GetBytes(1), points);
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
        using var select = connection.Command(
            "SELECT id FROM series WHERE trial_id = $trial AND metric_id = $metric",
            ("$trial", trialId),
            ("$metric", metricId)
        );
        return (long)select.ExecuteScalar()!;
    }
}
