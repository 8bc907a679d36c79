namespace SqsNet.Web.Api;

/// <summary>The HTTP API, one file per noun.</summary>
internal static class ApiEndpoints
{
    public static void MapApi(this IEndpointRouteBuilder app)
    {
        // No antiforgery: no endpoint reads a form, and foreign origins are refused before routing.
        var api = app.MapGroup(Urls.Api)
            .RequireAuthorization()
            .DisableAntiforgery()
            .AddEndpointFilter(NoStoreAsync)
            .ProducesProblem(StatusCodes.Status401Unauthorized);
        api.MapSweeps();
        api.MapRelations();
        api.MapTrials();
        api.MapForks();
        api.MapExplanations();
        api.MapArtifacts();
        api.MapSeries();
        api.MapQuads();
        api.MapReports();
        api.MapDatasets();
        api.MapModels();
        api.MapSystem();
    }

    // Answers change from one moment to the next; an endpoint whose answer never does says so itself.
    private static ValueTask<object?> NoStoreAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        context.HttpContext.Response.Headers.CacheControl = "no-store";
        return next(context);
    }
}
