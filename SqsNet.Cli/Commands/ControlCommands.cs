using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SqsNet.Cli.Commands;

/// <summary>pause, resume, stop and fork: what a running server is asked from a terminal.</summary>
internal static class ControlCommands
{
    /// <summary>pause ID, resume ID and stop ID of a sweep or a trial.</summary>
    /// <param name="kind">"sweep" or "trial".</param>
    /// <param name="output">Where to say that it is done.</param>
    internal static IEnumerable<Command> Create(string kind, TextWriter output) =>
        [
            Ask(kind, "pause", "let it wait with its checkpoint", output),
            Ask(
                kind,
                "resume",
                kind == "trial"
                    ? "let it go on, whether paused, stopped or failed"
                    : "let it go on; failed trials try again",
                output
            ),
            Ask(kind, "stop", kind == "trial" ? "end it until it is resumed" : "end it for good", output),
        ];

    /// <summary>fork ID: a trial that goes on from a checkpoint under other values.</summary>
    internal static Command Fork(TextWriter output)
    {
        var id = Id("trial");
        var set = new Option<string[]>("--set")
        {
            Description = "A value of the fork's own, as often as needed: sqs.tau=0.5",
            HelpName = "PATH=VALUE",
            AllowMultipleArgumentsPerToken = true,
        };
        var step = new Option<long?>("--step")
        {
            Description = "The kept checkpoint to go on from; the last one unless told",
            HelpName = "N",
        };
        var (address, token) = (RunningServer.Address(), RunningServer.Token());
        var command = new Command("fork", "Start a trial on a running server that goes on from a checkpoint of another")
        {
            id,
            set,
            step,
            address,
            token,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var changes = new JsonObject();
                foreach (var change in parsed.GetValue(set) ?? [])
                {
                    var (path, value) = Change(change);
                    changes[path] = value;
                }
                var fork = new JsonObject { ["changes"] = changes };
                if (parsed.GetValue(step) is { } from)
                    fork["step"] = from;
                using var server = RunningServer.Open(parsed, address, token);
                var parent = parsed.GetRequiredValue(id);
                var started = await server.PostAsync($"/api/trials/{parent}/fork", fork, cancellationToken);
                output.WriteLine($"trial {started?["id"]} goes on from trial {parent}");
                return SqsCli.Done;
            }
        );
        return command;
    }

    private static Command Ask(string kind, string verb, string what, TextWriter output)
    {
        var id = Id(kind);
        var (address, token) = (RunningServer.Address(), RunningServer.Token());
        var command = new Command(verb, $"Ask a running server for a {kind}: {what}") { id, address, token };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var server = RunningServer.Open(parsed, address, token);
                var number = parsed.GetRequiredValue(id);
                await server.PostAsync($"/api/{kind}s/{number}/{verb}", null, cancellationToken);
                output.WriteLine($"{kind} {number}: {verb}");
                return SqsCli.Done;
            }
        );
        return command;
    }

    private static Argument<long> Id(string kind) => new("ID") { Description = $"The {kind}'s number" };

    /// <summary>"sqs.tau=0.5": a value is JSON where it can be read as such, else a text.</summary>
    private static (string Path, JsonNode? Value) Change(string text)
    {
        var at = text.IndexOf('=', StringComparison.Ordinal);
        if (at <= 0)
            throw new UsageException($"--set takes PATH=VALUE, such as sqs.tau=0.5; not \"{text}\".");
        try
        {
            return (text[..at], JsonNode.Parse(text[(at + 1)..]));
        }
        catch (JsonException)
        {
            return (text[..at], text[(at + 1)..]);
        }
    }
}
