using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Components;
using Radzen;
using SqsNet.Engine.Sweeps;
using SqsNet.Web.Forms;
using SqsNet.Web.Live;

namespace SqsNet.Web.Components.Trials;

/// <summary>Asks from which checkpoint, and with which values, a fork is to go on, and starts it.</summary>
public sealed partial class ForkDialog : IDisposable
{
    private readonly Departure _gone = new();
    private IReadOnlyList<KeptCheckpoint> _checkpoints = [];
    private IReadOnlyList<Field> _fields = [];
    private IReadOnlyList<ConfigError> _errors = [];
    private long _step;
    private bool _busy;

    [Parameter, EditorRequired]
    public TrialRecord Trial { get; set; } = null!;

    [Inject]
    private SweepManager Manager { get; set; } = null!;

    [Inject]
    private DialogService Dialogs { get; set; } = null!;

    /// <summary>Problems of values that have no field here.</summary>
    private IEnumerable<string> Others =>
        _errors
            .Where(error => error.Path != "step" && _fields.All(shown => shown.Path != error.Path))
            .Select(error => $"{error.Path} {error.Message}".TrimStart());

    /// <summary>Opens the dialog.</summary>
    /// <returns>Id of the fork that was started; null when none was.</returns>
    public static async Task<long?> AskAsync(DialogService dialogs, TrialRecord trial) =>
        await dialogs.OpenAsync<ForkDialog>(
            $"Fork trial #{trial.Number}",
            new() { [nameof(Trial)] = trial },
            new DialogOptions { Width = "560px", CloseDialogOnEsc = true }
        ) as long?;

    protected override void OnInitialized()
    {
        _checkpoints = Manager.ListCheckpoints(Trial.Id);
        _step = _checkpoints.Count > 0 ? _checkpoints[0].Step : 0;
        var spec = JsonSerializer.SerializeToNode(Trial.Spec, SweepSpecJson.Options)!;
        _fields =
        [
            .. Hyperparameter.All.Select(h => Field.Of(spec, h.Path, $"{h.Symbol} {h.Name}")),
            Field.Of(spec, "training.learningRate", "Learning rate"),
            Field.Of(spec, "training.epochs", "Epochs"),
        ];
    }

    private async Task ForkAsync()
    {
        _busy = true;
        try
        {
            var fork = new ForkSpec
            {
                Step = _step,
                Changes = _fields.Where(field => field.Changed).ToDictionary(field => field.Path, field => field.Value),
            };
            Dialogs.Close(await Manager.ForkTrialAsync(Trial.Id, fork, _gone.Token));
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

    private IReadOnlyList<string> Errors(string path) =>
        [.. _errors.Where(error => error.Path == path).Select(error => error.Message)];

    public void Dispose()
    {
        _gone.Dispose();
    }

    /// <summary>A value of the parent's, and what was typed in its place.</summary>
    private sealed class Field
    {
        private readonly string _parents;

        private Field(string path, string label, string parents)
        {
            (Path, Label, _parents) = (path, label, parents);
            Text = parents;
        }

        public string Path { get; }

        public string Label { get; }

        public string Id => $"fork-{Path.Replace('.', '-')}";

        public string Text { get; set; }

        public bool Changed => Text.Trim() != _parents;

        /// <summary>A number; what is none stays a text, which the reader of specifications complains of.</summary>
        public JsonElement Value =>
            JsonSerializer.SerializeToElement(
                double.TryParse(Text.Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                && double.IsFinite(number)
                    ? NumberList.NodeOf(Text.Trim(), number)
                    : JsonValue.Create(Text)
            );

        public static Field Of(JsonNode spec, string path, string label)
        {
            var node = path.Split('.').Aggregate(spec, (parent, key) => parent[key]!);
            return new(path, label, node.ToJsonString());
        }
    }
}
