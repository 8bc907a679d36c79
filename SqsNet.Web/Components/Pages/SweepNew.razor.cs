using Microsoft.AspNetCore.Components;
using SqsNet.Engine.Data;
using SqsNet.Engine.Events;
using SqsNet.Engine.Sweeps;
using SqsNet.Web.Forms;
using SqsNet.Web.Live;

namespace SqsNet.Web.Components.Pages;

/// <summary>The form that describes a sweep and launches it.</summary>
public sealed partial class SweepNew : IDisposable
{
    private readonly Departure _gone = new();
    private IReadOnlyList<DatasetInfo> _datasets = [];
    private IReadOnlyList<Preset> _presets = [];
    private FormSession? _session;
    private SweepDraft? _draft;
    private (string?, long?, int?)? _loaded;
    private string _origin = "";
    private string? _refusal;
    private bool _busy;

    /// <summary>Name of a preset to start from.</summary>
    [SupplyParameterFromQuery(Name = "preset")]
    private string? PresetName { get; set; }

    /// <summary>Id of an earlier sweep to start from.</summary>
    [SupplyParameterFromQuery(Name = "from")]
    private long? From { get; set; }

    /// <summary>Number of that sweep's configuration to confirm with fresh seeds; null starts from the whole sweep.</summary>
    [SupplyParameterFromQuery(Name = "confirm")]
    private int? Confirm { get; set; }

    [Inject]
    private ISweepStore Store { get; set; } = null!;

    [Inject]
    private SweepManager Manager { get; set; } = null!;

    [Inject]
    private DatasetRegistry Registry { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    protected override async Task OnParametersSetAsync()
    {
        if (_loaded == (PresetName, From, Confirm))
            return; // only the fragment of the address changed: what was typed stays
        _loaded = (PresetName, From, Confirm);
        await BeginAsync();
    }

    /// <summary>Fills the form with what its address asks for.</summary>
    private async Task BeginAsync()
    {
        _datasets = Registry.List();
        _presets = Presets.Read(Presets.Folder);
        var (spec, origin) = await StartAsync();
        _origin = origin;
        _refusal = null;
        _session = new(new SweepForm(spec), [.. _datasets.Select(d => d.Name)]);
        _session.Check();
    }

    private async Task<(SweepSpec Spec, string Origin)> StartAsync()
    {
        if (From is { } chosen && Confirm is { } configuration)
            return await ConfirmingAsync(chosen, configuration);
        if (From is { } id)
            return await Store.FindSweepAsync(id, _gone.Token) is { } sweep
                ? (sweep.Spec with { Name = Again(sweep.Spec.Name) }, $"Starts from sweep {id}.")
                : (new(), $"There is no sweep {id}; these are the defaults.");
        if (PresetName is { Length: > 0 } name)
            return _presets.FirstOrDefault(p => p.Name == name) is { } preset
                ? (preset.Spec, $"Starts from the preset \"{name}\".")
                : (new(), "There is no such preset; these are the defaults.");
        return (new(), "Defaults are the paper's, with the small model that trains on two cores.");
    }

    private async Task<(SweepSpec Spec, string Origin)> ConfirmingAsync(long id, int configuration)
    {
        var sweep = await Store.FindSweepAsync(id, _gone.Token);
        var trials = sweep is null ? [] : await Store.ListTrialsAsync(id, _gone.Token);
        return
            trials.FirstOrDefault(trial => trial.Configuration == configuration && trial.ParentId is null) is { } trial
            ? (
                SweepConfirmation.Of(sweep!, trial.Assignment),
                $"Confirms the best configuration of sweep {id} with seeds that took no part in choosing it."
            )
            : (new(), $"Sweep {id} has no configuration {configuration}; these are the defaults.");
    }

    private void PresetChosen(ChangeEventArgs change) =>
        Navigation.NavigateTo(
            change.Value is string { Length: > 0 } name ? Urls.NewSweepPreset(name) : Urls.NewSweep,
            replace: true
        );

    private async Task LaunchAsync()
    {
        _session!.Check();
        if (_busy || _session.Errors.Count > 0 || _session.Spec is not { } spec)
            return;
        _busy = true;
        _refusal = null;
        try
        {
            var id = await Manager.StartAsync(spec, _gone.Token);
            if (_draft is not null)
                await _draft.ForgetAsync();
            Navigation.NavigateTo(Urls.Sweep(id));
        }
        catch (OperationCanceledException) when (_gone.IsOver)
        {
            // The person left the page.
        }
        catch (Exception failure)
        {
            _refusal = $"The sweep could not be launched: {failure.Message}";
        }
        finally
        {
            _busy = false;
        }
    }

    private static string Again(string name) => name.Length <= 190 ? $"{name} again" : name;

    public void Dispose()
    {
        _gone.Dispose();
    }
}
