using System.Data;
using System.Globalization;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using SqsNet.Engine.Executors;
using SqsNet.Engine.Sweeps;

namespace SqsNet.Storage;

/// <summary>How values stand in the database.</summary>
internal static class SqlValues
{
    /// <summary>Specifications and assignments: the one JSON shape, on one line.</summary>
    internal static JsonSerializerOptions Json { get; } = new(SweepSpecJson.Options) { WriteIndented = false };

    internal static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);

    internal static string? Time(DateTimeOffset? time) => time is { } known ? Time(known) : null;

    internal static DateTimeOffset ParseTime(string text) =>
        DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    internal static string Word(TrialState state) => SweepSpecJson.Word(state);

    internal static string Word(SweepState state) => SweepSpecJson.Word(state);

    internal static string Word(ControlRequest request) => SweepSpecJson.Word(request);

    internal static TrialState ParseTrialState(string word) => Enum.Parse<TrialState>(word, ignoreCase: true);

    internal static SweepState ParseSweepState(string word) => Enum.Parse<SweepState>(word, ignoreCase: true);

    internal static ControlRequest ParseControlRequest(string word) =>
        Enum.Parse<ControlRequest>(word, ignoreCase: true);

    /// <summary>SQLite has no NaN: it stands as NULL.</summary>
    internal static double? Number(double value) => double.IsNaN(value) ? null : value;

    /// <summary>A number as <see cref="Number"/> wrote it.</summary>
    internal static double GetNumber(this SqliteDataReader reader, int column) =>
        reader.IsDBNull(column) ? double.NaN : reader.GetDouble(column);

    /// <summary>A blob, or a text as UTF-8, where SQLite holds it: valid until the reader moves on.</summary>
    internal static ReadOnlySpan<byte> GetBytes(this SqliteDataReader reader, int column) =>
        SQLitePCL.raw.sqlite3_column_blob(reader.Handle, column);

    internal static string? FindText(this SqliteDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.GetString(column);

    internal static DateTimeOffset? FindTime(this SqliteDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : ParseTime(reader.GetString(column));

    internal static long? FindInteger(this SqliteDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.GetInt64(column);

    /// <summary>A command with named parameters, for loops in which Dapper's work per call would show.</summary>
    internal static SqliteCommand Command(
        this SqliteConnection connection,
        string sql,
        params ReadOnlySpan<(string Name, object? Value)> parameters
    )
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        command.CommandType = CommandType.Text;
        foreach (var (name, value) in parameters)
            command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        return command;
    }
}
