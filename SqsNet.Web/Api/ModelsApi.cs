using SqsNet.Engine.Models;

namespace SqsNet.Web.Api;

/// <summary>A model of the registry.</summary>
/// <param name="Role">"network", "cnn" or "transformer": what it can stand for in a specification.</param>
/// <param name="Parameters">Trainable numbers.</param>
/// <param name="Macs">Multiply-accumulates for one image at inference.</param>
/// <param name="Keys">Entries of its state dictionary.</param>
internal sealed record ModelView(
    string Name,
    string Family,
    string Description,
    ModelRole Role,
    int ImageSize,
    int MapSize,
    int Features,
    long Parameters,
    long Macs,
    int Keys
)
{
    public static ModelView Of(ModelInfo model) =>
        new(
            model.Name,
            model.Family,
            model.Description,
            model.Role,
            model.DefaultImageSize,
            model.MapSize,
            model.Features,
            model.Parameters,
            model.Macs,
            model.KeyCount
        );
}

/// <summary>The zoo.</summary>
internal static class ModelsApi
{
    public static void MapModels(this RouteGroupBuilder api) =>
        api.MapGet("/models", () => ModelRegistry.All.Select(ModelView.Of))
            .WithSummary("Every network that a specification can name")
            .Produces<IReadOnlyList<ModelView>>();
}
