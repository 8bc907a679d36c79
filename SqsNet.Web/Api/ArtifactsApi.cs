using SqsNet.Engine;
using SqsNet.Engine.Events;
using SqsNet.Storage;

namespace SqsNet.Web.Api;

/// <summary>The files that trials wrote. A client names one by its id and never by a path.</summary>
internal static class ArtifactsApi
{
    public static void MapArtifacts(this RouteGroupBuilder api)
    {
        api.MapGet("/trials/{id:long}/artifacts", ListAsync)
            .WithSummary("The files in a trial's folder, each as last announced")
            .Produces<IReadOnlyList<TrialArtifact>>()
            .ProducesProblem(StatusCodes.Status404NotFound);
        api.MapGet("/trials/{id:long}/artifacts/{artifact:long}", DownloadAsync)
            .WithSummary("One file, to download; it may be asked for in ranges")
            .Produces(StatusCodes.Status200OK, null, "application/octet-stream")
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    /// <summary>The full path of a trial's file; null when it is gone, or would lie outside of the trial's folder.</summary>
    internal static string? FindFile(EngineOptions engine, long trialId, string relative)
    {
        var root = Path.GetFullPath(engine.TrialDirectory(trialId)) + Path.DirectorySeparatorChar;
        var path = Path.GetFullPath(Path.Combine(root, relative));
        return path.StartsWith(root, StringComparison.Ordinal) && File.Exists(path) ? path : null;
    }

    private static async Task<IResult> ListAsync(
        long id,
        ISweepStore store,
        TrialQueries trials,
        CancellationToken cancellationToken
    ) =>
        await store.FindTrialAsync(id, cancellationToken) is null
            ? Problems.NotFound($"Trial {id}")
            : Results.Ok(await trials.ArtifactsAsync(id, null, cancellationToken));

    private static async Task<IResult> DownloadAsync(
        long id,
        long artifact,
        TrialQueries trials,
        EngineOptions engine,
        CancellationToken cancellationToken
    )
    {
        if (
            await trials.FindArtifactAsync(id, artifact, cancellationToken) is not { } found
            || FindFile(engine, id, found.Path) is not { } path
        )
            return Problems.NotFound($"File {artifact} of trial {id}");
        // An open file stays what it is while the trial puts a better one in its place.
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        return Results.File(
            file,
            "application/octet-stream",
            $"trial-{id}-{Path.GetFileName(path)}",
            enableRangeProcessing: true
        );
    }
}
