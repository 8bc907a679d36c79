using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Components;
using Radzen;
using SqsNet.Engine.Sweeps;
using SqsNet.Web.Forms;
using SqsNet.Web.Live;

namespace SqsNet.Web.Components.Sweeps;

/// <summary>Asks what a sweep is to have more of, and extends it.</summary>
public sealed partial class ExtendDialog : IDisposable
{
    private static readonly string[] s_fields = ["seeds", "trials", "epochs"];
    private readonly Departure _gone = new();
    private IReadOnlyList<ConfigError> _errors = [];
    private string _seeds = "";
    private string _trials = "";
    private string _epochs = "";
    private bool _busy;

    [Parameter, EditorRequired]
    public SweepRecord Sweep { get; set; } = null!;

    [Inject]
    private SweepManager Manager { get; set; } = null!;

    [Inject]
    private DialogService Dialogs { get; set; } = null!;

    private bool Counted => Sweep.Spec.Strategy.Trials is not null;

    private string SeedsHint =>
        $"Behind {NumberList.Write([.. Sweep.Spec.Seeds.Select(seed => JsonValue.Create(seed))])}: "
        + (Sweep.Spec.Racing is null ? "for every configuration." : "for those that could be the best.");

    /// <summary>Problems of values that have no field here.</summary>
    private IEnumerable<string> Others =>
        _errors.Where(error => !IsShown(error)).Select(error => $"{error.Path} {error.Message}".TrimStart());

    /// <summary>Opens the dialog.</summary>
    public static Task AskAsync(DialogService dialogs, SweepRecord sweep) =>
        dialogs.OpenAsync<ExtendDialog>(
            "Extend the sweep",
            new() { [nameof(Sweep)] = sweep },
            new DialogOptions { Width = "480px", CloseDialogOnEsc = true }
        );

    private async Task ExtendAsync()
    {
        _busy = true;
        try
        {
            // One reader for form, API and command line: what is no number is its to complain of.
            var asked = new JsonObject { ["seeds"] = NumberList.ReadSeeds(_seeds) };
            Add(asked, "trials", _trials);
            Add(asked, "epochs", _epochs);
            await Manager.ExtendSweepAsync(Sweep.Id, SweepSpecJson.ParseExtension(asked.ToJsonString()), _gone.Token);
            Dialogs.Close();
        }
        catch (OperationCanceledException) when (_gone.IsOver)
        {
            // The dialog was closed.
        }
        catch (InvalidSpecException invalid)
        {
            _errors = invalid.Errors;
        }
        catch (InvalidOperationException refused)
        {
            _errors = [new("", refused.Message)];
        }
        finally
        {
            _busy = false;
        }
    }

    private static void Add(JsonObject asked, string key, string text)
    {
        if (!string.IsNullOrWhiteSpace(text))
            asked[key] = int.TryParse(text.Trim(), out var number) ? JsonValue.Create(number) : JsonValue.Create(text);
    }

    private static bool IsShown(ConfigError error) => s_fields.Contains(error.Path.Split('[')[0]);

    private IReadOnlyList<string> Errors(string path) =>
        [.. _errors.Where(error => error.Path.Split('[')[0] == path).Select(error => error.Message)];

    private string? Invalid(string path) => Errors(path).Count > 0 ? "true" : null;

    public void Dispose() => _gone.Dispose();
}
