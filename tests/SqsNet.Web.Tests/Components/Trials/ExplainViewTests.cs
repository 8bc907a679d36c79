using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.JSInterop;
using SqsNet.Engine.Sweeps;
using SqsNet.Web.Components.Trials;

namespace SqsNet.Web.Tests.Components.Trials;

public sealed class ExplainViewTests
{
    [Fact]
    public async Task Another_trial_takes_the_map_away_and_asks_for_the_picture_again()
    {
        await using var services = new PageServices();
        await using var page = await services.ShowAsync<TwoTrials>();

        await page.ClickAsync("other");

        services.Browser.Calls.TakeLast(2).Select(call => call.Name).ShouldBe(["showMap", "sendAgain"]);
        services.Browser.Named("showMap").Single().Arguments[0].ShouldBeNull();
    }

    [Fact]
    public async Task What_comes_of_the_former_trial_is_not_shown_as_the_next_ones()
    {
        await using var services = new PageServices();
        await using var page = await services.ShowAsync<TwoTrials>();
        var view = (DotNetObjectReference<ExplainView>)services.Browser.Named("create").Single().Arguments[1]!;
        var picture = new LostPicture();
        var looking = page.Dispatcher.InvokeAsync(() => view.Value.LookAsync(picture, null));
        (await page.TextAsync()).ShouldContain("Looking at the picture");

        await page.ClickAsync("other");
        (await page.TextAsync()).ShouldContain("Nothing to look at yet");
        picture.Lose();
        await looking;

        (await page.TextAsync()).ShouldNotContain(LostPicture.Why);
    }

    /// <summary>A trial, and another one after a click.</summary>
    private sealed class TwoTrials : ComponentBase
    {
        private TrialRecord _trial = Trained(0);

        protected override void BuildRenderTree(RenderTreeBuilder builder)
        {
            builder.OpenElement(0, "button");
            builder.AddAttribute(1, "id", "other");
            builder.AddAttribute(
                2,
                "onclick",
                EventCallback.Factory.Create<MouseEventArgs>(this, () => _trial = Trained(1))
            );
            builder.CloseElement();
            builder.OpenComponent<ExplainView>(3);
            builder.AddComponentParameter(4, "Trial", _trial);
            builder.CloseComponent();
        }

        /// <summary>A trial with weights, of a dataset that is gone.</summary>
        private static TrialRecord Trained(int number)
        {
            var trial = SomeRecords.Trial(number);
            return trial with { BestEpoch = 1, Spec = trial.Spec with { Dataset = "gone" } };
        }
    }

    /// <summary>A picture that is long on its way and does not arrive.</summary>
    private sealed class LostPicture : IJSStreamReference
    {
        public const string Why = "The picture was lost.";

        private readonly TaskCompletionSource<Stream> _stream = new();

        public long Length => 1;

        public void Lose() => _stream.SetException(new IOException(Why));

        public ValueTask<Stream> OpenReadStreamAsync(
            long maxAllowedSize = 512000,
            CancellationToken cancellationToken = default
        ) => new(_stream.Task);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
