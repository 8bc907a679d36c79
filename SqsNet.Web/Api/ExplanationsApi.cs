using SqsNet.Engine.Events;
using SqsNet.Engine.Explain;

namespace SqsNet.Web.Api;

/// <summary>What a trial makes of a picture.</summary>
/// <param name="Epoch">Epoch that the weights are from.</param>
/// <param name="Probabilities">Of each class, of the face as it is.</param>
/// <param name="ProbabilitiesTta">Of each class, averaged over the five views of test-time augmentation.</param>
/// <param name="GradCam">For each class a map over the face, row by row; they share one scale.</param>
/// <param name="Dataset">The dataset of the nearest faces.</param>
/// <param name="Nearest">Training faces that look most alike to the network, nearest first; as many as were asked for.</param>
internal sealed record ExplanationView(
    long Trial,
    int Epoch,
    IReadOnlyList<string> Classes,
    IReadOnlyList<float> Probabilities,
    IReadOnlyList<float> ProbabilitiesTta,
    IReadOnlyList<float[][]> GradCam,
    string Dataset,
    IReadOnlyList<NearestFace> Nearest
);

/// <summary>Pictures of faces, looked at by a trial's best weights.</summary>
internal static class ExplanationsApi
{
    private const int MostNearest = 100;

    public static void MapExplanations(this RouteGroupBuilder api) =>
        api.MapPost("/trials/{id:long}/explanation", ExplainAsync)
            .WithSummary("What the trial's best weights make of a picture, which is the body")
            .Accepts<byte[]>("image/jpeg", "image/png", "image/bmp", "application/octet-stream")
            .Produces<ExplanationView>()
            .ProducesValidationProblem()
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge);

    private static async Task<IResult> ExplainAsync(
        long id,
        int? nearest,
        HttpRequest request,
        ISweepStore store,
        TrialExplainer explainer,
        CancellationToken cancellationToken
    )
    {
        if (nearest is < 0 or > MostNearest)
            return Problems.Invalid("nearest", $"It must be from 0 to {MostNearest}.");
        if (await store.FindTrialAsync(id, cancellationToken) is not { } trial)
            return Problems.NotFound($"Trial {id}");
        if (await ReadAsync(request.Body, cancellationToken) is not { } picture)
            return Results.Problem(
                $"A picture may have at most {TrialExplainer.LargestPicture >> 20} MiB.",
                statusCode: StatusCodes.Status413PayloadTooLarge
            );
        try
        {
            var found = await explainer.ExplainAsync(id, picture, cancellationToken);
            var faces = nearest is > 0
                ? await explainer.NearestAsync(found, nearest.Value, null, cancellationToken)
                : [];
            return Results.Ok(
                new ExplanationView(
                    id,
                    found.Epoch,
                    found.Classes,
                    found.Probabilities,
                    found.ProbabilitiesTta,
                    found.GradCam,
                    trial.Spec.Dataset,
                    faces
                )
            );
        }
        catch (InvalidDataException broken)
        {
            return Problems.Invalid("picture", broken.Message);
        }
        catch (InvalidOperationException refused)
        {
            return Problems.Conflict(refused.Message);
        }
    }

    /// <summary>The body; null when it is longer than a picture may be.</summary>
    private static async Task<byte[]?> ReadAsync(Stream body, CancellationToken cancellationToken)
    {
        using var picture = new MemoryStream();
        var buffer = new byte[64 << 10];
        int read;
        while ((read = await body.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (picture.Length + read > TrialExplainer.LargestPicture)
                return null;
            picture.Write(buffer, 0, read);
        }
        return picture.ToArray();
    }
}
