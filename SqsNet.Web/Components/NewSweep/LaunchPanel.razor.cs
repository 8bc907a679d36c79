using Microsoft.AspNetCore.Components;
using SqsNet.Engine.Data;
using SqsNet.Engine.Sweeps;
using SqsNet.Storage;
using SqsNet.Web.Forms;

namespace SqsNet.Web.Components.NewSweep;

/// <summary>Number of trials, estimated time, problems, and the button.</summary>
public sealed partial class LaunchPanel
{
    private const int Shown = 8;
    private readonly CancellationTokenSource _gone = new();
    private IReadOnlyList<TrainingSpeed>? _speeds;
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
        catch (OperationCanceledException) when (_gone.IsCancellationRequested)
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
        if (spec is null)
            _estimate = null;
        else
        {
            _speeds ??= await Queries.TrainingSpeedsAsync(_gone.Token);
            var dataset = Datasets.First(d => d.Name == spec.Dataset);
            _estimate = TimeEstimate.Of(spec, dataset, _speeds, Environment.ProcessorCount);
        }
        StateHasChanged();
    }

    public void Dispose()
    {
        Session.Checked -= OnChecked;
        _gone.Cancel();
        _gone.Dispose();
    }
}
