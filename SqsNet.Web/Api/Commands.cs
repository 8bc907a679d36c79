using SqsNet.Engine.Sweeps;

namespace SqsNet.Web.Api;

/// <summary>What people ask of a sweep or a trial.</summary>
internal static class Commands
{
    /// <summary>Maps a command: 204 when it is carried out, 404 for no such thing, 409 when it cannot be done now.</summary>
    public static void MapCommand(
        this RouteGroupBuilder api,
        string route,
        string summary,
        Func<SweepManager, long, CancellationToken, Task> command
    ) =>
        api.MapPost(
                route,
                async (long id, SweepManager sweeps, CancellationToken cancellationToken) =>
                {
                    try
                    {
                        await command(sweeps, id, cancellationToken);
                        return Results.NoContent();
                    }
                    catch (InvalidOperationException refused)
                    {
                        return Problems.Conflict(refused.Message);
                    }
                }
            )
            .WithSummary(summary)
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);
}
