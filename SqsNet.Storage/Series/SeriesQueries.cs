using System.Runtime.InteropServices;
using Dapper;
using Microsoft.Data.Sqlite;
using SqsNet.Engine.Events;

namespace SqsNet.Storage;

/// <summary>Reads metrics over time. Safe from any thread.</summary>
public sealed class SeriesQueries(SqsDatabase database)
{
    /// <summary>A metric of a trial, from one snapshot of the store.</summary>
    /// <param name="trialId">The trial.</param>
    /// <param name="metric">Name of the metric; one that was never reported has no points.</param>
    /// <param name="after">Only what was logged after this sequence number; 0 for everything.</param>
    /// <param name="points">At most so many points, 5 or more; see <see cref="SeriesReducer"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The points and the stretch of the log that they cover: everything after <paramref name="after"/> that is committed.</returns>
    /// <exception cref="NotFoundException">There is no such trial.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="points"/> is below 5 or <paramref name="after"/> is negative.</exception>
    public Task<Series> ReadAsync(
        long trialId,
        string metric,
        long after,
        int points,
        CancellationToken cancellationToken
    )
    {
        Check(metric, after, points);
        return database.ReadAsync(connection => Read(connection, trialId, metric, after, points), cancellationToken);
    }

    /// <summary>The same metric of many trials, from one snapshot of the store.</summary>
    /// <param name="trialIds">The trials; those that do not exist are left out.</param>
    /// <param name="metric">Name of the metric; a trial without it has a series without points.</param>
    /// <param name="points">At most so many points per trial, 5 or more.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Series by trial.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="points"/> is below 5.</exception>
    public Task<IReadOnlyDictionary<long, Series>> ReadManyAsync(
        IReadOnlyList<long> trialIds,
        string metric,
        int points,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(trialIds);
        Check(metric, 0, points);
        return database.ReadAsync<IReadOnlyDictionary<long, Series>>(
            connection =>
            {
                var series = new Dictionary<long, Series>();
                foreach (var trialId in trialIds)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    if (Find(connection, trialId, metric, 0, points) is { } found)
                        series[trialId] = found;
                }
                return series;
            },
            cancellationToken
        );
    }

    /// <summary>Names of the metrics that a trial has reported, in alphabetical order.</summary>
    /// <param name="trialId">The trial; one that does not exist has none.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<IReadOnlyList<string>> MetricsAsync(long trialId, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<string>>(
            connection =>
                connection
                    .Query<string>(
                        """
                        SELECT name FROM latest_metric JOIN metric ON metric.id = metric_id
                        WHERE trial_id = $trialId ORDER BY name
                        """,
                        new { trialId }
                    )
                    .AsList(),
            cancellationToken
        );

    private static void Check(string metric, long after, int points)
    {
        ArgumentNullException.ThrowIfNull(metric);
        ArgumentOutOfRangeException.ThrowIfNegative(after);
        ArgumentOutOfRangeException.ThrowIfLessThan(points, 5);
    }

    private static Series Read(SqliteConnection connection, long trialId, string metric, long after, int limit) =>
        Find(connection, trialId, metric, after, limit) ?? throw new NotFoundException($"Trial {trialId}");

    private static Series? Find(SqliteConnection connection, long trialId, string metric, long after, int limit)
    {
        long lastSeq;
        long foldedSeq;
        using (
            var command = connection.Command("SELECT last_seq, folded_seq FROM trial WHERE id = $id", ("$id", trialId))
        )
        using (var reader = command.ExecuteReader())
        {
            if (!reader.Read())
                return null;
            (lastSeq, foldedSeq) = (reader.GetInt64(0), reader.GetInt64(1));
        }
        var points = new List<SeriesPoint>();
        if (after < foldedSeq)
            AddChunks(connection, trialId, metric, after, points);
        AddEvents(connection, trialId, metric, Math.Max(after, foldedSeq), points);
        var kept = SeriesReducer.Reduce(points, limit);
        return new(metric, after + 1, lastSeq, kept, kept.Count < points.Count);
    }

    private static void AddChunks(
        SqliteConnection connection,
        long trialId,
        string metric,
        long after,
        List<SeriesPoint> points
    )
    {
        using var command = connection.Command(
            """
            SELECT data FROM chunk,
                (SELECT series.id << 32 AS first FROM series JOIN metric ON metric.id = metric_id
                 WHERE trial_id = $trial AND name = $metric)
            WHERE chunk.id BETWEEN first AND first + 0xffffffff AND last_seq > $after ORDER BY chunk.id
            """,
            ("$trial", trialId),
            ("$metric", metric),
            ("$after", after)
        );
        var decoded = new List<LoggedPoint>(SeriesChunk.Capacity);
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            decoded.Clear();
            SeriesChunk.Decode(reader.GetFieldValue<byte[]>(0), decoded);
            foreach (var (seq, point) in CollectionsMarshal.AsSpan(decoded))
            {
                if (seq > after)
                    Add(points, point);
            }
        }
    }

    private static void AddEvents(
        SqliteConnection connection,
        long trialId,
        string metric,
        long after,
        List<SeriesPoint> points
    )
    {
        using var command = connection.Command(
            "SELECT payload FROM event WHERE id > $after AND id <= $last AND kind = 'metrics' ORDER BY id",
            ("$after", EventKey.Of(trialId, Math.Min(after, EventKey.Largest))),
            ("$last", EventKey.Of(trialId, EventKey.Largest))
        );
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            if (MetricsPayload.TryFind(reader.GetFieldValue<byte[]>(0), metric, out var point))
                Add(points, point);
        }
    }

    /// <summary>A point takes the place of those at its own or a later step: a resumed attempt reports them again.</summary>
    private static void Add(List<SeriesPoint> points, SeriesPoint point)
    {
        while (points.Count > 0 && points[^1].Step >= point.Step)
            points.RemoveAt(points.Count - 1);
        points.Add(point);
    }
}
