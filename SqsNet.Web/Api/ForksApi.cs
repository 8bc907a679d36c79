using SqsNet.Engine.Events;
using SqsNet.Engine.Sweeps;

namespace SqsNet.Web.Api;

/// <summary>Trials that go on from another's checkpoint.</summary>
internal static class ForksApi
{
    public static void MapForks(this RouteGroupBuilder api)
    {
        api.MapGet("/trials/{id:long}/checkpoints", ListAsync)
            .WithSummary("The checkpoints that a trial keeps, newest first: what a fork can go on from")
            .Produces<IReadOnlyList<KeptCheckpoint>>()
            .ProducesProblem(StatusCodes.Status404NotFound);
        api.MapPost("/trials/{id:long}/fork", ForkAsync)
            .WithSummary("Start a trial that goes on from a kept checkpoint with changed values")
            .Accepts<ForkSpec>("application/json")
            .Produces<StartedView>(StatusCodes.Status201Created)
            .ProducesValidationProblem()
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);
    }

    private static async Task<IResult> ListAsync(
        long id,
        ISweepStore store,
        SweepManager sweeps,
        CancellationToken cancellationToken
    ) =>
        await store.FindTrialAsync(id, cancellationToken) is null
            ? Problems.NotFound($"Trial {id}")
            : Results.Ok(sweeps.ListCheckpoints(id));

    private static async Task<IResult> ForkAsync(
        long id,
        HttpRequest request,
        SweepManager sweeps,
        CancellationToken cancellationToken
    )
    {
        using var reader = new StreamReader(request.Body);
        var wanted = SweepSpecJson.ParseFork(await reader.ReadToEndAsync(cancellationToken));
        try
        {
            var fork = await sweeps.ForkTrialAsync(id, wanted, cancellationToken);
            return Results.Created($"{Urls.Api}/trials/{fork}", new StartedView(fork));
        }
        catch (InvalidOperationException refused)
        {
            return Problems.Conflict(refused.Message);
        }
    }
}
