using System.Text.Json;
using SqsNet.Engine.Events;
using SqsNet.Engine.Reports;
using SqsNet.Engine.Sweeps;
using SqsNet.Web.Components.Workbench;

namespace SqsNet.Web.Api;

/// <summary>A sweep in a list.</summary>
internal sealed record SweepView(
    long Id,
    string Name,
    string Notes,
    IReadOnlyList<string> Tags,
    string Dataset,
    string Model,
    SweepState State,
    string? Message,
    int PlannedTrials,
    IReadOnlyDictionary<string, int> Counts,
    DateTimeOffset CreatedAt,
    DateTimeOffset? EndedAt
)
{
    public static SweepView Of(SweepRecord sweep) =>
        new(
            sweep.Id,
            sweep.Spec.Name,
            sweep.Spec.Notes,
            sweep.Spec.Tags,
            sweep.Spec.Dataset,
            sweep.Spec.Model.Name,
            sweep.State,
            sweep.Message,
            sweep.PlannedTrials,
            sweep.Counts.ToDictionary(entry => SweepSpecJson.Word(entry.Key), entry => entry.Value),
            sweep.CreatedAt,
            sweep.EndedAt
        );
}

/// <summary>A sweep with its specification.</summary>
internal sealed record SweepDetailView(
    long Id,
    string Name,
    SweepState State,
    string? Message,
    int PlannedTrials,
    IReadOnlyDictionary<string, int> Counts,
    DateTimeOffset CreatedAt,
    DateTimeOffset? EndedAt,
    JsonElement Spec
)
{
    public static SweepDetailView Of(SweepRecord sweep)
    {
        var view = SweepView.Of(sweep);
        return new(
            view.Id,
            view.Name,
            view.State,
            view.Message,
            view.PlannedTrials,
            view.Counts,
            view.CreatedAt,
            view.EndedAt,
            JsonSerializer.SerializeToElement(sweep.Spec, SweepSpecJson.Options)
        );
    }
}

/// <summary>A sweep that was started.</summary>
internal sealed record StartedView(long Id);

/// <summary>Sweeps.</summary>
internal static class SweepsApi
{
    public static void MapSweeps(this RouteGroupBuilder api)
    {
        api.MapGet("/sweeps", ListAsync).WithSummary("All sweeps, newest first").Produces<IReadOnlyList<SweepView>>();
        api.MapPost("/sweeps", StartAsync)
            .WithSummary("Start a sweep")
            .Accepts<SweepSpec>("application/json")
            .Produces<StartedView>(StatusCodes.Status201Created)
            .ProducesValidationProblem();
        api.MapGet("/sweeps/{id:long}", GetAsync).WithSummary("One sweep").Produces<SweepDetailView>();
        api.MapGet("/sweeps/{id:long}/trials", TrialsAsync)
            .WithSummary("A sweep's trials, by number")
            .Produces<IReadOnlyList<TrialView>>();
        api.MapGet("/sweeps/{id:long}/table", TableAsync)
            .WithSummary("A sweep's trials as a table: columns (cols), sort, filter (where), states left out (hide)")
            .Produces(
                StatusCodes.Status200OK,
                null,
                "text/csv",
                "application/x-tex",
                "text/markdown",
                "application/json"
            );
        api.MapCommand("/sweeps/{id:long}/pause", "Pause a sweep", (sweeps, id, ct) => sweeps.PauseSweepAsync(id, ct));
        api.MapCommand(
            "/sweeps/{id:long}/resume",
            "Resume a sweep",
            (sweeps, id, ct) => sweeps.ResumeSweepAsync(id, ct)
        );
        api.MapCommand(
            "/sweeps/{id:long}/stop",
            "Stop a sweep for good",
            (sweeps, id, ct) => sweeps.StopSweepAsync(id, ct)
        );
        api.MapCommand<SweepExtension>(
            "/sweeps/{id:long}/extend",
            "Give a sweep more seeds, configurations or epochs",
            SweepSpecJson.ParseExtension,
            (sweeps, id, extension, ct) => sweeps.ExtendSweepAsync(id, extension, ct)
        );
        api.MapCommand<QueuePlace>(
            "/sweeps/{id:long}/queue",
            "Give a sweep another priority and share of the slots",
            SweepSpecJson.ParseQueuePlace,
            (sweeps, id, place, ct) => sweeps.QueueSweepAsync(id, place, ct)
        );
    }

    private static async Task<IResult> StartAsync(
        HttpRequest request,
        SweepManager sweeps,
        CancellationToken cancellationToken
    )
    {
        using var reader = new StreamReader(request.Body);
        var json = await reader.ReadToEndAsync(cancellationToken);
        // What the reader and the manager refuse, they refuse with every problem's path.
        var spec = SweepSpecJson.Parse(json);
        var id = await sweeps.StartAsync(spec, cancellationToken);
        return Results.Created($"{Urls.Api}/sweeps/{id}", new StartedView(id));
    }

    private static async Task<IResult> ListAsync(ISweepStore store, CancellationToken cancellationToken) =>
        Results.Ok((await store.ListSweepsAsync(cancellationToken)).Select(SweepView.Of));

    private static async Task<IResult> GetAsync(long id, ISweepStore store, CancellationToken cancellationToken) =>
        await store.FindSweepAsync(id, cancellationToken) is { } sweep
            ? Results.Ok(SweepDetailView.Of(sweep))
            : Problems.NotFound($"Sweep {id}");

    private static async Task<IResult> TrialsAsync(long id, ISweepStore store, CancellationToken cancellationToken) =>
        await store.FindSweepAsync(id, cancellationToken) is not null
            ? Results.Ok((await store.ListTrialsAsync(id, cancellationToken)).Select(TrialView.Of))
            : Problems.NotFound($"Sweep {id}");

    private static async Task<IResult> TableAsync(
        long id,
        string? cols,
        string? sort,
        string? where,
        string? hide,
        string? format,
        ISweepStore store,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        if (ReportRenderer.FindFormat(format ?? "csv") is not { } chosen)
            return Problems.Invalid([ReportsApi.UnknownFormat(format)]);
        if (await store.FindSweepAsync(id, cancellationToken) is not { } sweep)
            return Problems.NotFound($"Sweep {id}");
        var trials = await store.ListTrialsAsync(id, cancellationToken);
        var now = clock.GetUtcNow();
        if (TrialFilter.Parse(where, TrialColumns.Of(sweep, trials, now)).Problem is { } problem)
            return Problems.Invalid("where", problem);
        return ReportsApi.File(TrialTableFile.Make(sweep, trials, new(cols, sort, where, hide), now), chosen);
    }
}
