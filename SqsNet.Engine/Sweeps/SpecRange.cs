using System.Globalization;

namespace SqsNet.Engine.Sweeps;

/// <summary>Collects problems of numbers and texts, each in the same words.</summary>
/// <param name="errors">Where problems go.</param>
internal sealed class SpecRange(ICollection<ConfigError> errors)
{
    /// <summary>Adds a problem.</summary>
    internal void Add(string path, string message) => errors.Add(new(path, message));

    /// <summary>Requires a finite number from <paramref name="low"/> to <paramref name="high"/>, both included.</summary>
    internal void Between(string path, double value, double low, double high)
    {
        if (!(value >= low && value <= high))
            Add(path, $"must be from {Show(low)} to {Show(high)}; it is {Show(value)}");
    }

    /// <summary>Requires a finite number from <paramref name="low"/> to below <paramref name="high"/>.</summary>
    internal void Below(string path, double value, double low, double high)
    {
        if (!(value >= low && value < high))
            Add(path, $"must be from {Show(low)} to below {Show(high)}; it is {Show(value)}");
    }

    /// <summary>Requires 0 (which turns something off) or a number of a range.</summary>
    internal void ZeroOr(string path, double value, double low, double high)
    {
        if (value != 0 && !(value >= low && value <= high))
            Add(path, $"must be 0 (off) or from {Show(low)} to {Show(high)}; it is {Show(value)}");
    }

    /// <summary>Requires a text of at most <paramref name="longest"/> characters without control characters.</summary>
    internal void Text(string path, string value, int longest, bool required = true, bool lines = false)
    {
        if (required && string.IsNullOrWhiteSpace(value))
            Add(path, "must not be empty");
        else if (value.Length > longest)
            Add(path, $"must be at most {longest:N0} characters long; it has {value.Length:N0}");
        else if (value.Any(c => char.IsControl(c) && !(lines && c is '\n' or '\r' or '\t')))
            Add(path, "must not hold control characters");
    }

    /// <summary>A number as people write it: "0.0003", "1e-10".</summary>
    internal static string Show(double value) =>
        value is 0 or (>= 1e-4 and < 1e7) or (<= -1e-4 and > -1e7)
            ? value.ToString("0.###############", CultureInfo.InvariantCulture)
            : value.ToString("R", CultureInfo.InvariantCulture).Replace("E", "e");
}
