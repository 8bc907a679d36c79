using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.AspNetCore.SignalR;

namespace SqsNet.Web.Live;

/// <summary>The hub of events.</summary>
public sealed class LiveHub(LiveEvents events, IHostApplicationLifetime lifetime) : Hub
{
    /// <summary>Trials that one subscription may follow.</summary>
    public const int MostTrials = 5000;

    /// <summary>Streams events of trials, each item { trial, seq, kind, … }; ends only with the connection.</summary>
    /// <param name="trialIds">The trials.</param>
    /// <param name="after">
    /// The last sequence number already known: one number for all trials, or a list with one for each; 0 (or null) for
    /// none. A client that was cut off subscribes again with the last numbers that it has seen.
    /// </param>
    /// <param name="cancellationToken">Ends the stream.</param>
    /// <exception cref="HubException">The arguments are wrong; the message says how.</exception>
    public async IAsyncEnumerable<LiveEvent> Subscribe(
        long[] trialIds,
        JsonElement after,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var cursors = Cursors(trialIds, after);
        // A server that shuts down must not wait for streams that never end.
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(
            cancellationToken,
            lifetime.ApplicationStopping
        );
        await foreach (var item in events.FollowAsync(cursors, ended.Token))
            yield return item;
    }

    private static Dictionary<long, long> Cursors(long[] trialIds, JsonElement after)
    {
        if (trialIds.Length > MostTrials)
            throw new HubException(
                $"At most {MostTrials} trials can be followed at once; these are {trialIds.Length}."
            );
        var numbers = after.ValueKind switch
        {
            JsonValueKind.Null or JsonValueKind.Undefined => Enumerable.Repeat(0L, trialIds.Length),
            JsonValueKind.Number => Enumerable.Repeat(Number(after), trialIds.Length),
            JsonValueKind.Array when after.GetArrayLength() == trialIds.Length => after.EnumerateArray().Select(Number),
            _ => throw new HubException("'after' must be a number, or a list with a number for each trial."),
        };
        var cursors = new Dictionary<long, long>();
        foreach (var (trial, number) in trialIds.Zip(numbers))
            cursors[trial] = Math.Min(number, cursors.GetValueOrDefault(trial, number)); // named twice, followed once
        return cursors;
    }

    private static long Number(JsonElement element) =>
        element.ValueKind == JsonValueKind.Number && element.TryGetInt64(out var number) && number >= 0
            ? number
            : throw new HubException("'after' must hold whole numbers of 0 or more.");
}
