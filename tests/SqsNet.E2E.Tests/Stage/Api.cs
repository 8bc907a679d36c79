using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace SqsNet.E2E.Tests.Stage;

/// <summary>The HTTP API: sets the scene, and says what a page ought to show.</summary>
public sealed class Api : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);
    private readonly HttpClient _http;

    /// <summary>Talks to the server at an address.</summary>
    public Api(Uri server)
    {
        _http = new HttpClient { BaseAddress = server, Timeout = TimeSpan.FromMinutes(3) };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Dashboard.Token);
    }

    /// <summary>Reads an address; the answer must be JSON.</summary>
    public async Task<JsonNode> GetAsync(string path) => JsonNode.Parse(await TextAsync(path))!;

    /// <summary>Reads an address as text.</summary>
    public Task<string> TextAsync(string path) => _http.GetStringAsync(new Uri(path, UriKind.Relative));

    /// <summary>Sends JSON, or nothing.</summary>
    /// <returns>The answer's JSON; null when it is empty.</returns>
    /// <exception cref="HttpRequestException">The server refused; the message holds its reasons.</exception>
    public async Task<JsonNode?> PostAsync(string path, JsonNode? body = null)
    {
        using var content = body is null ? null : JsonContent.Create(body);
        using var answer = await _http.PostAsync(new Uri(path, UriKind.Relative), content);
        var text = await answer.Content.ReadAsStringAsync();
        if (!answer.IsSuccessStatusCode)
            throw new HttpRequestException($"POST {path}: {(int)answer.StatusCode} {text}", null, answer.StatusCode);
        return text.Length == 0 ? null : JsonNode.Parse(text);
    }

    /// <summary>Puts JSON in an address's place.</summary>
    public async Task PutAsync(string path, JsonNode body)
    {
        using var content = JsonContent.Create(body);
        using var answer = await _http.PutAsync(new Uri(path, UriKind.Relative), content);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>Reads a file.</summary>
    public Task<byte[]> BytesAsync(string path) => _http.GetByteArrayAsync(new Uri(path, UriKind.Relative));

    /// <summary>What a trial makes of a picture.</summary>
    public async Task<JsonNode> ExplainAsync(long trial, byte[] picture, int nearest)
    {
        using var content = new ByteArrayContent(picture);
        var path = new Uri($"/api/trials/{trial}/explanation?nearest={nearest}", UriKind.Relative);
        using var answer = await _http.PostAsync(path, content);
        return JsonNode.Parse(await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync())!;
    }

    /// <summary>Draws a small dataset of synthetic faces, so that trials take seconds.</summary>
    public Task DrawFacesAsync(string name, int train, int validation, int test) =>
        PostAsync(
            "/api/datasets",
            new JsonObject
            {
                ["kind"] = "synthetic",
                ["name"] = name,
                ["seed"] = 7,
                ["synthetic"] = new JsonObject
                {
                    ["train"] = train,
                    ["validation"] = validation,
                    ["test"] = test,
                },
            }
        );

    /// <summary>Starts a sweep and says its id.</summary>
    public async Task<long> StartAsync(TinySweep sweep) => (long)(await PostAsync("/api/sweeps", sweep.Json))!["id"]!;

    /// <summary>The trials of a sweep, by number.</summary>
    public async Task<IReadOnlyList<JsonNode>> TrialsAsync(long sweep) =>
        [.. (await GetAsync($"/api/sweeps/{sweep}/trials")).AsArray().OfType<JsonNode>()];

    /// <summary>The steps and values of a metric, as the store has them.</summary>
    public async Task<IReadOnlyList<CurvePoint>> SeriesAsync(long trial, string metric)
    {
        var series = await GetAsync($"/api/trials/{trial}/series?points=20000&metric={Uri.EscapeDataString(metric)}");
        return [.. series["points"]!.AsArray().Select(p => new CurvePoint((long)p![0]!, (double?)p[2]))];
    }

    /// <summary>Waits until something that the API says is so.</summary>
    /// <param name="what">What is waited for, for the message.</param>
    /// <param name="path">The address to read.</param>
    /// <param name="isSo">Whether the answer is the one that is waited for.</param>
    /// <exception cref="TimeoutException">It has not become so.</exception>
    public async Task<JsonNode> WaitAsync(string what, string path, Func<JsonNode, bool> isSo)
    {
        var end = DateTime.UtcNow + BrowserTest.Training;
        while (true)
        {
            var answer = await GetAsync(path);
            if (isSo(answer))
                return answer;
            if (DateTime.UtcNow > end)
                throw new TimeoutException($"Waited in vain: {what}. {path} says {answer.ToJsonString()}");
            await Task.Delay(Interval);
        }
    }

    /// <summary>Waits until a trial has taken so many optimizer steps.</summary>
    public Task<JsonNode> WaitForStepAsync(long trial, long step) =>
        WaitAsync($"trial {trial} takes step {step}", $"/api/trials/{trial}", t => (long)t["step"]! >= step);

    /// <summary>Waits until a sweep or a trial is in a state.</summary>
    /// <param name="path">Such as "/api/trials/1".</param>
    /// <param name="state">Such as "completed".</param>
    public Task<JsonNode> WaitForStateAsync(string path, string state) =>
        WaitAsync($"{path} is {state}", path, thing => (string?)thing["state"] == state);

    public void Dispose() => _http.Dispose();
}

/// <summary>A point of a curve; the value is null where it is not a number.</summary>
public sealed record CurvePoint(long Step, double? Value);
