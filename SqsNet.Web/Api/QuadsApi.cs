using System.Text.Json.Serialization;
using SqsNet.Engine;
using SqsNet.Engine.Data;
using SqsNet.Engine.Events;
using SqsNet.Engine.Training;
using SqsNet.Storage;

namespace SqsNet.Web.Api;

/// <summary>The quads of a trial that are kept for inspection.</summary>
/// <param name="Dataset">The dataset that the faces are of: /api/datasets/{dataset}/faces/{index}.png.</param>
/// <param name="Classes">Class names; labels are indices into this list. Empty when the dataset is gone.</param>
/// <param name="Epochs">Epochs with maps, rising.</param>
/// <param name="Quads">The quads.</param>
internal sealed record QuadsView(
    string Dataset,
    IReadOnlyList<string> Classes,
    IReadOnlyList<int> Epochs,
    IReadOnlyList<QuadView> Quads
);

/// <param name="Quad">0-based number of the quad, as in /quads/{q}/maps.</param>
/// <param name="Anchor">Index of the face in the dataset; likewise the other three.</param>
/// <param name="Labels">Class numbers of the four.</param>
internal sealed record QuadView(
    int Quad,
    int Anchor,
    int Positive,
    int Negative1,
    int Negative2,
    IReadOnlyList<int> Labels
);

/// <summary>The similarity maps of a quad at an epoch, row by row.</summary>
internal sealed record MapsView(
    int Quad,
    int Epoch,
    int Height,
    int Width,
    [property: JsonPropertyName("sAP")] float[][] SAP,
    [property: JsonPropertyName("sAN1")] float[][] SAN1,
    [property: JsonPropertyName("sAN2")] float[][] SAN2,
    [property: JsonPropertyName("r")] float[][] R
);

/// <summary>Quads and their similarity maps.</summary>
internal static class QuadsApi
{
    public static void MapQuads(this RouteGroupBuilder api)
    {
        api.MapGet("/trials/{id:long}/quads", QuadsAsync)
            .WithSummary("The quads that are kept for inspection")
            .Produces<QuadsView>();
        api.MapGet("/trials/{id:long}/quads/{quad:int}/maps", MapsAsync)
            .WithSummary("A quad's similarity maps; without an epoch, the best epoch's")
            .Produces<MapsView>();
    }

    private static async Task<IResult> QuadsAsync(
        long id,
        ISweepStore store,
        TrialQueries trials,
        DatasetRegistry datasets,
        CancellationToken cancellationToken
    )
    {
        if (await store.FindTrialAsync(id, cancellationToken) is not { } trial)
            return Problems.NotFound($"Trial {id}");
        var chosen = await trials.QuadsAsync(id, cancellationToken);
        var dataset = chosen?.Dataset ?? trial.Spec.Dataset;
        var maps = await trials.ArtifactsAsync(id, "maps", cancellationToken);
        return Results.Ok(
            new QuadsView(
                dataset,
                datasets.Find(dataset)?.Classes ?? [],
                [.. maps.Select(map => map.Epoch).Distinct().Order()],
                [
                    .. (chosen?.Quads ?? []).Select(
                        (quad, number) =>
                            new QuadView(
                                number,
                                quad.Anchor,
                                quad.Positive,
                                quad.Negative1,
                                quad.Negative2,
                                quad.Labels
                            )
                    ),
                ]
            )
        );
    }

    private static async Task<IResult> MapsAsync(
        long id,
        int quad,
        int? epoch,
        ISweepStore store,
        TrialQueries trials,
        EngineOptions engine,
        CancellationToken cancellationToken
    )
    {
        if (await store.FindTrialAsync(id, cancellationToken) is not { } trial)
            return Problems.NotFound($"Trial {id}");
        var files = await trials.ArtifactsAsync(id, "maps", cancellationToken);
        var wanted = epoch ?? trial.BestEpoch;
        var file = files.LastOrDefault(file => file.Epoch == wanted);
        if (epoch is null && files.Count > 0)
            file ??= files[^1];
        if (file is null || ArtifactsApi.FindFile(engine, id, file.Path) is not { } path)
            return Problems.NotFound(epoch is null ? $"A map of trial {id}" : $"A map of trial {id} at epoch {epoch}");
        var quads = await Task.Run(() => SimilarityMapsFile.Read(path), cancellationToken);
        if (quad < 0 || quad >= quads.Count)
            return Problems.NotFound($"Quad {quad} of trial {id}");
        var maps = quads[quad];
        return Results.Ok(
            new MapsView(
                quad,
                file.Epoch,
                maps.Height,
                maps.Width,
                Rows(maps.SAP, maps.Width),
                Rows(maps.SAN1, maps.Width),
                Rows(maps.SAN2, maps.Width),
                Rows(maps.R, maps.Width)
            )
        );
    }

    private static float[][] Rows(float[] map, int width) => [.. map.Chunk(width)];
}
