using System.Text.Json.Serialization;
using SqsNet.Engine;
using SqsNet.Engine.Data;
using SqsNet.Engine.Events;
using SqsNet.Engine.Explain;
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

/// <summary>The maps of a quad at an epoch, row by row.</summary>
/// <param name="Quad">Its number among the kept ones; absent for faces that were chosen.</param>
/// <param name="Norms">Lengths of the fused features of A, P, N1 and N2; absent where they were not kept.</param>
/// <param name="Attention">
/// How much each place of the transformer's map is looked at, of A, P, N1 and N2; absent where it was not kept or the network
/// has no cross-attention.
/// </param>
internal sealed record MapsView(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Quad,
    int Epoch,
    int Height,
    int Width,
    [property: JsonPropertyName("sAP")] float[][] SAP,
    [property: JsonPropertyName("sAN1")] float[][] SAN1,
    [property: JsonPropertyName("sAN2")] float[][] SAN2,
    [property: JsonPropertyName("r")] float[][] R,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] float[][][]? Norms,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] float[][][]? Attention
)
{
    public static MapsView Of(int? quad, int epoch, SimilarityMaps maps)
    {
        return new(
            quad,
            epoch,
            maps.Height,
            maps.Width,
            Rows(maps.SAP),
            Rows(maps.SAN1),
            Rows(maps.SAN2),
            Rows(maps.R),
            OfFaces(maps.Norms),
            OfFaces(maps.Attention)
        );

        float[][] Rows(float[] map) => [.. map.Chunk(maps.Width)];
    }

    private static float[][][]? OfFaces(IReadOnlyList<FaceMap> faces) =>
        faces.Count == 0 ? null : [.. faces.Select(face => face.Values.Chunk(face.Width).ToArray())];
}

/// <summary>Quads and their similarity maps.</summary>
internal static class QuadsApi
{
    private const string FourFaces = "Give the numbers of A, P, N1 and N2 in the dataset, such as 12-40-77-93.";

    public static void MapQuads(this RouteGroupBuilder api)
    {
        api.MapGet("/trials/{id:long}/quads", QuadsAsync)
            .WithSummary("The quads that are kept for inspection")
            .Produces<QuadsView>();
        api.MapGet("/trials/{id:long}/quads/{quad:int}/maps", MapsAsync)
            .WithSummary("A quad's similarity maps; without an epoch, the best epoch's")
            .Produces<MapsView>();
        api.MapGet("/trials/{id:long}/maps", MapsOfFacesAsync)
            .WithSummary("The maps of any four faces of the dataset, with the trial's best weights")
            .Produces<MapsView>()
            .ProducesValidationProblem()
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);
        api.MapGet("/trials/{id:long}/quads/search", SearchAsync)
            .WithSummary(
                "Quads of validation faces by how hard they are for the trial's best weights, the hardest first"
            )
            .Produces<IReadOnlyList<FoundQuad>>()
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);
        api.MapGet("/trials/{id:long}/class-maps", ClassMapsAsync)
            .WithSummary("Mean similarity maps of each two classes over the validation faces")
            .Produces<ClassMaps>()
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);
        var pinned = api.MapGroup("/datasets/{name}/quads");
        pinned.MapGet("", PinnedAsync).WithSummary("The pinned quads").Produces<IReadOnlyList<IReadOnlyList<int>>>();
        pinned.MapPut("/{faces}", PinAsync).WithSummary("Pins a quad").Produces(StatusCodes.Status204NoContent);
        pinned
            .MapDelete("/{faces}", UnpinAsync)
            .WithSummary("Lets go of a quad")
            .Produces(StatusCodes.Status204NoContent);
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
        return Results.Ok(MapsView.Of(quad, file.Epoch, quads[quad]));
    }

    private static Task<IResult> MapsOfFacesAsync(
        long id,
        string faces,
        ISweepStore store,
        TrialExplainer explainer,
        CancellationToken cancellationToken
    ) =>
        WithWeightsAsync(
            id,
            store,
            async () =>
            {
                if (QuadFaces.Parse(faces) is not { } quad)
                    return Problems.Invalid("faces", FourFaces);
                try
                {
                    var (epoch, maps) = await explainer.MapsAsync(id, quad, cancellationToken);
                    return Results.Ok(MapsView.Of(null, epoch, maps));
                }
                catch (ArgumentOutOfRangeException absent)
                {
                    return Problems.Invalid("faces", absent.Message.Split(Environment.NewLine)[0]);
                }
            },
            cancellationToken
        );

    private static Task<IResult> SearchAsync(
        long id,
        int? anchor,
        int? negative1,
        int? negative2,
        int? draw,
        ISweepStore store,
        TrialExplainer explainer,
        CancellationToken cancellationToken
    ) =>
        WithWeightsAsync(
            id,
            store,
            async () =>
                Results.Ok(
                    await explainer.FindQuadsAsync(id, new(anchor, negative1, negative2, draw ?? 0), cancellationToken)
                ),
            cancellationToken
        );

    private static Task<IResult> ClassMapsAsync(
        long id,
        ISweepStore store,
        TrialExplainer explainer,
        CancellationToken cancellationToken
    ) =>
        WithWeightsAsync(
            id,
            store,
            async () => Results.Ok(await explainer.ClassMapsAsync(id, null, cancellationToken)),
            cancellationToken
        );

    /// <summary>Answers from a trial's best weights, or says why that cannot be.</summary>
    private static async Task<IResult> WithWeightsAsync(
        long id,
        ISweepStore store,
        Func<Task<IResult>> answer,
        CancellationToken cancellationToken
    )
    {
        if (await store.FindTrialAsync(id, cancellationToken) is null)
            return Problems.NotFound($"Trial {id}");
        try
        {
            return await answer();
        }
        catch (Exception refused) when (refused is InvalidOperationException or InvalidDataException)
        {
            return Problems.Conflict(refused.Message);
        }
    }

    private static Task<IReadOnlyList<IReadOnlyList<int>>> PinnedAsync(
        string name,
        PinnedQuads pinned,
        CancellationToken cancellationToken
    ) => pinned.ListAsync(name, cancellationToken);

    private static async Task<IResult> PinAsync(
        string name,
        string faces,
        PinnedQuads pinned,
        DatasetRegistry datasets,
        CancellationToken cancellationToken
    )
    {
        if (datasets.Find(name) is null)
            return Problems.NotFound($"Dataset '{name}'");
        if (QuadFaces.Parse(faces) is not { } quad)
            return Problems.Invalid("faces", FourFaces);
        await pinned.AddAsync(name, quad, cancellationToken);
        return Results.NoContent();
    }

    private static async Task<IResult> UnpinAsync(
        string name,
        string faces,
        PinnedQuads pinned,
        CancellationToken cancellationToken
    )
    {
        if (QuadFaces.Parse(faces) is not { } quad)
            return Problems.Invalid("faces", FourFaces);
        await pinned.RemoveAsync(name, quad, cancellationToken);
        return Results.NoContent();
    }
}
