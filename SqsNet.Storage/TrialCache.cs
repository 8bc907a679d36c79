using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using SqsNet.Engine.Sweeps;

namespace SqsNet.Storage;

/// <summary>Keeps trials as they were last read, so that a list costs what has changed in it.</summary>
/// <remarks>
/// A trial changes by its events alone, in the transaction that stores them: two readings with the same last sequence
/// number are the same trial. The number is read every time, so nothing here can be out of date.
/// </remarks>
internal sealed class TrialCache
{
    // Some 4 kB each.
    private const int Capacity = 20_000;

    // Above this many changes one query over the sweep is cheaper than one per trial.
    private const int ReadOneByOne = 64;

    private readonly ConcurrentDictionary<long, TrialRecord> _trials = new();

    /// <summary>Trials of a sweep by number, or one trial.</summary>
    /// <param name="connection">A connection with an open transaction.</param>
    /// <param name="column">"trial.id" or "sweep_id".</param>
    /// <param name="id">What it must be.</param>
    internal IReadOnlyList<TrialRecord> Read(SqliteConnection connection, string column, long id)
    {
        var seqs = ReadSeqs(connection, column, id);
        var stale = seqs.Where(row => Find(row.Id, row.LastSeq) is null).Select(row => row.Id).ToList();
        if (stale.Count > ReadOneByOne || stale.Count == seqs.Count)
            return [.. TrialTable.Read(connection, column, id).Select(Keep)];
        var read = stale.ToDictionary(trialId => trialId, trialId => ReadOne(connection, trialId));
        // Read again where the cache was emptied in between.
        return
        [
            .. seqs.Select(row =>
                read.GetValueOrDefault(row.Id) ?? Find(row.Id, row.LastSeq) ?? ReadOne(connection, row.Id)
            ),
        ];
    }

    private static List<(long Id, long LastSeq)> ReadSeqs(SqliteConnection connection, string column, long id)
    {
        using var command = connection.Command(
            $"SELECT id, last_seq FROM trial WHERE {column} = $id ORDER BY sweep_id, number",
            ("$id", id)
        );
        using var reader = command.ExecuteReader();
        var rows = new List<(long, long)>();
        while (reader.Read())
            rows.Add((reader.GetInt64(0), reader.GetInt64(1)));
        return rows;
    }

    private TrialRecord? Find(long trialId, long lastSeq) =>
        _trials.TryGetValue(trialId, out var known) && known.LastSeq == lastSeq ? known : null;

    private TrialRecord ReadOne(SqliteConnection connection, long trialId) =>
        Keep(TrialTable.Read(connection, "trial.id", trialId).Single());

    private TrialRecord Keep(TrialRecord trial)
    {
        if (_trials.Count >= Capacity)
            _trials.Clear();
        return _trials[trial.Id] = trial;
    }
}
