using SqsNet.Engine.Efficiency;
using SqsNet.Engine.Models;
using SqsNet.Engine.Sweeps;

namespace SqsNet.Web.Api;

/// <summary>A model of the registry.</summary>
/// <param name="Role">"network", "cnn" or "transformer": what it can stand for in a specification.</param>
/// <param name="Parameters">Trainable numbers.</param>
/// <param name="TrunkParameters">Trainable numbers of the backbones alone.</param>
/// <param name="Macs">Multiply-accumulates for one image at inference.</param>
/// <param name="Keys">Entries of its state dictionary.</param>
/// <param name="CheckpointBytes">Bytes of those entries in 32-bit floats, without a file's header.</param>
/// <param name="Paper">What the paper's Table 3 prints; null where it prints nothing.</param>
/// <param name="Speeds">What has been measured, newest first.</param>
internal sealed record ModelView(
    string Name,
    string Family,
    string Description,
    ModelRole Role,
    int ImageSize,
    int MapSize,
    int Features,
    long Parameters,
    long TrunkParameters,
    long Macs,
    int Keys,
    long CheckpointBytes,
    PaperCost? Paper,
    IReadOnlyList<ModelSpeed> Speeds
)
{
    public static ModelView Of(ModelInfo model, KeptSpeeds kept) =>
        new(
            model.Name,
            model.Family,
            model.Description,
            model.Role,
            model.DefaultImageSize,
            model.MapSize,
            model.Features,
            model.Parameters,
            model.TrunkParameters,
            model.Macs,
            model.KeyCount,
            model.CheckpointBytes,
            PaperCost.Of(model.Name),
            [.. kept.Speeds.Where(speed => speed.Model == model.Name)]
        );
}

/// <summary>Asks for models to be measured.</summary>
/// <param name="Models">Their names; null for all.</param>
internal sealed record MeasureBody(IReadOnlyList<string>? Models = null);

/// <summary>How far the measurement is.</summary>
/// <param name="Running">Whether it goes on.</param>
/// <param name="Models">Names of the models of the round; empty before the first.</param>
/// <param name="Done">How many have been measured or have failed.</param>
/// <param name="Model">The one that is measured now; null when nothing is.</param>
/// <param name="Phase">What is measured of it: "building", "single" or "batch"; null when nothing is.</param>
/// <param name="Problem">Why the round ended before its last model; null when it did not.</param>
/// <param name="Failures">What went wrong with single models, by name.</param>
/// <param name="Obstacle">Why nothing could be begun now; null when it could.</param>
internal sealed record MeasuringView(
    bool Running,
    IReadOnlyList<string> Models,
    int Done,
    string? Model,
    MeasuringPhase? Phase,
    string? Problem,
    IReadOnlyDictionary<string, string> Failures,
    string? Obstacle
)
{
    public static MeasuringView Of(ModelMeasuring measuring) =>
        measuring.Progress is { } p
            ? new(
                !p.IsOver,
                p.Models,
                p.Done,
                p.Model,
                p.IsOver ? null : p.Phase,
                p.Problem,
                p.Failures,
                measuring.Obstacle
            )
            : new(false, [], 0, null, null, null, new Dictionary<string, string>(), measuring.Obstacle);
}

/// <summary>The zoo, and how fast it is here.</summary>
internal static class ModelsApi
{
    public static void MapModels(this RouteGroupBuilder api)
    {
        var models = api.MapGroup("/models");
        models
            .MapGet(
                "",
                (SpeedFile file) =>
                {
                    var kept = file.Read();
                    return ModelRegistry.All.Select(model => ModelView.Of(model, kept));
                }
            )
            .WithSummary("Every network that a specification can name, with what has been measured of it")
            .Produces<IReadOnlyList<ModelView>>();
        models
            .MapGet("/measure", (ModelMeasuring measuring) => MeasuringView.Of(measuring))
            .WithSummary("How far the measurement of models is")
            .Produces<MeasuringView>();
        models
            .MapPost("/measure", Measure)
            .WithSummary("Begin to measure latency, throughput and memory of models")
            .Produces<MeasuringView>(StatusCodes.Status202Accepted)
            .ProducesValidationProblem()
            .ProducesProblem(StatusCodes.Status409Conflict);
        models
            .MapPost(
                "/measure/cancel",
                (ModelMeasuring measuring) =>
                {
                    measuring.Cancel();
                    return Results.NoContent();
                }
            )
            .WithSummary("End the measurement of models; what has been measured is kept")
            .Produces(StatusCodes.Status204NoContent);
    }

    private static IResult Measure(MeasureBody body, ModelMeasuring measuring)
    {
        var names = body.Models ?? [.. ModelRegistry.All.Select(model => model.Name)];
        var unknown = names
            .Where(name => ModelRegistry.Find(name) is null)
            .Select(name => new ConfigError("models", $"there is no model '{name}'{ModelRegistry.Hint(name)}"))
            .ToList();
        if (names.Count == 0)
            unknown.Add(new("models", "names no model; leave it out to measure all"));
        if (unknown.Count > 0)
            return Problems.Invalid(unknown);
        try
        {
            _ = measuring.Start([.. ModelRegistry.All.Where(model => names.Contains(model.Name))]);
        }
        catch (InvalidOperationException refused)
        {
            return Problems.Conflict(refused.Message);
        }
        return Results.Accepted($"{Urls.Api}/models/measure", MeasuringView.Of(measuring));
    }
}
