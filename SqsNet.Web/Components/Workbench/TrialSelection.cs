using System.Globalization;
using System.Text;
using SqsNet.Engine.Sweeps;

namespace SqsNet.Web.Components.Workbench;

/// <summary>Trials that were chosen, by number, and how that stands in an address: "0-4,9".</summary>
public static class TrialSelection
{
    private const int Most = 100_000;

    /// <summary>Reads numbers; what is no number or range is passed over, as addresses are typed by people.</summary>
    public static IReadOnlySet<int> Parse(string? text)
    {
        var numbers = new SortedSet<int>();
        foreach (var part in (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var ends = part.Split('-');
            if (
                ends.Length <= 2
                && TryParse(ends[0], out var low)
                && TryParse(ends[^1], out var high)
                && high - low < Most - numbers.Count
            )
                for (var number = low; number <= high; number++)
                    numbers.Add(number);
        }
        return numbers;
    }

    /// <summary>The trials of those numbers.</summary>
    public static IEnumerable<TrialRecord> Of(string? text, IEnumerable<TrialRecord> trials)
    {
        var numbers = Parse(text);
        return trials.Where(trial => numbers.Contains(trial.Number));
    }

    /// <summary>Writes the ids of trials, in the same form.</summary>
    public static string WriteIds(IEnumerable<TrialRecord> trials) =>
        Write(trials.Select(trial => (int)trial.Id)) ?? "";

    /// <summary>Writes numbers; null for none.</summary>
    public static string? Write(IEnumerable<int> numbers)
    {
        var text = new StringBuilder();
        int? from = null;
        var last = 0;
        foreach (var number in numbers.Order())
        {
            if (from is { } start && number == last + 1)
            {
                last = number;
                continue;
            }
            End();
            (from, last) = (number, number);
        }
        End();
        return text.Length == 0 ? null : text.ToString();

        void End()
        {
            if (from is not { } start)
                return;
            if (text.Length > 0)
                text.Append(',');
            text.Append(CultureInfo.InvariantCulture, $"{start}");
            if (last > start)
                text.Append(CultureInfo.InvariantCulture, $"-{last}");
        }
    }

    private static bool TryParse(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
