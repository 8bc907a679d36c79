using System.Text.Json.Nodes;

namespace SqsNet.E2E.Tests.Stage;

/// <summary>A sweep of the small network with a budget of seconds.</summary>
/// <param name="Dataset">Name of its dataset.</param>
/// <param name="Epochs">Epochs of each trial.</param>
/// <param name="Faces">Faces of an epoch.</param>
/// <param name="Taus">Values of τ to compare.</param>
/// <param name="Seeds">Seeds of each.</param>
public sealed record TinySweep(string Dataset, int Epochs, int Faces, double[] Taus, int[] Seeds)
{
    /// <summary>Its name on the pages.</summary>
    public string Name { get; init; } = "temperature of tiny faces";

    /// <summary>Where its trials train: "inProcess" or "process".</summary>
    public string Executor { get; init; } = "inProcess";

    /// <summary>How many of its trials may train at once.</summary>
    public int Parallel { get; init; } = 1;

    /// <summary>The specification.</summary>
    public JsonObject Json =>
        new()
        {
            ["name"] = Name,
            ["notes"] = "Made by the tests in the browser.",
            ["tags"] = new JsonArray("test"),
            ["dataset"] = Dataset,
            ["model"] = new JsonObject { ["name"] = "sqsnet-tiny" },
            ["training"] = new JsonObject
            {
                ["epochs"] = Epochs,
                ["batchSize"] = 16,
                ["facesPerEpoch"] = Faces,
                ["earlyStopping"] = null,
                ["tta"] = 1,
            },
            ["space"] = new JsonObject
            {
                ["sqs.tau"] = new JsonObject { ["values"] = new JsonArray([.. Taus.Select(tau => (JsonNode)tau)]) },
            },
            ["strategy"] = new JsonObject { ["kind"] = "grid" },
            ["executor"] = new JsonObject { ["kind"] = Executor, ["parallel"] = Parallel },
            ["seeds"] = new JsonArray([.. Seeds.Select(seed => (JsonNode)seed)]),
        };
}
