using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SqsNet.Engine.Events;
using SqsNet.Engine.Sweeps;
using SqsNet.Web.Live;

namespace SqsNet.Web.Tests.Live;

public sealed class SweepWebhookTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task The_end_of_a_sweep_is_posted_once_and_again_after_a_receiver_that_failed()
    {
        await using var receiver = await Receiver.StartAsync(failures: 1);
        await using var app = await TestApp.StartAsync(["--webhook", receiver.Address]);
        var sweep = await app.Store.AddSweepAsync(new SweepSpec { Name = "a sweep" }, 1, default);

        await app.Store.SetSweepStateAsync(sweep, SweepState.Failed, "The disk is full.", default);

        var message = await receiver.NextAsync();
        message.GetProperty("text").GetString().ShouldBe("a sweep failed: 0 trials. The disk is full.");
        message.GetProperty("event").GetString().ShouldBe("sweep.ended");
        message.GetProperty("id").GetInt64().ShouldBe(sweep);
        message.GetProperty("state").GetString().ShouldBe("failed");
        message.GetProperty("url").GetString().ShouldBe(new Uri(app.Address, $"/sweeps/{sweep}").ToString());
        receiver.Tries.ShouldBe(2, "the first try met a receiver that failed");
    }

    [Fact]
    public async Task A_webhook_that_nobody_answers_does_not_disturb_the_server()
    {
        await using var app = await TestApp.StartAsync(["--webhook", "http://127.0.0.1:9/nobody"]);
        var sweep = await app.Store.AddSweepAsync(new SweepSpec { Name = "a sweep" }, 1, default);
        await app.Store.SetSweepStateAsync(sweep, SweepState.Completed, null, default);
        (await app.Client.GetAsync("/api/sweeps")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_link_of_a_server_that_listens_everywhere_holds_the_name_of_its_machine()
    {
        await using var receiver = await Receiver.StartAsync(failures: 0);
        await using var app = await TestApp.StartAsync([
            "--webhook",
            receiver.Address,
            "--host",
            "0.0.0.0",
            "--token",
            "a-token-for-the-tests-alone",
        ]);
        var sweep = await app.Store.AddSweepAsync(Some.Sweep(), 1, default);

        await app.Store.SetSweepStateAsync(sweep, SweepState.Completed, null, default);

        var url = (await receiver.NextAsync()).GetProperty("url").GetString()!;
        new Uri(url).ShouldBe(new Uri($"http://{Dns.GetHostName()}:{app.Address.Port}/sweeps/{sweep}"));
    }

    [Fact]
    public async Task A_sweep_that_ends_before_the_server_listens_is_told_of_with_its_link()
    {
        await using var receiver = await Receiver.StartAsync(failures: 0);
        await using var app = await TestApp.StartAsync(
            ["--webhook", receiver.Address],
            replace: services => services.AddHostedService<EarlyEnd>()
        );

        var message = await receiver.NextAsync();

        var sweep = message.GetProperty("id").GetInt64();
        message.GetProperty("url").GetString().ShouldBe(new Uri(app.Address, $"/sweeps/{sweep}").ToString());
        (await app.Client.GetAsync("/api/sweeps")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("ftp://somewhere/")]
    [InlineData("somewhere")]
    public async Task An_address_that_is_none_of_the_web_is_refused_at_start(string address) =>
        (await Should.ThrowAsync<Exception>(() => TestApp.StartAsync(["--webhook", address]))).Message.ShouldContain(
            "--webhook must be an http or https address"
        );

    /// <summary>Ends sweeps while the server starts: it listens only after every hosted service has started.</summary>
    private sealed class EarlyEnd(ISweepStore store, SweepEnds ends) : IHostedService
    {
        public async Task StartAsync(CancellationToken cancellationToken)
        {
            var told = 0;
            using var listening = ends.Subscribe(_ => Interlocked.Increment(ref told));
            // Several: those who tell of ends and those who listen begin by themselves, and may miss the first ones.
            while (Volatile.Read(ref told) < 5)
            {
                var sweep = await store.AddSweepAsync(Some.Sweep(), 1, cancellationToken);
                await store.SetSweepStateAsync(sweep, SweepState.Failed, null, cancellationToken);
                await Task.Delay(20, cancellationToken);
            }
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    /// <summary>What the webhook posts to.</summary>
    private sealed class Receiver : IAsyncDisposable
    {
        private readonly WebApplication _app;
        private readonly TaskCompletionSource<JsonElement> _first = new(
            TaskCreationOptions.RunContinuationsAsynchronously
        );
        private int _failures;
        private int _tries;

        private Receiver(int failures)
        {
            _failures = failures;
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            _app = builder.Build();
            _app.MapPost("/", TakeAsync);
        }

        public string Address => _app.Urls.First();

        public int Tries => _tries;

        public static async Task<Receiver> StartAsync(int failures)
        {
            var receiver = new Receiver(failures);
            await receiver._app.StartAsync();
            return receiver;
        }

        public Task<JsonElement> NextAsync() => _first.Task.WaitAsync(s_patience);

        public ValueTask DisposeAsync() => _app.DisposeAsync();

        private async Task<IResult> TakeAsync(HttpRequest request)
        {
            Interlocked.Increment(ref _tries);
            if (Interlocked.Decrement(ref _failures) >= 0)
                return Results.StatusCode(500);
            using var body = await JsonDocument.ParseAsync(request.Body);
            _first.TrySetResult(body.RootElement.Clone());
            return Results.Ok();
        }
    }
}
