using System.Text.Json.Serialization;
using SqsNet.Storage;

namespace SqsNet.Web.Api;

/// <summary>A metric of a trial over time.</summary>
/// <param name="Metric">Name of the metric.</param>
/// <param name="From">First sequence number covered.</param>
/// <param name="To">Last sequence number covered: follow the hub from here on.</param>
/// <param name="Points">[step, seconds, value]; the value is null where it is not a finite number.</param>
/// <param name="Reduced">Whether points were left out.</param>
/// <param name="Trial">The trial, where several were asked for.</param>
/// <param name="Epochs">Where the trial's epochs lie, where that was asked for and one has ended.</param>
internal sealed record SeriesView(
    string Metric,
    long From,
    long To,
    IEnumerable<double[]> Points,
    bool Reduced,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Trial = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] EpochsView? Epochs = null
)
{
    public static SeriesView Of(Series series, long? trial = null, EpochsView? epochs = null) =>
        new(
            series.Metric,
            series.From,
            series.To,
            series.Points.Select(point => new[] { point.Step, point.Seconds, point.Value }),
            series.Reduced,
            trial,
            epochs
        );
}

/// <summary>Where a trial's epochs lie among its steps; a fork's go on from its parent's.</summary>
/// <param name="Epoch">The first epoch that the trial itself has ended, 1-based.</param>
/// <param name="Step">Steps until the end of it.</param>
/// <param name="Length">Steps of an epoch; null until another has ended.</param>
internal sealed record EpochsView(int Epoch, long Step, long? Length);

/// <summary>Metrics over time.</summary>
internal static class SeriesApi
{
    private const int MostTrials = 500;
    private const int FewestPoints = 5;
    private const int MostPoints = 20_000;
    private const int DefaultPoints = 1500;

    public static void MapSeries(this RouteGroupBuilder api)
    {
        api.MapGet("/trials/{id:long}/series", OneAsync)
            .WithSummary("One metric of one trial, reduced to at most so many points")
            .Produces<SeriesView>();
        api.MapGet("/series", ManyAsync)
            .WithSummary(
                "Metrics of many trials (trials=1,2,3), each reduced to at most so many points; from step first to last; smoothed with a halfLife over steps or seconds; with epochs=true, where each trial's epochs lie"
            )
            .Produces<IReadOnlyList<SeriesView>>();
    }

    private static async Task<IResult> OneAsync(
        long id,
        string? metric,
        long? after,
        int? points,
        SeriesQueries series,
        CancellationToken cancellationToken
    )
    {
        if (string.IsNullOrWhiteSpace(metric))
            return Problems.Invalid("metric", "is missing; 'val/accuracy' is one");
        if (after is < 0)
            return Problems.Invalid("after", $"must be 0 or more; it is {after}");
        if (IsWrong(points))
            return WrongPoints(points);
        var found = await series.ReadAsync(id, metric, after ?? 0, points ?? DefaultPoints, cancellationToken);
        return Results.Ok(SeriesView.Of(found));
    }

    private static async Task<IResult> ManyAsync(
        string? trials,
        string[] metric,
        int? points,
        long? first,
        long? last,
        double? halfLife,
        string? over,
        bool? epochs,
        SeriesQueries series,
        TrialQueries queries,
        CancellationToken cancellationToken
    )
    {
        var ids = new List<long>();
        foreach (var text in (trials ?? "").Split(',', StringSplitOptions.TrimEntries))
        {
            if (!long.TryParse(text, out var id))
                return Problems.Invalid("trials", $"must be numbers with commas between; it is '{trials}'");
            ids.Add(id);
        }
        if (ids.Count > MostTrials)
            return Problems.Invalid("trials", $"must be at most {MostTrials}; they are {ids.Count}");
        if (metric.Length == 0)
            return Problems.Invalid("metric", "is missing; 'val/accuracy' is one");
        if (IsWrong(points))
            return WrongPoints(points);
        if (halfLife is { } given && !(given > 0 && double.IsFinite(given)))
            return Problems.Invalid("halfLife", $"must be above 0; it is {given}");
        if (over is not (null or "steps" or "seconds"))
            return Problems.Invalid("over", $"must be 'steps' or 'seconds'; it is '{over}'");
        var ends = epochs is true ? await EpochsAsync(ids, series, queries, cancellationToken) : null;
        var views = new List<SeriesView>();
        foreach (var name in metric.Distinct())
        {
            var request = new SeriesRequest(name, points ?? DefaultPoints)
            {
                First = first ?? 0,
                Last = last ?? long.MaxValue,
                Smoothing = halfLife is { } distance ? new(distance, over == "seconds") : null,
            };
            var found = await series.ReadManyAsync(ids, request, cancellationToken);
            views.AddRange(
                found.Select(entry => SeriesView.Of(entry.Value, entry.Key, ends?.GetValueOrDefault(entry.Key)))
            );
        }
        return Results.Ok(views);
    }

    /// <summary>Where the epochs of trials lie, which end with validations; without those that have ended none.</summary>
    private static async Task<IReadOnlyDictionary<long, EpochsView>> EpochsAsync(
        IReadOnlyList<long> ids,
        SeriesQueries series,
        TrialQueries queries,
        CancellationToken cancellationToken
    )
    {
        var validations = await series.ReadManyAsync(ids, new("val/loss", int.MaxValue), cancellationToken);
        var ends = new Dictionary<long, EpochsView>();
        foreach (var (id, losses) in validations)
        {
            if (losses.Points.Count == 0)
                continue;
            // A point does not tell its epoch; the matrix of the same validation does.
            var epochs = await queries.ConfusionEpochsAsync(id, "val", cancellationToken);
            var step = losses.Points[0].Step;
            long? length = losses.Points.Count > 1 ? losses.Points[1].Step - step : null;
            ends[id] = new(epochs.Count > 0 ? epochs[0] : 1, step, length);
        }
        return ends;
    }

    private static bool IsWrong(int? points) => points is < FewestPoints or > MostPoints;

    private static IResult WrongPoints(int? points) =>
        Problems.Invalid("points", $"must be from {FewestPoints} to {MostPoints}; it is {points}");
}
