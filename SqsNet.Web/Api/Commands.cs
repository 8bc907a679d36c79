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
                (long id, SweepManager sweeps, CancellationToken cancellationToken) =>
                    ObeyAsync(() => command(sweeps, id, cancellationToken))
            )
            .Describe(summary);

    /// <summary>Maps a command that is told something in its body; what is wrong with that is a 400 with every problem.</summary>
    public static void MapCommand<T>(
        this RouteGroupBuilder api,
        string route,
        string summary,
        Func<string, T> parse,
        Func<SweepManager, long, T, CancellationToken, Task> command
    )
        where T : notnull =>
        api.MapPost(
                route,
                async (long id, HttpRequest request, SweepManager sweeps, CancellationToken cancellationToken) =>
                {
                    using var reader = new StreamReader(request.Body);
                    var told = parse(await reader.ReadToEndAsync(cancellationToken));
                    return await ObeyAsync(() => command(sweeps, id, told, cancellationToken));
                }
            )
            .Accepts<T>("application/json")
            .ProducesValidationProblem()
            .Describe(summary);

    private static async Task<IResult> ObeyAsync(Func<Task> command)
    {
        try
        {
            await command();
            return Results.NoContent();
        }
        catch (InvalidOperationException refused)
        {
            return Problems.Conflict(refused.Message);
        }
    }

    private static void Describe(this RouteHandlerBuilder route, string summary) =>
        route
            .WithSummary(summary)
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);
}
