using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using SqsNet.Engine.Sweeps;

namespace SqsNet.Engine.Reports;

/// <summary>A short name for the state of the trials behind a table.</summary>
public static class ReportStamp
{
    /// <summary>The stamp: eight hexadecimal digits. Tags and notes of trials do not change it, nor does a move to another store.</summary>
    public static string Of(IEnumerable<TrialRecord> trials)
    {
        ArgumentNullException.ThrowIfNull(trials);
        var text = new StringBuilder();
        foreach (var trial in trials.OrderBy(trial => trial.Number))
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"{trial.Number} {trial.State} {trial.Attempts} {trial.Step} {trial.BestEpoch}\n"
            );
            foreach (var (name, value) in trial.Best.OrderBy(metric => metric.Key, StringComparer.Ordinal))
                text.Append(CultureInfo.InvariantCulture, $"{name} {value:R}\n");
        }
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))[..8];
    }
}
