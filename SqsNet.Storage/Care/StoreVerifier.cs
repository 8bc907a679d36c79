using Dapper;
using Microsoft.Data.Sqlite;
using SqsNet.Engine.Events;
using SqsNet.Engine.Sweeps;

namespace SqsNet.Storage;

/// <summary>Compares what is stored with what the log says, in one snapshot.</summary>
internal sealed class StoreVerifier(SqliteConnection connection)
{
    /// <summary>More problems than this help nobody.</summary>
    private const int MaxProblems = 100;

    private readonly List<string> _problems = [];
    private int _trials;
    private long _events;
    private long _points;

    internal VerifyReport Run(CancellationToken cancellationToken)
    {
        CheckFile();
        CheckOwners();
        foreach (var trialId in connection.Query<long>("SELECT id FROM trial ORDER BY id").AsList())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (_problems.Count >= MaxProblems)
                break;
            try
            {
                CheckTrial(trialId);
            }
            catch (Exception error) when (error is System.Text.Json.JsonException or InvalidDataException)
            {
                Report(trialId, $"an event or a chunk cannot be read: {error.Message}");
            }
        }
        return new(_problems, connection.QuerySingle<int>("SELECT count(*) FROM sweep"), _trials, _events, _points);
    }

    private void CheckFile()
    {
        foreach (var line in connection.Query<string>($"PRAGMA integrity_check({MaxProblems})").Where(l => l != "ok"))
            _problems.Add($"SQLite: {line}");
        foreach (var row in connection.Query<(string Table, long? Row, string Parent)>("PRAGMA foreign_key_check"))
            _problems.Add($"Row {row.Row} of {row.Table} refers to a row of {row.Parent} that does not exist.");
    }

    /// <summary>These tables carry their owner inside a key, where SQLite cannot check it.</summary>
    private void CheckOwners()
    {
        foreach (var (table, owner) in new[] { ("event", "trial"), ("event_pack", "trial"), ("chunk", "series") })
        {
            // Skips from owner to owner: reading every row only for its key would read the whole file.
            var stray = connection.Query<long>(
                $"""
                WITH RECURSIVE owners (id) AS (
                    SELECT (SELECT min(id) FROM {table}) >> 32
                    UNION ALL
                    SELECT (SELECT min(id) FROM {table} WHERE id >= (owners.id + 1) << 32) >> 32
                    FROM owners WHERE owners.id IS NOT NULL
                )
                SELECT id FROM owners WHERE id IS NOT NULL AND id NOT IN (SELECT id FROM {owner})
                """
            );
            _problems.AddRange(stray.Select(id => $"Table {table} has rows of {owner} {id}, which does not exist."));
        }
    }

    private void CheckTrial(long trialId)
    {
        var stored = TrialTable.Read(connection, "trial.id", trialId).Single();
        var foldedSeq = connection.QuerySingle<long>(
            "SELECT folded_seq FROM trial WHERE id = $trialId",
            new { trialId }
        );
        var replayed = new TrialProjection { TrialId = trialId, SweepId = stored.SweepId };
        var folded = new Dictionary<string, List<LoggedPoint>>();
        foreach (var (_, seq, trialEvent) in EventTable.Read(connection, trialId, after: 0))
        {
            var expected = replayed.Apply(trialEvent);
            if (seq != expected)
            {
                Report(trialId, $"event {expected} is missing or doubled; {seq} stands in its place.");
                return;
            }
            if (trialEvent is not MetricsReported metrics)
                continue;
            _points += metrics.Values.Count;
            foreach (var (name, value) in metrics.Values.Where(_ => seq <= foldedSeq))
            {
                if (!folded.TryGetValue(name, out var points))
                    folded[name] = points = [];
                points.Add(new(seq, new(metrics.Step, metrics.Seconds, value)));
            }
        }
        _trials++;
        _events += replayed.LastSeq;
        CompareRecord(stored, replayed);
        CompareSeries(trialId, folded);
    }

    private void CompareRecord(TrialRecord stored, TrialProjection replayed)
    {
        var id = stored.Id;
        Compare(id, "last event", stored.LastSeq, replayed.LastSeq);
        Compare(id, "state", stored.State, replayed.State);
        Compare(id, "request", stored.Asked, replayed.Asked);
        Compare(id, "tags", string.Join(',', stored.Tags), replayed.Tags);
        Compare(id, "note", stored.Note, replayed.Note);
        Compare(id, "message", stored.Message, replayed.Message);
        Compare(id, "number of attempts", stored.Attempts, replayed.Attempts);
        Compare(id, "epoch", stored.Epoch, replayed.Epoch);
        Compare(id, "step", stored.Step, replayed.Step);
        Compare(id, "best epoch", stored.BestEpoch, replayed.BestEpoch);
        Compare(id, "start", stored.StartedAt, replayed.StartedAt);
        Compare(id, "end", stored.EndedAt, replayed.EndedAt);
        Compare(id, "latest metrics", Sorted(stored.Latest), Sorted(replayed.Latest));
        Compare(id, "best metrics", Sorted(stored.Best), Sorted(replayed.Best));
        Compare(
            id,
            "quads' event",
            connection.QuerySingle<long?>("SELECT quads_seq FROM trial WHERE id = $id", new { id }),
            replayed.QuadsSeq
        );
        Compare(
            id,
            "confusion matrices",
            Joined(
                connection.Query<string>(
                    "SELECT split || ' ' || epoch || ' ' || seq FROM confusion WHERE trial_id = $id",
                    new { id }
                )
            ),
            Joined(replayed.Confusions.Select(c => $"{c.Key.Split} {c.Key.Epoch} {c.Value}"))
        );
        Compare(
            id,
            "files",
            Joined(
                connection.Query<string>("SELECT path || ' ' || seq FROM artifact WHERE trial_id = $id", new { id })
            ),
            Joined(replayed.Artifacts.Select(a => $"{a.Key} {a.Value}"))
        );
    }

    private void CompareSeries(long trialId, Dictionary<string, List<LoggedPoint>> expected)
    {
        var stored = connection
            .Query<(long Id, string Name)>(
                """
                SELECT series.id, name FROM series JOIN metric ON metric.id = metric_id WHERE trial_id = $trialId
                """,
                new { trialId }
            )
            .ToDictionary(row => row.Name, row => ReadChunks(row.Id));
        foreach (var name in expected.Keys.Union(stored.Keys).Order())
        {
            var have = stored.GetValueOrDefault(name) ?? [];
            var want = expected.GetValueOrDefault(name) ?? [];
            if (!have.SequenceEqual(want))
                Report(trialId, $"the series {name} differs from the log ({have.Count} points, {want.Count} logged).");
        }
    }

    private List<LoggedPoint> ReadChunks(long series)
    {
        using var command = connection.Command(
            "SELECT data FROM chunk WHERE id BETWEEN $first AND $last ORDER BY id",
            ("$first", EventKey.Of(series, 0)),
            ("$last", EventKey.Of(series, EventKey.Largest))
        );
        using var reader = command.ExecuteReader();
        var points = new List<LoggedPoint>();
        while (reader.Read())
            SeriesChunk.Decode(reader.GetBytes(0), points);
        return points;
    }

    private void Compare<T>(long trialId, string what, T stored, T replayed)
    {
        if (!EqualityComparer<T>.Default.Equals(stored, replayed))
            Report(trialId, $"its {what} is {stored}, by the log {replayed}.");
    }

    private void Report(long trialId, string problem) => _problems.Add($"Trial {trialId}: {problem}");

    private static string Sorted(IEnumerable<KeyValuePair<string, double>> metrics) =>
        Joined(metrics.Select(m => $"{m.Key} {m.Value:R}"));

    private static string Joined(IEnumerable<string> parts) => string.Join(", ", parts.Order());
}
