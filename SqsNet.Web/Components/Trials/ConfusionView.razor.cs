using Microsoft.AspNetCore.Components;
using SqsNet.Engine.Events;
using SqsNet.Engine.Sweeps;
using SqsNet.Storage;
using SqsNet.Web.Live;

namespace SqsNet.Web.Components.Trials;

/// <summary>The confusion matrix of a chosen split and epoch; follows the trial while it trains.</summary>
public sealed partial class ConfusionView : IDisposable
{
    private static readonly (bool, string)[] s_cellChoices = [(false, "Counts"), (true, "Row %")];

    private readonly Departure _gone = new();
    private ConfusionReported? _confusion;
    private IReadOnlyList<string> _splits = [];
    private IReadOnlyList<int> _epochs = [];
    private (long Id, long Seq, string? Split, int? Epoch) _shown;
    private bool _loaded;
    private bool _percent;

    [Parameter, EditorRequired]
    public TrialRecord Trial { get; set; } = null!;

    /// <summary>"val" or "test"; null takes the first there is.</summary>
    [Parameter]
    public string? Split { get; set; }

    /// <summary>Epoch, 1-based; null takes the best.</summary>
    [Parameter]
    public int? Epoch { get; set; }

    [Parameter]
    public EventCallback<string> SplitChanged { get; set; }

    [Parameter]
    public EventCallback<int> EpochChanged { get; set; }

    [Inject]
    private TrialQueries Queries { get; set; } = null!;

    private IReadOnlyList<(string, string)> SplitChoices =>
        [.. _splits.Select(split => (split, split == "val" ? "Validation" : "Test"))];

    protected override async Task OnParametersSetAsync()
    {
        var asked = (Trial.Id, Trial.LastSeq, Split, Epoch);
        if (asked == _shown)
            return;
        _shown = asked;
        var epochs = new Dictionary<string, IReadOnlyList<int>>();
        foreach (var name in new[] { "val", "test" })
        {
            var found = await Queries.ConfusionEpochsAsync(Trial.Id, name, _gone.Token);
            if (found.Count > 0)
                epochs[name] = found;
        }
        var split = Split is not null && epochs.ContainsKey(Split) ? Split : epochs.Keys.FirstOrDefault();
        var epoch = split is not null && Epoch is { } wanted && epochs[split].Contains(wanted) ? wanted : (int?)null;
        var confusion = split is null ? null : await Queries.ConfusionAsync(Trial.Id, split, epoch, _gone.Token);
        if (asked != _shown)
            return; // a later call overtook this one
        _splits = [.. epochs.Keys];
        _epochs = split is null ? [] : epochs[split];
        _confusion = confusion;
        _loaded = true;
    }

    public void Dispose()
    {
        _gone.Dispose();
    }
}
