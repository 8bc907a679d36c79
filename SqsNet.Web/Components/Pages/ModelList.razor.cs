using Microsoft.AspNetCore.Components;
using Radzen;
using SqsNet.Engine.Efficiency;
using SqsNet.Engine.Models;
using SqsNet.Web.Components.Shared;
using SqsNet.Web.Live;

namespace SqsNet.Web.Components.Pages;

/// <summary>The zoo: what each model costs by count, by measurement and by the paper.</summary>
public sealed partial class ModelList : IDisposable
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(500);

    private readonly Departure _gone = new();
    private IReadOnlyList<Row> _rows = [];
    private KeptSpeeds _kept = new([], null);
    private MeasuringProgress? _progress;
    private string? _obstacle;

    [Inject]
    private ModelMeasuring Measuring { get; set; } = null!;

    [Inject]
    private SpeedFile File { get; set; } = null!;

    [Inject]
    private NotificationService Notifications { get; set; } = null!;

    [Inject]
    private TimeProvider Clock { get; set; } = null!;

    protected override void OnInitialized()
    {
        _progress = Measuring.Progress;
        _obstacle = Measuring.Obstacle;
        Load();
    }

    protected override void OnAfterRender(bool firstRender)
    {
        // Not before the page is live: a prerendered one is never disposed of.
        if (firstRender)
            _ = FollowAsync();
    }

    private async Task FollowAsync()
    {
        try
        {
            using var timer = new PeriodicTimer(s_interval, Clock);
            while (await timer.WaitForNextTickAsync(_gone.Token))
                Refresh();
        }
        catch (OperationCanceledException) when (_gone.IsOver)
        {
            // The page is gone.
        }
        catch (Exception failure)
        {
            await DispatchExceptionAsync(failure);
        }
    }

    /// <summary>Draws anew only where something has changed: the table is large.</summary>
    private void Refresh()
    {
        var (progress, obstacle) = (Measuring.Progress, Measuring.Obstacle);
        if (ReferenceEquals(progress, _progress) && obstacle == _obstacle)
            return;
        if (progress?.Done != _progress?.Done || progress?.IsOver != _progress?.IsOver)
            Load();
        (_progress, _obstacle) = (progress, obstacle);
        StateHasChanged();
    }

    private void Load()
    {
        _kept = File.Read();
        _rows = [.. ModelRegistry.All.Select(model => new Row(model, _kept.Find(model.Name, model.DefaultImageSize)))];
    }

    private void Measure(IReadOnlyList<ModelInfo> models)
    {
        try
        {
            _ = Measuring.Start(models);
        }
        catch (InvalidOperationException refused)
        {
            // Another page was quicker, or a trial has just begun.
            Notifications.Notify(NotificationSeverity.Warning, "Nothing was measured", refused.Message, 8000);
        }
        Refresh();
    }

    private void Cancel() => Measuring.Cancel();

    /// <summary>Under which conditions the shown numbers were measured.</summary>
    private IEnumerable<string> MeasuredLines()
    {
        var shown = _rows.Select(row => row.Speed).OfType<ModelSpeed>().ToList();
        if (shown.Count == 0)
            yield return "Nothing has been measured here yet. \"Measure\" times a model on this server's device in some seconds to two minutes; \"Measure all\" takes a quarter of an hour on a small machine.";
        foreach (var speeds in shown.GroupBy(speed => speed.Conditions))
            yield return $"{speeds.Count()} of {_rows.Count} measured on {speeds.Key}; the last {Format.Moment(speeds.Max(speed => speed.MeasuredAt))}.";
        foreach (var speed in shown)
            if (speed.BatchProblem is { } why)
                yield return $"{speed.Model}: {why}";
    }

    private static string? Tooltip(BatchSpeed? batch, ModelSpeed? speed) =>
        batch is null || speed is null
            ? null
            : $"Median of {batch.Times.Repetitions} passes over {batch.Images} {(batch.Images == 1 ? "image" : "images")}: {Milliseconds(batch.Times.MedianSeconds)}, the middle half from {Milliseconds(batch.Times.LowerQuartileSeconds)} to {Milliseconds(batch.Times.UpperQuartileSeconds)}. {speed.Conditions}, {Format.Moment(speed.MeasuredAt)}";

    private static string? MemoryTooltip(ModelSpeed? speed) =>
        speed is null ? null
        : speed.Batch is { } batch
            ? $"{batch.Images} images: {Format.Count(batch.PeakBytes)} bytes; one image: {Format.Count(speed.Single.PeakBytes)} bytes"
        : $"One image: {Format.Count(speed.Single.PeakBytes)} bytes. {speed.BatchProblem}";

    private static string Milliseconds(double seconds) => $"{Format.Number(1000 * seconds)} ms";

    private static string Use(ModelRole role) =>
        role switch
        {
            ModelRole.Network => "whole network",
            ModelRole.Cnn => "CNN branch",
            ModelRole.Transformer => "transformer",
            _ => role.ToString(),
        };

    public void Dispose()
    {
        _gone.Dispose();
    }

    /// <summary>A line of the table; the grid sorts by its properties.</summary>
    private sealed record Row(ModelInfo Info, ModelSpeed? Speed)
    {
        public string Name => Info.Name;
        public ModelRole Role => Info.Role;
        public string Family => Info.Family;
        public int Input => Info.DefaultImageSize;
        public int MapSize => Info.MapSize;
        public int Keys => Info.KeyCount;
        public long Parameters => Info.Parameters;
        public long Trunk => Info.TrunkParameters;
        public long Macs => Info.Macs;
        public long CheckpointBytes => Info.CheckpointBytes;
        public double? Latency => Speed?.Single.Times.MedianSeconds;
        public double? Throughput => Speed?.Batch?.ImagesPerSecond;
        public long? PeakBytes => Speed?.Batch?.PeakBytes;
        public PaperCost? Paper { get; } = PaperCost.Of(Info.Name);
        public double? PaperParameters => Paper?.Parameters;
    }
}
