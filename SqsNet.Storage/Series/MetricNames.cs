using Microsoft.Data.Sqlite;

namespace SqsNet.Storage;

/// <summary>The dictionary of metric names. Lives for one transaction, which alone makes its new ids valid.</summary>
internal sealed class MetricNames(SqliteConnection connection)
{
    private readonly Dictionary<string, long> _ids = [];

    /// <summary>The name's id; made when it is new.</summary>
    internal long IdOf(string name)
    {
        if (_ids.TryGetValue(name, out var known))
            return known;
        using var insert = connection.Command(
            "INSERT INTO metric (name) VALUES ($name) ON CONFLICT DO NOTHING",
            ("$name", name)
        );
        insert.ExecuteNonQuery();
        using var select = connection.Command("SELECT id FROM metric WHERE name = $name", ("$name", name));
        return _ids[name] = (long)select.ExecuteScalar()!;
    }
}
