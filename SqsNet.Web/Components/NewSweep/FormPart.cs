using Microsoft.AspNetCore.Components;
using SqsNet.Web.Forms;

namespace SqsNet.Web.Components.NewSweep;

/// <summary>A part of the form that shows what depends on other values: drawn again after each change of any of them.</summary>
public abstract class FormPart : ComponentBase, IDisposable
{
    /// <summary>The form.</summary>
    [CascadingParameter]
    protected FormSession Session { get; set; } = null!;

    protected override void OnInitialized() => Session.Checked += OnChecked;

    private void OnChecked() => _ = InvokeAsync(StateHasChanged);

    public void Dispose()
    {
        Session.Checked -= OnChecked;
        GC.SuppressFinalize(this);
    }
}
