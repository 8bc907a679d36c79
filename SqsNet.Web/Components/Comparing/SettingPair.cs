using SqsNet.Engine.Sweeps;
using SqsNet.Web.Components.Trials;

namespace SqsNet.Web.Components.Comparing;

/// <summary>A value of the specifications of two groups of trials.</summary>
/// <param name="Path">Its path: "training.mixup".</param>
/// <param name="A">The first group's, as text; several with commas.</param>
/// <param name="B">The second group's.</param>
public sealed record SettingPair(string Path, string A, string B)
{
    /// <summary>Whether the groups were told different values.</summary>
    public bool Differs => A != B;

    /// <summary>Every value of either, in the specification's order.</summary>
    public static IReadOnlyList<SettingPair> Of(IReadOnlyList<TrialRecord> a, IReadOnlyList<TrialRecord> b)
    {
        var (first, second) = (Values(a), Values(b));
        return
        [
            .. first
                .Select(group => group.Key)
                .Union(second.Select(group => group.Key))
                .Select(path => new SettingPair(path, Write(first[path]), Write(second[path]))),
        ];
    }

    private static ILookup<string, string> Values(IReadOnlyList<TrialRecord> trials) =>
        trials.SelectMany(trial => SpecificationRows.Of(trial.Spec)).ToLookup(row => row.Path, row => row.Value);

    private static string Write(IEnumerable<string> values) =>
        string.Join(", ", values.Distinct().Order(StringComparer.Ordinal)) is { Length: > 0 } text ? text : "absent";
}
