using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using SqsNet.Engine.Events;
using SqsNet.Engine.Sweeps;
using SqsNet.Web.Live;

namespace SqsNet.Web.Tests.Live;

public sealed class LiveHubTests(SharedApp shared) : IClassFixture<SharedApp>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Subscribe_streams_what_is_stored_and_then_what_comes()
    {
        var app = shared.App;
        var (_, trials) = await Some.StoredSweepAsync(app);
        app.Events.Append(trials[0], Some.Step(1, ("train/loss", 2.5)));
        await app.Events.FlushAsync(default);
        await using var connection = await HubClient.ConnectAsync(app);
        using var patience = new CancellationTokenSource(Patience);
        var stream = connection.StreamAsync<LiveEvent>("Subscribe", trials, 0, patience.Token).GetAsyncEnumerator();

        var stored = await NextAsync(stream);
        app.Events.Append(trials[0], Some.Step(2, ("train/loss", double.NaN)));
        var live = await NextAsync(stream);

        stored.ShouldBe(
            new LiveEvent(trials[0], 1, stored.Event),
            "the item carries the trial and the number within it"
        );
        stored.Event.ShouldBeOfType<MetricsReported>().Values["train/loss"].ShouldBe(2.5);
        live.Seq.ShouldBe(2);
        double.IsNaN(live.Event.ShouldBeOfType<MetricsReported>().Values["train/loss"]).ShouldBeTrue();
    }

    [Fact]
    public async Task Items_are_flat_objects_with_trial_seq_and_kind()
    {
        var app = shared.App;
        var (_, trials) = await Some.StoredSweepAsync(app);
        app.Events.Append(trials[0], new StateChanged(TrialState.Running, 1) { At = Some.Time });
        await using var connection = await HubClient.ConnectAsync(app);
        using var patience = new CancellationTokenSource(Patience);

        await foreach (
            var item in connection.StreamAsync<System.Text.Json.JsonElement>("Subscribe", trials, 0, patience.Token)
        )
        {
            item.GetRawText()
                .ShouldBe(
                    $$"""{"trial":{{trials[0]}},"seq":1,"kind":"state","state":"running","attempt":1,"at":"2026-05-04T03:02:01+00:00","seconds":0}"""
                );
            break;
        }
    }

    [Fact]
    public async Task After_is_one_number_for_all_trials_or_one_for_each()
    {
        var app = shared.App;
        var (_, trials) = await Some.StoredSweepAsync(app, trials: 2);
        foreach (var trial in trials)
        {
            for (var step = 1; step <= 3; step++)
                app.Events.Append(trial, Some.Step(step, ("train/loss", 1)));
        }
        await app.Events.FlushAsync(default);
        await using var connection = await HubClient.ConnectAsync(app);

        (await TakeAsync(connection, trials, 2, count: 2)).ShouldBe([(trials[0], 3L), (trials[1], 3L)]);
        (await TakeAsync(connection, trials, new[] { 3, 1 }, count: 2)).ShouldBe([(trials[1], 2L), (trials[1], 3L)]);
    }

    [Theory]
    [InlineData("\"later\"")]
    [InlineData("-1")]
    [InlineData("[1]")]
    [InlineData("[1, \"x\"]")]
    public async Task Wrong_cursors_are_refused_with_a_reason(string after)
    {
        var app = shared.App;
        await using var connection = await HubClient.ConnectAsync(app);
        using var cursor = System.Text.Json.JsonDocument.Parse(after);

        var refused = await Should.ThrowAsync<HubException>(
            TakeAsync(connection, [1L, 2L], cursor.RootElement, count: 1)
        );

        refused.Message.ShouldContain("'after' must");
    }

    [Fact]
    public async Task Trial_with_a_long_history_does_not_hold_up_the_others()
    {
        var app = shared.App;
        var (_, trials) = await Some.StoredSweepAsync(app, trials: 2);
        for (var step = 1; step <= 3 * LiveEvents.BatchSize; step++)
            app.Events.Append(trials[0], Some.Step(step, ("train/loss", 1)));
        app.Events.Append(trials[1], Some.Step(1, ("train/loss", 1)));
        await app.Events.FlushAsync(default);
        await using var connection = await HubClient.ConnectAsync(app);

        var first = await TakeAsync(connection, trials, 0, LiveEvents.BatchSize + 1);

        first[^1].ShouldBe((trials[1], 1L));
    }

    [Fact]
    public async Task Nothing_is_lost_or_doubled_over_cuts_of_the_connection()
    {
        const int perTrial = 4000;
        var app = shared.App;
        var (_, trials) = await Some.StoredSweepAsync(app, trials: 3);
        var follower = new Follower(trials);
        using var patience = new CancellationTokenSource(Patience);

        var writing = WriteAsync(app, trials, perTrial, patience.Token);
        var cuts = 0;
        while (!follower.Has(perTrial))
        {
            // A connection lives for a while, then is cut in the middle of whatever it is sending.
            await follower.FollowAsync(app, items: 700 + 97 * cuts, patience.Token);
            cuts++;
        }
        await writing;

        cuts.ShouldBeGreaterThan(3);
        follower.ShouldHaveEverySeqOnce(perTrial);
    }

    [Fact]
    public async Task Nothing_is_lost_or_doubled_over_restarts_of_the_server()
    {
        const int perRun = 800;
        const int runs = 4;
        var data = Directory.CreateTempSubdirectory("sqsnet-web-").FullName;
        try
        {
            using var patience = new CancellationTokenSource(Patience);
            Follower? follower = null;
            for (var run = 1; run <= runs; run++)
            {
                await using var app = await TestApp.StartAsync(data: data);
                follower ??= new Follower((await Some.StoredSweepAsync(app, trials: 2)).Trials);
                var writing = WriteAsync(app, follower.Trials, perRun, patience.Token);
                // The server goes down while some of what it stored has not been sent; the last run sends all.
                if (run < runs)
                    await follower.FollowAsync(app, items: perRun, patience.Token);
                await writing;
                await app.Events.FlushAsync(patience.Token);
                while (run == runs && !follower.Has(runs * perRun))
                    await follower.FollowAsync(app, items: 500, patience.Token);
            }
            follower!.ShouldHaveEverySeqOnce(runs * perRun);
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }

    [Fact]
    public async Task Server_stops_at_once_while_streams_are_open()
    {
        var app = await TestApp.StartAsync();
        var (_, trials) = await Some.StoredSweepAsync(app);
        app.Events.Append(trials[0], Some.Step(1, ("train/loss", 1)));
        await using var connection = await HubClient.ConnectAsync(app);
        using var patience = new CancellationTokenSource(Patience);
        await using var stream = connection
            .StreamAsync<LiveEvent>("Subscribe", trials, 0, patience.Token)
            .GetAsyncEnumerator();
        await NextAsync(stream);

        var stopping = app.DisposeAsync().AsTask();

        (await Task.WhenAny(stopping, Task.Delay(TimeSpan.FromSeconds(20)))).ShouldBe(stopping);
        await stopping;
    }

    private static async Task<LiveEvent> NextAsync(IAsyncEnumerator<LiveEvent> stream)
    {
        (await stream.MoveNextAsync()).ShouldBeTrue();
        return stream.Current;
    }

    private static async Task<List<(long Trial, long Seq)>> TakeAsync(
        HubConnection connection,
        long[] trials,
        object after,
        int count
    )
    {
        using var patience = new CancellationTokenSource(Patience);
        var taken = new List<(long, long)>();
        await foreach (var item in connection.StreamAsync<LiveEvent>("Subscribe", trials, after, patience.Token))
        {
            taken.Add((item.Trial, item.Seq));
            if (taken.Count == count)
                break;
        }
        return taken;
    }

    private static async Task WriteAsync(TestApp app, long[] trials, int perTrial, CancellationToken cancellationToken)
    {
        for (var step = 1; step <= perTrial; step++)
        {
            foreach (var trial in trials)
                app.Events.Append(trial, Some.Step(step, ("train/loss", step)));
            if (step % 100 == 0)
                await app.Events.FlushAsync(cancellationToken);
        }
    }

    /// <summary>A client that comes back after every cut with the last numbers that it has seen.</summary>
    private sealed class Follower(long[] trials)
    {
        private readonly Dictionary<long, List<long>> _seen = trials.ToDictionary(
            trial => trial,
            _ => new List<long>()
        );

        public long[] Trials => trials;

        public bool Has(int perTrial) => _seen.Values.All(seen => seen.Count >= perTrial);

        public void ShouldHaveEverySeqOnce(int perTrial)
        {
            foreach (var seen in _seen.Values)
            {
                var expected = Enumerable.Range(1, perTrial).Select(seq => (long)seq).ToArray();
                var lost = expected.Except(seen).Count();
                var doubled = seen.Count - seen.Distinct().Count();
                (lost, doubled, seen.Count).ShouldBe((0, 0, perTrial));
                seen.SequenceEqual(expected).ShouldBeTrue("they come in order");
            }
        }

        public async Task FollowAsync(TestApp app, int items, CancellationToken cancellationToken)
        {
            var after = trials.Select(trial => _seen[trial].LastOrDefault()).ToArray();
            await using var connection = await HubClient.ConnectAsync(app, cancellationToken);
            using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            enough.CancelAfter(TimeSpan.FromSeconds(1)); // there may be fewer than asked for
            try
            {
                await foreach (var item in connection.StreamAsync<LiveEvent>("Subscribe", trials, after, enough.Token))
                {
                    _seen[item.Trial].Add(item.Seq);
                    if (--items == 0)
                        break;
                }
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // Nothing more for now.
            }
        }
    }
}
