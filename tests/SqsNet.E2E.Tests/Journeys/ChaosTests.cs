using System.Security.Cryptography;
using System.Text.Json.Nodes;
using SqsNet.E2E.Tests.Stage;

namespace SqsNet.E2E.Tests.Journeys;

/// <summary>A server that is killed again and again loses nothing: the sweep ends as if nothing had happened, to the last bit.</summary>
/// <param name="undisturbed">The sweep that nobody disturbs.</param>
public sealed class ChaosTests(ChaosTests.Undisturbed undisturbed) : IClassFixture<ChaosTests.Undisturbed>
{
    private const int Kills = 15;
    private const int LongestGap = 16; // steps; an epoch has six, so that kills fall before, in and after checkpoints
    private static readonly TinySweep s_sweep = new(Theatre.Faces, Epochs: 8, Faces: 96, [0.5, 1], [0, 1]);
    private static readonly string[] s_ofTheClock =
    [
        "train/images_per_second",
        "train/data_share",
        "system/memory_bytes",
    ];

    [Theory]
    [InlineData("inProcess")]
    [InlineData("process")]
    public async Task A_sweep_whose_server_is_killed_fifteen_times_ends_as_an_undisturbed_one(string executor)
    {
        await using var stormy = await OpenAsync();
        var id = await stormy.Api.StartAsync(s_sweep with { Executor = executor });
        var random = new Random(20261125);
        for (var kill = 1; kill <= Kills; kill++)
        {
            var begun = await StepsAsync(stormy.Api, id);
            var gap = random.Next(LongestGap + 1);
            await stormy.Api.WaitAsync(
                $"{gap} steps are taken",
                $"/api/sweeps/{id}/trials",
                trials => Steps(trials) >= begun + gap
            );
            await stormy.KillAsync();
            await stormy.StartAsync();
            var state = (string)(await stormy.Api.GetAsync($"/api/sweeps/{id}"))["state"]!;
            TestContext.Current.TestOutputHelper?.WriteLine(
                $"{executor}: kill {kill} of {Kills}, {gap} steps after the start, with {await StepsAsync(stormy.Api, id)} steps on record"
            );
            state.ShouldBe("running", "the sweep must outlast the kills");
        }
        await stormy.Api.WaitForStateAsync($"/api/sweeps/{id}", "completed");

        var found = await ReadAsync(stormy.Api, id);
        found.Count.ShouldBe(undisturbed.Facts.Count);
        for (var trial = 0; trial < found.Count; trial++)
            found[trial].ShouldBe(undisturbed.Facts[trial], $"trial {trial}");
    }

    /// <summary>The same sweep in a server of its own, from start to end, trained in the server itself.</summary>
    public sealed class Undisturbed : IAsyncLifetime
    {
        /// <summary>Everything that its trials came to.</summary>
        public IReadOnlyList<IReadOnlyList<string>> Facts { get; private set; } = [];

        public async ValueTask InitializeAsync()
        {
            await using var calm = await OpenAsync();
            var id = await calm.Api.StartAsync(s_sweep);
            await calm.Api.WaitForStateAsync($"/api/sweeps/{id}", "completed");
            Facts = await ReadAsync(calm.Api, id);
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private static async Task<Dashboard> OpenAsync()
    {
        var dashboard = await Dashboard.StartNewAsync();
        await dashboard.Api.DrawFacesAsync(Theatre.Faces, train: 140, validation: 42, test: 42);
        return dashboard;
    }

    /// <summary>Everything that a trial came to, by trial: its state and numbers, its curves, the hash of its weights.</summary>
    private static async Task<IReadOnlyList<IReadOnlyList<string>>> ReadAsync(Api api, long sweep)
    {
        var found = new List<IReadOnlyList<string>>();
        foreach (var trial in await api.TrialsAsync(sweep))
        {
            var id = (long)trial["id"]!;
            List<string> facts = [$"{trial["state"]}, best epoch {trial["bestEpoch"]}, step {trial["step"]}"];
            foreach (var (name, value) in trial["latest"]!.AsObject().OrderBy(m => m.Key, StringComparer.Ordinal))
                if (!s_ofTheClock.Contains(name))
                    facts.Add($"{name} = {value}");
            foreach (var metric in new[] { "train/loss", "val/accuracy", "val/loss" })
                facts.Add($"{metric}: {string.Join(' ', await api.SeriesAsync(id, metric))}");
            var files = (await api.GetAsync($"/api/trials/{id}/artifacts")).AsArray();
            var weights = files.Last(file => (string)file!["kind"]! == "weights")!["id"];
            facts.Add($"weights {Hash(await api.BytesAsync($"/api/trials/{id}/artifacts/{weights}"))}");
            found.Add(facts);
        }
        return found;
    }

    private static string Hash(byte[] bytes) => Convert.ToHexString(SHA256.HashData(bytes));

    private static async Task<long> StepsAsync(Api api, long sweep) =>
        Steps(await api.GetAsync($"/api/sweeps/{sweep}/trials"));

    private static long Steps(JsonNode trials) => trials.AsArray().Sum(trial => (long)trial!["step"]!);
}
