using System.Text.Json;
using SqsNet.Engine.Sweeps;

namespace SqsNet.Engine.Tests.Fakes;

/// <summary>Builders of plain examples.</summary>
internal static class Sample
{
    /// <summary>A valid sweep over tau: the default 1 and one other value.</summary>
    internal static SweepSpec Sweep(params IReadOnlyList<int> seeds) =>
        new()
        {
            Name = "tau",
            Seeds = seeds.Count > 0 ? seeds : [0],
            Space = Space("sqs.tau", Values(0.5, 1.0)),
        };

    /// <summary>A trial that came through, with its accuracy on the validation split.</summary>
    internal static TrialRecord Trial(
        int number,
        double accuracy,
        int configuration = 0,
        IReadOnlyDictionary<string, JsonElement>? assignment = null
    ) =>
        new()
        {
            Id = 1 + number,
            SweepId = 1,
            Number = number,
            Configuration = configuration,
            Assignment = assignment ?? Assignment(),
            Spec = new()
            {
                Dataset = "synthetic",
                Model = new(),
                Training = new(),
                Sqs = new(),
                Objective = new(),
                Seed = number,
            },
            State = TrialState.Completed,
            Best = new Dictionary<string, double> { ["val/accuracy"] = accuracy },
            CreatedAt = DateTimeOffset.UnixEpoch,
        };

    internal static Dictionary<string, SpaceParameter> Space(string path, SpaceParameter parameter) =>
        new() { [path] = parameter };

    internal static SpaceParameter Values(params IReadOnlyList<object> values) =>
        new() { Values = [.. values.Select(Json)] };

    internal static JsonElement Json(object? value) => JsonSerializer.SerializeToElement(value);

    internal static Dictionary<string, JsonElement> Assignment(
        params IReadOnlyList<(string Path, object? Value)> values
    ) => values.ToDictionary(v => v.Path, v => Json(v.Value));
}
