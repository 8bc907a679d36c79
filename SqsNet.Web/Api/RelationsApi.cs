using SqsNet.Engine.Events;
using SqsNet.Engine.Importance;
using SqsNet.Web.Components.Workbench;

namespace SqsNet.Web.Api;

/// <summary>A sweep's trials column by column.</summary>
/// <param name="Ids">Ids of the trials, by number.</param>
/// <param name="Numbers">Their numbers.</param>
/// <param name="Axes">The columns that were asked for.</param>
internal sealed record RelationsView(
    IReadOnlyList<long> Ids,
    IReadOnlyList<int> Numbers,
    IReadOnlyList<TrialAxis> Axes
);

/// <summary>What pictures of many trials are drawn from.</summary>
internal static class RelationsApi
{
    public static void MapRelations(this RouteGroupBuilder api)
    {
        api.MapGet("/sweeps/{id:long}/relations", RelationsAsync)
            .WithSummary("A sweep's trials column by column (cols)")
            .Produces<RelationsView>();
        api.MapGet("/sweeps/{id:long}/surface", SurfaceAsync)
            .WithSummary("What the objective is expected to be over two numeric parameters (x, y)")
            .Produces<ResponseSurface>()
            .Produces(StatusCodes.Status204NoContent)
            .ProducesValidationProblem();
    }

    private static async Task<IResult> RelationsAsync(
        long id,
        string? cols,
        ISweepStore store,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        if (await store.FindSweepAsync(id, cancellationToken) is not { } sweep)
            return Problems.NotFound($"Sweep {id}");
        var trials = await store.ListTrialsAsync(id, cancellationToken);
        var columns = TrialColumns.Of(sweep, trials, clock.GetUtcNow());
        var chosen = new List<TrialColumn>();
        foreach (var key in (cols ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries).Distinct())
        {
            if (columns.Find(key) is not { } column)
                return Problems.Invalid("cols", $"names no column of the sweep: '{key}'");
            chosen.Add(column);
        }
        return Results.Ok(
            new RelationsView(
                [.. trials.Select(trial => trial.Id)],
                [.. trials.Select(trial => trial.Number)],
                chosen.ConvertAll(column => TrialAxis.Of(column, sweep.Spec.Space, trials))
            )
        );
    }

    private static async Task<IResult> SurfaceAsync(
        long id,
        string? x,
        string? y,
        ISweepStore store,
        CancellationToken cancellationToken
    )
    {
        if (await store.FindSweepAsync(id, cancellationToken) is not { } sweep)
            return Problems.NotFound($"Sweep {id}");
        var trials = await store.ListTrialsAsync(id, cancellationToken);
        // A fit takes up to a second or two of one core.
        var surface = await Task.Run(() => ResponseSurface.Of(sweep.Spec, trials, x ?? "", y ?? ""), cancellationToken);
        return surface is null ? Results.NoContent() : Results.Ok(surface);
    }
}
