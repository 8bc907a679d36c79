using Microsoft.AspNetCore.Components;
using SqsNet.Web.Forms;

namespace SqsNet.Web.Components.NewSweep;

/// <summary>What the fields of the form have in common: a path, a label, a hint, and the problems of their value.</summary>
public abstract class FieldBase : FormPart
{
    /// <summary>Path of the value in the specification.</summary>
    [Parameter, EditorRequired]
    public string Path { get; set; } = "";

    [Parameter, EditorRequired]
    public string Label { get; set; } = "";

    /// <summary>What the value does, in a line.</summary>
    [Parameter]
    public string? Hint { get; set; }

    protected string Id => FormSession.IdOf(Path);

    protected IReadOnlyList<string> Errors => Session.ErrorsAt(Path);

    protected string? Invalid => Errors.Count > 0 ? "true" : null;

    /// <summary>Ids of the texts that describe the field.</summary>
    protected string? DescribedBy =>
        (Hint, Errors.Count) switch
        {
            (null, 0) => null,
            (_, 0) => Id + "-hint",
            (null, _) => Id + "-errors",
            _ => $"{Id}-hint {Id}-errors",
        };
}
