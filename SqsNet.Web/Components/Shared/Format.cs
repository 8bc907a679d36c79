using System.Globalization;
using System.Text.Json;
using SqsNet.Engine.Sweeps;

namespace SqsNet.Web.Components.Shared;

/// <summary>How numbers, times and values are written for people: the same everywhere, so that columns line up.</summary>
public static class Format
{
    /// <summary>Stands where there is no value.</summary>
    public const string None = "–";

    /// <summary>A metric: shares in percent with two decimals, everything else with four significant digits.</summary>
    public static string Metric(string name, double? value) =>
        value is not { } number ? None
        : double.IsNaN(number) ? "NaN"
        : IsShare(name) ? Percent(number)
        : Number(number);

    /// <summary>Whether a metric is a share from 0 to 1 (accuracies, F1 scores, shares of time).</summary>
    public static bool IsShare(string metric)
    {
        var slash = metric.IndexOf('/');
        var name = slash < 0 ? metric : metric[(slash + 1)..];
        return name.Contains("accuracy") || name.Contains("f1") || name.EndsWith("_share", StringComparison.Ordinal);
    }

    /// <summary>A share as "81.23 %".</summary>
    public static string Percent(double share, int decimals = 2) =>
        double.IsNaN(share) ? "NaN" : (share * 100).ToString($"F{decimals}", CultureInfo.InvariantCulture) + " %";

    /// <summary>A number with four significant digits; very large and very small ones with an exponent.</summary>
    public static string Number(double value)
    {
        if (!double.IsFinite(value))
            return double.IsNaN(value) ? "NaN"
                : value > 0 ? "∞"
                : "−∞";
        var size = Math.Abs(value);
        var text = size switch
        {
            0 => "0",
            < 1e-3 or >= 1e7 => value.ToString("0.###e0", CultureInfo.InvariantCulture),
            >= 1000 => value.ToString("#,0", CultureInfo.InvariantCulture),
            _ => value.ToString($"F{Math.Max(0, 3 - (int)Math.Floor(Math.Log10(size)))}", CultureInfo.InvariantCulture),
        };
        return text.Replace('-', '−');
    }

    /// <summary>A count with thousands separated.</summary>
    public static string Count(long value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>A large count in thousands, millions or billions: "12.1 M".</summary>
    public static string Large(double value) =>
        value switch
        {
            >= 1e9 => $"{value / 1e9:0.00} G",
            >= 1e6 => $"{value / 1e6:0.00} M",
            >= 1e3 => $"{value / 1e3:0.0} k",
            _ => $"{value:0}",
        };

    /// <summary>A size in bytes, with binary units.</summary>
    public static string Bytes(double bytes) =>
        bytes switch
        {
            >= 1L << 30 => $"{bytes / (1L << 30):0.00} GiB",
            >= 1L << 20 => $"{bytes / (1L << 20):0.0} MiB",
            >= 1L << 10 => $"{bytes / (1L << 10):0.0} KiB",
            _ => $"{bytes:0} B",
        };

    /// <summary>A length of time in its two largest units: "2 h 05 min".</summary>
    public static string Duration(TimeSpan? time) =>
        time switch
        {
            null => None,
            { TotalSeconds: < 1 } => "0 s",
            { TotalMinutes: < 1 } t => $"{t.TotalSeconds:0} s",
            { TotalHours: < 1 } t => $"{t.Minutes} min {t.Seconds:00} s",
            { TotalDays: < 1 } t => $"{t.Hours} h {t.Minutes:00} min",
            { } t => $"{(int)t.TotalDays} d {t.Hours:00} h",
        };

    /// <summary>How long ago something was: "3 min ago".</summary>
    public static string Ago(DateTimeOffset then, DateTimeOffset now) =>
        (now - then) switch
        {
            { TotalSeconds: < 45 } => "just now",
            { TotalMinutes: < 60 } t => $"{Math.Max(1, Math.Round(t.TotalMinutes)):0} min ago",
            { TotalHours: < 24 } t => $"{t.TotalHours:0} h ago",
            { TotalDays: < 30 } t => $"{t.TotalDays:0} d ago",
            _ => then.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        };

    /// <summary>A moment in full, in UTC, for tooltips.</summary>
    public static string Moment(DateTimeOffset then) =>
        then.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>A value of a specification: texts without quotes, objects as JSON on one line.</summary>
    public static string Value(JsonElement value) =>
        value.ValueKind == JsonValueKind.String ? value.GetString() ?? "" : value.GetRawText();

    /// <summary>The Greek letter or the short name of a path: "sqs.tau" is "τ", "model.fusion.kind" is "fusion.kind".</summary>
    public static string Path(string path) =>
        path switch
        {
            "sqs.tau" => "τ",
            "sqs.alpha" => "α",
            "sqs.beta" => "β",
            "sqs.gamma" => "γ",
            "sqs.margin" => "m",
            "sqs.lambda" => "λ",
            "model.name" => "model",
            _ => path[(path.IndexOf('.') + 1)..],
        };

    /// <summary>What a configuration chose, in one line: "τ = 0.5, λ = 1"; "defaults" when it chose nothing.</summary>
    public static string Assignment(IReadOnlyDictionary<string, JsonElement> assignment) =>
        assignment.Count == 0
            ? "defaults"
            : string.Join(", ", assignment.Select(entry => $"{Path(entry.Key)} = {Value(entry.Value)}"));

    /// <summary>The name of a trial within its sweep: "#3 τ = 0.5, seed 1".</summary>
    public static string Trial(TrialRecord trial) =>
        $"#{trial.Number} {Assignment(trial.Assignment)}, seed {trial.Spec.Seed}";
}
