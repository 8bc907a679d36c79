using System.Text.Json;
using System.Text.Json.Serialization;
using SqsNet.Engine;
using SqsNet.Engine.Events;
using SqsNet.Engine.Sweeps;
using SqsNet.Engine.Sweeps.Samplers;
using SqsNet.Storage;
using SqsNet.Web.Live;

namespace SqsNet.Web.Api;

/// <summary>A trial.</summary>
/// <param name="Configuration">0-based number of its configuration: trials that differ in nothing but the seed share it.</param>
/// <param name="Assignment">The values of the configuration that the sampler chose, by path.</param>
/// <param name="Reason">Why the sampler proposed the configuration; null for a fork.</param>
/// <param name="Spec">Everything that it trains by; only where one trial was asked for.</param>
internal sealed record TrialView(
    long Id,
    long SweepId,
    int Number,
    int Configuration,
    IReadOnlyDictionary<string, JsonElement> Assignment,
    int Seed,
    TrialState State,
    string? Message,
    int Attempts,
    int Epoch,
    int Epochs,
    long Step,
    long LastSeq,
    IReadOnlyDictionary<string, double> Latest,
    IReadOnlyDictionary<string, double> Best,
    int? BestEpoch,
    long? ParentId,
    DateTimeOffset CreatedAt,
    DateTimeOffset? StartedAt,
    DateTimeOffset? EndedAt,
    ProposalReason? Reason,
    IReadOnlyList<string> Tags,
    string Note,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] JsonElement? Spec = null
)
{
    public static TrialView Of(TrialRecord trial) =>
        new(
            trial.Id,
            trial.SweepId,
            trial.Number,
            trial.Configuration,
            trial.Assignment,
            trial.Spec.Seed,
            trial.State,
            trial.Message,
            trial.Attempts,
            trial.Epoch,
            trial.Spec.Training.Epochs,
            trial.Step,
            trial.LastSeq,
            trial.Latest,
            trial.Best,
            trial.BestEpoch,
            trial.ParentId,
            trial.CreatedAt,
            trial.StartedAt,
            trial.EndedAt,
            trial.Reason,
            trial.Tags,
            trial.Note
        );

    public static TrialView WithSpec(TrialRecord trial) =>
        Of(trial) with
        {
            Spec = JsonSerializer.SerializeToElement(trial.Spec, SweepSpecJson.Options),
        };
}

/// <summary>A confusion matrix.</summary>
/// <param name="Epochs">Every epoch that has one.</param>
internal sealed record ConfusionView(
    string Split,
    int Epoch,
    IReadOnlyList<int> Epochs,
    IReadOnlyList<string> Classes,
    IReadOnlyList<IReadOnlyList<int>> Counts
);

/// <summary>What people have to say about a trial.</summary>
/// <param name="Tags">Words that it is found by.</param>
/// <param name="Note">Any text.</param>
internal sealed record MarksRequest(IReadOnlyList<string> Tags, string Note);

/// <summary>What the pruner decided at the end of an epoch.</summary>
/// <param name="Prune">Whether the trial ends there.</param>
/// <param name="Rung">0-based; null for rules without rungs.</param>
/// <param name="Value">What the trial had reached; null where that was no number.</param>
/// <param name="Threshold">What it had to reach; null where it was compared with nothing.</param>
/// <param name="Compared">Number of values that it was compared with.</param>
internal sealed record PruningView(
    int Epoch,
    bool Prune,
    int? Rung,
    double? Value,
    double? Threshold,
    int Compared,
    string Text
)
{
    public static PruningView Of(PruningDecided decided) =>
        new(
            decided.Epoch,
            decided.Decision.Prune,
            decided.Decision.Rung,
            double.IsFinite(decided.Decision.Value) ? decided.Decision.Value : null,
            decided.Decision.Threshold is { } threshold && double.IsFinite(threshold) ? threshold : null,
            decided.Decision.Compared,
            decided.Decision.Text
        );
}

/// <summary>A look at the test split.</summary>
/// <param name="By">"trial", or "eval" for the command.</param>
/// <param name="Weights">"best", "last", "ema", or a file's name.</param>
/// <param name="Epoch">Epoch of the weights, 1-based.</param>
/// <param name="Views">Views of test-time augmentation, 1 for none.</param>
/// <param name="Faces">Test faces.</param>
internal sealed record TestLookView(DateTimeOffset At, string By, string Weights, int Epoch, int Views, int Faces)
{
    public static TestLookView Of(TestLooked look) =>
        new(look.At, look.By, look.Weights, look.Epoch, look.Views, look.Faces);
}

/// <summary>Trials.</summary>
internal static class TrialsApi
{
    private static readonly string[] Splits = ["val", "test"];

    public static void MapTrials(this RouteGroupBuilder api)
    {
        api.MapGet("/trials/{id:long}", GetAsync).WithSummary("One trial").Produces<TrialView>();
        api.MapPut("/trials/{id:long}/marks", MarkAsync)
            .WithSummary("Gives a trial its tags and its note, in place of those that it had")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesValidationProblem()
            .ProducesProblem(StatusCodes.Status404NotFound);
        api.MapGet("/trials/{id:long}/confusion", ConfusionAsync)
            .WithSummary("A confusion matrix; without an epoch, the best epoch's")
            .Produces<ConfusionView>();
        api.MapGet("/trials/{id:long}/metrics", MetricsAsync)
            .WithSummary("Names of the metrics that a trial has reported")
            .Produces<IReadOnlyList<string>>();
        api.MapGet("/trials/{id:long}/pruning", PruningAsync)
            .WithSummary("What the pruner decided at each epoch that it judged, oldest first")
            .Produces<IReadOnlyList<PruningView>>();
        api.MapGet("/trials/{id:long}/looks", LooksAsync)
            .WithSummary("Every look at the test split with the trial's weights, oldest first")
            .Produces<IReadOnlyList<TestLookView>>();
        api.MapGet("/trials/{id:long}/logs", LogsAsync)
            .WithSummary("Log lines, oldest first")
            .Produces<IReadOnlyList<LogLine>>();
        api.MapCommand("/trials/{id:long}/pause", "Pause a trial", (sweeps, id, ct) => sweeps.PauseTrialAsync(id, ct));
        api.MapCommand(
            "/trials/{id:long}/resume",
            "Resume a trial that is paused, stopped or failed",
            (sweeps, id, ct) => sweeps.ResumeTrialAsync(id, ct)
        );
        api.MapCommand("/trials/{id:long}/stop", "Stop a trial", (sweeps, id, ct) => sweeps.StopTrialAsync(id, ct));
    }

    private static async Task<IResult> MarkAsync(
        long id,
        MarksRequest marks,
        ISweepStore store,
        TrialMarker marker,
        CancellationToken cancellationToken
    )
    {
        if (await store.FindTrialAsync(id, cancellationToken) is not { } trial)
            return Problems.NotFound($"Trial {id}");
        try
        {
            await marker.MarkAsync(trial, marks.Tags ?? [], marks.Note ?? "", cancellationToken);
            return Results.NoContent();
        }
        catch (ArgumentException refused)
        {
            return Problems.Invalid(refused.ParamName ?? "tags", refused.Message.Split(" (Parameter")[0]);
        }
    }

    private static async Task<IResult> GetAsync(long id, ISweepStore store, CancellationToken cancellationToken) =>
        await store.FindTrialAsync(id, cancellationToken) is { } trial
            ? Results.Ok(TrialView.WithSpec(trial))
            : Problems.NotFound($"Trial {id}");

    private static async Task<IResult> ConfusionAsync(
        long id,
        string? split,
        int? epoch,
        ISweepStore store,
        TrialQueries trials,
        CancellationToken cancellationToken
    )
    {
        split ??= "val";
        if (!Splits.Contains(split))
            return Problems.Invalid("split", $"must be 'val' or 'test'; it is '{split}'");
        if (await store.FindTrialAsync(id, cancellationToken) is null)
            return Problems.NotFound($"Trial {id}");
        if (await trials.ConfusionAsync(id, split, epoch, cancellationToken) is not { } confusion)
            return Problems.NotFound(
                epoch is null
                    ? $"A confusion matrix of trial {id} on the {split} split"
                    : $"A confusion matrix of trial {id} on the {split} split at epoch {epoch}"
            );
        var epochs = await trials.ConfusionEpochsAsync(id, split, cancellationToken);
        return Results.Ok(
            new ConfusionView(confusion.Split, confusion.Epoch, epochs, confusion.Classes, confusion.Counts)
        );
    }

    private static async Task<IResult> MetricsAsync(
        long id,
        ISweepStore store,
        SeriesQueries series,
        CancellationToken cancellationToken
    ) =>
        await store.FindTrialAsync(id, cancellationToken) is null
            ? Problems.NotFound($"Trial {id}")
            : Results.Ok(await series.MetricsAsync(id, cancellationToken));

    private static async Task<IResult> PruningAsync(
        long id,
        ISweepStore store,
        TrialQueries trials,
        CancellationToken cancellationToken
    ) =>
        await store.FindTrialAsync(id, cancellationToken) is null
            ? Problems.NotFound($"Trial {id}")
            : Results.Ok((await trials.PruningAsync(id, cancellationToken)).Select(decided => PruningView.Of(decided)));

    private static async Task<IResult> LooksAsync(
        long id,
        ISweepStore store,
        TrialQueries trials,
        EngineOptions engine,
        CancellationToken cancellationToken
    ) =>
        await store.FindTrialAsync(id, cancellationToken) is null
            ? Problems.NotFound($"Trial {id}")
            : Results.Ok(
                (await TestLookHistory.ReadAsync(id, trials, engine, cancellationToken)).Select(TestLookView.Of)
            );

    private static async Task<IResult> LogsAsync(
        long id,
        long? after,
        int? limit,
        ISweepStore store,
        TrialQueries trials,
        CancellationToken cancellationToken
    )
    {
        if (limit is < 1 or > 10_000)
            return Problems.Invalid("limit", $"must be from 1 to 10000; it is {limit}");
        return await store.FindTrialAsync(id, cancellationToken) is null
            ? Problems.NotFound($"Trial {id}")
            : Results.Ok(await trials.LogsAsync(id, after ?? 0, limit ?? 1000, cancellationToken));
    }
}
