using Microsoft.AspNetCore.Components;
using SqsNet.Engine.Data;
using SqsNet.Engine.Models;
using SqsNet.Engine.Sweeps;
using SqsNet.Storage;
using SqsNet.Web.Forms;
using SqsNet.Web.Live;

namespace SqsNet.Web.Components.NewSweep;

/// <summary>Number of trials, estimated time, problems, and the button.</summary>
public sealed partial class LaunchPanel
{
    private const int Shown = 8;
    private readonly Departure _gone = new();
    private readonly Dictionary<string, double?> _speeds = [];
    private int? _configurations;
    private int? _trials;
    private TimeEstimate? _estimate;

    [CascadingParameter]
    private FormSession Session { get; set; } = null!;

    [Parameter, EditorRequired]
    public IReadOnlyList<DatasetInfo> Datasets { get; set; } = [];

    /// <summary>Whether the sweep is being launched.</summary>
    [Parameter]
    public bool Busy { get; set; }

    /// <summary>Why the launch failed; null when it did not.</summary>
    [Parameter]
    public string? Refusal { get; set; }

    [Inject]
    private SweepQueries Queries { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    private string Here => Navigation.Uri.Split('#')[0];

    protected override Task OnInitializedAsync()
    {
        Session.Checked += OnChecked;
        return UpdateAsync();
    }

    private void OnChecked() => _ = InvokeAsync(UpdateSafelyAsync);

    private async Task UpdateSafelyAsync()
    {
        try
        {
            await UpdateAsync();
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

    private async Task UpdateAsync()
    {
        var spec = Session.Errors.Count == 0 ? Session.Spec : null;
        _configurations = spec is null ? null : SweepPlan.CountConfigurations(spec);
        _trials = spec is null ? null : SweepPlan.CountTrials(spec);
        if (spec is null || _trials is not { } trials)
            _estimate = null;
        else
        {
            var model = spec.Model.Name;
            if (!_speeds.ContainsKey(model))
                _speeds[model] = await Queries.ImagesPerSecondAsync(model, _gone.Token);
            var dataset = Datasets.FirstOrDefault(d => d.Name == spec.Dataset);
            _estimate = TimeEstimate.Of(spec, trials, dataset, ModelRegistry.Find(model), _speeds[model]);
        }
        StateHasChanged();
    }

    public void Dispose()
    {
        Session.Checked -= OnChecked;
        _gone.Dispose();
    }
}
