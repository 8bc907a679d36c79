using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Dapper;
using Microsoft.Data.Sqlite;
using SqsNet.Engine.Events;

namespace SqsNet.Storage;

/// <summary>Reads metrics over time. Safe from any thread.</summary>
public sealed class SeriesQueries(SqsDatabase database)
{
    private readonly ConcurrentBag<Buffer> _buffers = [];

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
        return database.ReadAsync(
            connection =>
                Find(connection, trialId, new(metric, points), after)
                ?? throw new NotFoundException($"Trial {trialId}"),
            cancellationToken
        );
    }

    /// <summary>The same metric of many trials, from one snapshot of the store.</summary>
    /// <param name="trialIds">The trials; those that do not exist are left out.</param>
    /// <param name="request">What of each is read.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Series by trial.</returns>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than 5 points are asked for.</exception>
    public Task<IReadOnlyDictionary<long, Series>> ReadManyAsync(
        IReadOnlyList<long> trialIds,
        SeriesRequest request,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(trialIds);
        ArgumentNullException.ThrowIfNull(request);
        Check(request.Metric, 0, request.Points);
        return database.ReadAsync<IReadOnlyDictionary<long, Series>>(
            connection =>
            {
                var series = new Dictionary<long, Series>();
                foreach (var trialId in trialIds)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    if (Find(connection, trialId, request, after: 0) is { } found)
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

    private Series? Find(SqliteConnection connection, long trialId, SeriesRequest request, long after)
    {
        if (FindSeqs(connection, trialId) is not var (lastSeq, foldedSeq))
            return null;
        if (!_buffers.TryTake(out var buffer))
            buffer = new();
        try
        {
            if (after < foldedSeq)
                AddChunks(connection, trialId, request.Metric, after, buffer);
            AddEvents(connection, trialId, request.Metric, Math.Max(after, foldedSeq), buffer);
            var points = CollectionsMarshal.AsSpan(buffer.Points);
            if (request.Smoothing is { } smoothing)
                SeriesSmoother.Smooth(points, smoothing);
            points = request.Within(points);
            var kept = SeriesReducer.Reduce(points, request.Points);
            return new(request.Metric, after + 1, lastSeq, kept, kept.Length < points.Length);
        }
        finally
        {
            buffer.Points.Clear();
            _buffers.Add(buffer);
        }
    }

    private static (long LastSeq, long FoldedSeq)? FindSeqs(SqliteConnection connection, long trialId)
    {
        using var command = connection.Command(
            "SELECT last_seq, folded_seq FROM trial WHERE id = $id",
            ("$id", trialId)
        );
        using var reader = command.ExecuteReader();
        return reader.Read() ? (reader.GetInt64(0), reader.GetInt64(1)) : null;
    }

    private static void AddChunks(SqliteConnection connection, long trialId, string metric, long after, Buffer buffer)
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
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            buffer.Decoded.Clear();
            SeriesChunk.Decode(reader.GetBytes(0), buffer.Decoded);
            foreach (ref readonly var logged in CollectionsMarshal.AsSpan(buffer.Decoded))
            {
                if (logged.Seq > after)
                    Add(buffer.Points, logged.Point);
            }
        }
    }

    private static void AddEvents(SqliteConnection connection, long trialId, string metric, long after, Buffer buffer)
    {
        using var command = connection.Command(
            "SELECT payload FROM event WHERE id > $after AND id <= $last AND kind = 'metrics' ORDER BY id",
            ("$after", EventKey.Of(trialId, Math.Min(after, EventKey.Largest))),
            ("$last", EventKey.Of(trialId, EventKey.Largest))
        );
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            if (MetricsPayload.TryFind(reader.GetBytes(0), metric, out var point))
                Add(buffer.Points, point);
        }
    }

    /// <summary>A point takes the place of those at its own or a later step: a resumed attempt reports them again.</summary>
    private static void Add(List<SeriesPoint> points, SeriesPoint point)
    {
        while (points.Count > 0 && points[^1].Step >= point.Step)
            points.RemoveAt(points.Count - 1);
        points.Add(point);
    }

    /// <summary>Room for one series, used again: lists of ten thousand points made anew would be most of the work.</summary>
    private sealed class Buffer
    {
        internal List<LoggedPoint> Decoded { get; } = new(SeriesChunk.Capacity);
        internal List<SeriesPoint> Points { get; } = [];
    }
}
