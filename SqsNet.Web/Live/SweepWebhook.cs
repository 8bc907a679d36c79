using System.Threading.Channels;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.Options;
using SqsNet.Engine.Sweeps;
using SqsNet.Web.Api;

namespace SqsNet.Web.Live;

/// <summary>Posts to an address of the person's own when a sweep has ended: a chat, a pager, a script.</summary>
/// <remarks>
/// The body is JSON: "text" in a sentence, which is what chats show, and the facts by themselves. A receiver that does not
/// answer is tried again after a while; what fails then is logged and given up.
/// </remarks>
internal sealed class SweepWebhook(
    SweepEnds ends,
    IOptions<SqsNetOptions> options,
    IServer server,
    IHostApplicationLifetime lifetime,
    IHttpClientFactory clients,
    ILogger<SweepWebhook> logger
) : BackgroundService
{
    /// <summary>Name of the HTTP client.</summary>
    internal const string Client = "webhook";

    /// <summary>Waits before the tries that follow the first.</summary>
    private static readonly TimeSpan[] s_waits = [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10)];

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Value.Webhook is not { Length: > 0 } address)
            return;
        var ended = Channel.CreateUnbounded<SweepRecord>();
        using var listening = ends.Subscribe(sweep => ended.Writer.TryWrite(sweep));
        await ListeningAsync(stoppingToken); // a sweep can end before the server knows the address that messages hold
        await foreach (var sweep in ended.Reader.ReadAllAsync(stoppingToken))
            await SendAsync(new Uri(address), Tell(sweep), stoppingToken);
    }

    /// <summary>Waits until the server listens.</summary>
    private async Task ListeningAsync(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(stoppingToken);
    }

    private async Task SendAsync(Uri address, object message, CancellationToken stoppingToken)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                using var answer = await clients
                    .CreateClient(Client)
                    .PostAsJsonAsync(address, message, ApiJson.Options, stoppingToken);
                answer.EnsureSuccessStatusCode();
                return;
            }
            catch (Exception failure)
                when (failure is HttpRequestException or TaskCanceledException && !stoppingToken.IsCancellationRequested
                )
            {
                if (attempt == s_waits.Length)
                {
                    // The rest of the address may be a secret, as that of a chat is.
                    logger.LogWarning("The webhook at {Host} takes no messages: {Why}", address.Host, failure.Message);
                    return;
                }
                await Task.Delay(s_waits[attempt], stoppingToken);
            }
        }
    }

    private object Tell(SweepRecord sweep) =>
        new
        {
            Text = SweepWords.Ended(sweep),
            Event = "sweep.ended",
            sweep.Id,
            sweep.Spec.Name,
            sweep.State,
            sweep.Message,
            Trials = sweep.Counts,
            Url = new Uri(server.LinkAddress(), Urls.Sweep(sweep.Id)),
        };
}
