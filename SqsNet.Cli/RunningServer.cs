using System.CommandLine;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SqsNet.Cli;

/// <summary>A server that runs somewhere, asked through its API: what trains is its business.</summary>
internal sealed class RunningServer : IDisposable
{
    private const string TokenVariable = "SQSNET_TOKEN";

    private readonly HttpClient _http;

    private RunningServer(Uri address, string token)
    {
        _http = new() { BaseAddress = address, Timeout = TimeSpan.FromSeconds(30) };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    /// <summary>--server URL.</summary>
    internal static Option<string> Address() =>
        new("--server")
        {
            Description = "Address of the running server",
            HelpName = "URL",
            DefaultValueFactory = _ => "http://127.0.0.1:5180",
        };

    /// <summary>--token T.</summary>
    internal static Option<string?> Token() =>
        new("--token")
        {
            Description = $"Token of the server, as in the link that it printed; or in ${TokenVariable}",
            HelpName = "T",
        };

    /// <summary>Reads the two options.</summary>
    /// <exception cref="UsageException">The address is none, or there is no token.</exception>
    internal static RunningServer Open(ParseResult parsed, Option<string> address, Option<string?> token)
    {
        var where = parsed.GetRequiredValue(address);
        if (!Uri.TryCreate(where, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
            throw new UsageException($"--server must be an address such as http://127.0.0.1:5180; it is \"{where}\".");
        var secret = parsed.GetValue(token) ?? Environment.GetEnvironmentVariable(TokenVariable);
        return string.IsNullOrWhiteSpace(secret)
            ? throw new UsageException(
                $"--token is missing: the token in the link that the server printed, or the one it was started with. ${TokenVariable} will do, too."
            )
            : new(uri, secret);
    }

    /// <summary>Posts to the API.</summary>
    /// <returns>The answer; null when it is empty.</returns>
    /// <exception cref="CommandException">Nobody answers, or the server refuses; the message says why.</exception>
    internal async Task<JsonNode?> PostAsync(string path, JsonNode? body, CancellationToken cancellationToken)
    {
        try
        {
            using var content = body is null ? null : JsonContent.Create(body);
            using var answer = await _http.PostAsync(new Uri(path, UriKind.Relative), content, cancellationToken);
            var text = await answer.Content.ReadAsStringAsync(cancellationToken);
            if (!answer.IsSuccessStatusCode)
                throw new CommandException(Reason(answer.StatusCode, text));
            return text.Length == 0 ? null : JsonNode.Parse(text);
        }
        catch (Exception failure)
            when (failure is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested
            )
        {
            throw new CommandException(
                $"No server answers at {_http.BaseAddress}: {failure.Message}. `./sqsnet serve` starts one; it goes on with what was interrupted."
            );
        }
    }

    public void Dispose() => _http.Dispose();

    /// <summary>The problem details' own words.</summary>
    private static string Reason(HttpStatusCode status, string text)
    {
        if (status == HttpStatusCode.Unauthorized)
            return "The server does not take this token.";
        try
        {
            var problem = JsonNode.Parse(text);
            var errors = problem
                ?["errors"]?.AsObject()
                .SelectMany(field => field.Value!.AsArray().Select(message => $"{field.Key}: {message}"));
            return errors is not null ? string.Join('\n', errors)
                : problem?["detail"] is { } detail ? $"{detail}"
                : $"The server answers {(int)status}.";
        }
        catch (JsonException)
        {
            return $"The server answers {(int)status}.";
        }
    }
}
