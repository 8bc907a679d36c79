using SqsNet.Engine.Sweeps;

namespace SqsNet.Web.Forms;

/// <summary>A form with what its last check found. Lives as long as its page.</summary>
/// <param name="form">The form.</param>
/// <param name="datasets">Names of the registered datasets.</param>
public sealed class FormSession(SweepForm form, IReadOnlyCollection<string> datasets)
{
    private readonly string _begun = form.Json;

    /// <summary>The form.</summary>
    public SweepForm Form { get; } = form;

    /// <summary>Whether the form holds something else than it began with.</summary>
    public bool HasChanged => Form.Json != _begun;

    /// <summary>What it holds; null when it does not even hold a specification.</summary>
    public SweepSpec? Spec { get; private set; }

    /// <summary>Every problem; empty when it can be launched.</summary>
    public IReadOnlyList<ConfigError> Errors { get; private set; } = [];

    /// <summary>Raised after each check.</summary>
    public event Action? Checked;

    /// <summary>Changes the form and checks it again.</summary>
    public void Change(Action<SweepForm> change)
    {
        change(Form);
        Check();
    }

    /// <summary>Checks the form by the specification's own rules and by what is registered here.</summary>
    public void Check()
    {
        Spec = Form.Read(out var errors);
        Errors =
            Spec is { } spec && !datasets.Contains(spec.Dataset)
                ?
                [
                    new("dataset", $"\"{spec.Dataset}\" is not registered here"),
                    .. errors.Where(e => e.Path != "dataset"),
                ]
                : errors;
        Checked?.Invoke();
    }

    /// <summary>Problems of a value and of what lies within it.</summary>
    public IReadOnlyList<string> ErrorsAt(string path) =>
        [.. Errors.Where(error => IsWithin(error.Path, path)).Select(error => error.Message)];

    /// <summary>Problems of any of these values.</summary>
    public bool HasErrors(params IEnumerable<string> paths) =>
        paths.Any(path => Errors.Any(e => IsWithin(e.Path, path)));

    /// <summary>The id of the element that edits a path.</summary>
    public static string IdOf(string path) => "f-" + path.Replace('.', '-');

    /// <summary>The path that a field edits, from the path of a problem: "space.sqs.tau.values[1]" is edited at "sqs.tau".</summary>
    public static string FieldOf(string errorPath)
    {
        var path = errorPath.Split('[')[0];
        if (!path.StartsWith("space.", StringComparison.Ordinal))
            return path;
        var keys = path["space.".Length..].Split('.');
        return string.Join('.', keys[^1] is "values" or "low" or "high" or "step" or "log" ? keys[..^1] : keys);
    }

    private static bool IsWithin(string path, string outer) =>
        path == outer
        || path.StartsWith(outer + ".", StringComparison.Ordinal)
        || path.StartsWith(outer + "[", StringComparison.Ordinal);
}
