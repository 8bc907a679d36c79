using Microsoft.Data.Sqlite;
using SqsNet.Engine.Events;

namespace SqsNet.Storage;

/// <summary>The log's tables, within the caller's transaction: single events, and packs of metrics events.</summary>
internal static class EventTable
{
    /// <summary>Events after a sequence number, oldest first, read as the caller goes on.</summary>
    /// <param name="connection">A connection with an open transaction.</param>
    /// <param name="trialId">The trial.</param>
    /// <param name="after">Last number not wanted.</param>
    /// <param name="kind">Only this kind; null for all.</param>
    /// <param name="limit">At most so many; null for all.</param>
    internal static IEnumerable<StoredEvent> Read(
        SqliteConnection connection,
        long trialId,
        long after,
        string? kind = null,
        int? limit = null
    )
    {
        var singles = ReadSingles(connection, trialId, after, kind, limit);
        var all = kind is null or "metrics" ? Merge(ReadPacked(connection, trialId, after), singles) : singles;
        return limit is { } most ? all.Take(most) : all;
    }

    /// <summary>The newest events of a kind other than metrics, newest first.</summary>
    internal static IEnumerable<StoredEvent> ReadLast(SqliteConnection connection, long trialId, string kind, int limit)
    {
        using var command = connection.Command(
            """
            SELECT id, payload FROM event
            WHERE id BETWEEN $first AND $last AND kind = $kind AND kind <> 'metrics' ORDER BY id DESC LIMIT $limit
            """,
            ("$first", EventKey.Of(trialId, 0)),
            ("$last", EventKey.Of(trialId, EventKey.Largest)),
            ("$kind", kind),
            ("$limit", limit)
        );
        using var reader = command.ExecuteReader();
        while (reader.Read())
            yield return ReadRow(reader, trialId);
    }

    /// <summary>One event other than metrics, or null.</summary>
    internal static T? Find<T>(SqliteConnection connection, long trialId, long seq)
        where T : TrialEvent
    {
        using var command = connection.Command(
            "SELECT payload FROM event WHERE id = $id",
            ("$id", EventKey.Of(trialId, seq))
        );
        return command.ExecuteScalar() is string payload ? TrialEventJson.Parse(payload) as T : null;
    }

    private static IEnumerable<StoredEvent> ReadSingles(
        SqliteConnection connection,
        long trialId,
        long after,
        string? kind,
        int? limit
    )
    {
        // The index of the few only serves a query that says "not metrics" itself.
        var ofKind = kind switch
        {
            null => "",
            "metrics" => "AND kind = 'metrics'",
            _ => "AND kind = $kind AND kind <> 'metrics'",
        };
        using var command = connection.Command(
            $"SELECT id, payload FROM event WHERE id > $after AND id <= $last {ofKind} ORDER BY id LIMIT $limit",
            ("$after", EventKey.Of(trialId, Math.Clamp(after, 0, EventKey.Largest))),
            ("$last", EventKey.Of(trialId, EventKey.Largest)),
            ("$kind", kind),
            ("$limit", limit ?? -1)
        );
        using var reader = command.ExecuteReader();
        while (reader.Read())
            yield return ReadRow(reader, trialId);
    }

    private static IEnumerable<StoredEvent> ReadPacked(SqliteConnection connection, long trialId, long after)
    {
        using var command = connection.Command(
            "SELECT data FROM event_pack WHERE id BETWEEN $first AND $last AND last_seq > $after ORDER BY id",
            ("$first", EventKey.Of(trialId, 0)),
            ("$last", EventKey.Of(trialId, EventKey.Largest)),
            ("$after", after)
        );
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            foreach (var (seq, json) in EventPack.Read(reader.GetBytes(0)))
            {
                if (seq > after)
                    yield return new(trialId, seq, TrialEventJson.Parse(json.Span));
            }
        }
    }

    private static IEnumerable<StoredEvent> Merge(IEnumerable<StoredEvent> packed, IEnumerable<StoredEvent> singles)
    {
        using var left = packed.GetEnumerator();
        using var right = singles.GetEnumerator();
        var hasLeft = left.MoveNext();
        var hasRight = right.MoveNext();
        while (hasLeft || hasRight)
        {
            if (hasLeft && (!hasRight || left.Current.Seq < right.Current.Seq))
            {
                yield return left.Current;
                hasLeft = left.MoveNext();
            }
            else
            {
                yield return right.Current;
                hasRight = right.MoveNext();
            }
        }
    }

    private static StoredEvent ReadRow(SqliteDataReader reader, long trialId) =>
        new(trialId, EventKey.Seq(reader.GetInt64(0)), TrialEventJson.Parse(reader.GetBytes(1)));
}
