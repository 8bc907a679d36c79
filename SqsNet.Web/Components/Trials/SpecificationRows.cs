using System.Text.Json;
using SqsNet.Engine.Sweeps;
using SqsNet.Web.Components.Shared;

namespace SqsNet.Web.Components.Trials;

/// <summary>One value of a specification beside its default.</summary>
/// <param name="Section">First part of its path: "training".</param>
/// <param name="Path">Its path: "training.mixup".</param>
/// <param name="Value">The value, as text.</param>
/// <param name="Default">The default, as text; null where there is none.</param>
public sealed record SpecificationRow(string Section, string Path, string Value, string? Default)
{
    /// <summary>Whether the value is not the default.</summary>
    public bool Differs => Default is not null && Value != Default;
}

/// <summary>Lays a specification out in rows.</summary>
public static class SpecificationRows
{
    /// <summary>Every value of a trial's specification, in the specification's order.</summary>
    public static IReadOnlyList<SpecificationRow> Of(TrialSpec spec)
    {
        var defaults = Leaves(
                SweepSpecJson.Serialize(
                    new TrialSpec
                    {
                        Dataset = new SweepSpec().Dataset,
                        Model = new(),
                        Training = new(),
                        Sqs = new(),
                        Objective = new(),
                        Seed = spec.Seed,
                    }
                )
            )
            .ToDictionary(leaf => leaf.Path, leaf => leaf.Value);
        return
        [
            .. Leaves(SweepSpecJson.Serialize(spec))
                .Select(leaf => new SpecificationRow(
                    leaf.Path.Split('.')[0],
                    leaf.Path,
                    leaf.Value,
                    // A part that is absent by default (a fusion of one's own, say) differs in all it has.
                    defaults.GetValueOrDefault(leaf.Path) ?? "absent"
                )),
        ];
    }

    private static List<(string Path, string Value)> Leaves(string json)
    {
        using var document = JsonDocument.Parse(json);
        var leaves = new List<(string, string)>();
        Collect(document.RootElement, "", leaves);
        return leaves;
    }

    private static void Collect(JsonElement element, string path, List<(string, string)> leaves)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            leaves.Add((path, element.ValueKind == JsonValueKind.Null ? "none" : Format.Value(element)));
            return;
        }
        foreach (var member in element.EnumerateObject())
            Collect(member.Value, path.Length == 0 ? member.Name : $"{path}.{member.Name}", leaves);
    }
}
