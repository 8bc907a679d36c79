using Microsoft.AspNetCore.Components;
using SqsNet.Engine.Sweeps;
using SqsNet.Web.Components.Sweeps;

namespace SqsNet.Web.Tests.Components.Sweeps;

public sealed class ExtendDialogTests : IAsyncDisposable
{
    private readonly PageServices _services = new();

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    [Fact]
    public async Task Seeds_and_epochs_that_are_typed_extend_the_sweep()
    {
        var (sweep, dialog) = await ShowAsync();

        await dialog.TypeAsync("extend-seeds", "11-12");
        await dialog.TypeAsync("extend-epochs", $"{sweep.Spec.Training.Epochs + 5}");
        await SubmitAsync(dialog);

        var spec = (await _services.Store.FindSweepAsync(sweep.Id, default))!.Spec;
        spec.Seeds.ShouldBe([.. sweep.Spec.Seeds, 11, 12]);
        spec.Training.Epochs.ShouldBe(sweep.Spec.Training.Epochs + 5);
    }

    [Fact]
    public async Task Problems_stand_at_their_fields()
    {
        var (sweep, dialog) = await ShowAsync();

        await dialog.TypeAsync("extend-seeds", $"{sweep.Spec.Seeds[0]}");
        await dialog.TypeAsync("extend-epochs", "1");
        await SubmitAsync(dialog);

        var html = await dialog.HtmlAsync();
        html.QuerySelector("#extend-seeds-errors")!.TextContent.ShouldContain("is there already");
        html.QuerySelector("#extend-epochs")!.GetAttribute("aria-invalid").ShouldBe("true");
        (await _services.Store.FindSweepAsync(sweep.Id, default))!.Spec.Seeds.ShouldBe(sweep.Spec.Seeds);

        await dialog.TypeAsync("extend-epochs", "many");
        await SubmitAsync(dialog);
        (await dialog.HtmlAsync()).QuerySelector("#extend-epochs-errors")!.TextContent.ShouldContain("whole number");
    }

    private async Task<(SweepRecord Sweep, Rendered Dialog)> ShowAsync()
    {
        var id = await _services.Store.AddSweepAsync(Some.Sweep(), 1, default);
        await _services.Store.SetSweepStateAsync(id, SweepState.Paused, null, default);
        var sweep = (await _services.Store.FindSweepAsync(id, default))!;
        return (sweep, await _services.ShowAsync<ExtendDialog>(("Sweep", sweep)));
    }

    private static Task SubmitAsync(Rendered dialog) =>
        dialog.FireAsync("onsubmit", "aria-label", "Extend the sweep", EventArgs.Empty);
}
