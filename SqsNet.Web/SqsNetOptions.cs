using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;
using SqsNet.Engine;

namespace SqsNet.Web;

/// <summary>The "SqsNet" section of appsettings.json, environment variables (SqsNet__Port) and the command line.</summary>
public sealed class SqsNetOptions
{
    public const string Section = "SqsNet";

    /// <summary>Address to listen on: an IP address or "localhost".</summary>
    public string Host { get; set; } = "127.0.0.1";

    /// <summary>Port to listen on; 0 takes a free one.</summary>
    public int Port { get; set; } = 5180;

    /// <summary>The access token; null makes a random one at each start.</summary>
    public string? Token { get; set; }

    /// <summary>The data directory; relative paths start at the current directory.</summary>
    public string DataDirectory { get; set; } = "data";

    /// <summary>Device of trials: "auto", "cpu", "cuda" or "cuda:i".</summary>
    public string Device { get; set; } = "auto";

    /// <summary>Threads per training trial; 0 takes every core.</summary>
    public int Threads { get; set; }

    /// <summary>
    /// GiB that the checkpoints of all trials may take; above it those of trials that are over are removed, the oldest
    /// first. 0 sets no limit.
    /// </summary>
    public double CheckpointGigabytes { get; set; } = EngineOptions.DefaultCheckpointBudget / BytesPerGigabyte;

    internal const double BytesPerGigabyte = 1 << 30;

    /// <summary>Directories whose folders may be imported as datasets by name.</summary>
    public IList<string> ImportRoots { get; set; } = [];

    /// <summary>Host names under which browsers may reach a server that listens beyond this machine.</summary>
    public IList<string> AllowedHosts { get; set; } = [];

    /// <summary>Address that is posted to when a sweep has ended; null for none.</summary>
    public string? Webhook { get; set; }

    /// <summary>Whether to start the demo sweep.</summary>
    public bool Demo { get; set; }

    /// <summary>Whether only this machine can reach the server.</summary>
    public bool IsLoopback =>
        Host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(Host, out var address) && IPAddress.IsLoopback(address));
}

/// <summary>Checks the options at start and lists every problem at once.</summary>
internal sealed partial class SqsNetOptionsValidator : IValidateOptions<SqsNetOptions>
{
    public const int ShortestToken = 16;

    public ValidateOptionsResult Validate(string? name, SqsNetOptions options)
    {
        var problems = Problems(options).ToList();
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    private static IEnumerable<string> Problems(SqsNetOptions options)
    {
        if (
            !options.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            && !IPAddress.TryParse(options.Host, out _)
        )
            yield return $"--host must be an IP address or 'localhost'; it is '{options.Host}'.";
        if (options.Port is < 0 or > 65535)
            yield return $"--port must be from 0 to 65535; it is {options.Port}.";
        if (!options.IsLoopback && options.Token is null)
            yield return $"--host {options.Host} lets other machines in, so it needs --token as well.";
        if (options.Token is { } token && string.IsNullOrWhiteSpace(token))
            yield return "--token must not be empty.";
        else if (options.Token is { } chosen && !options.IsLoopback && chosen.Length < ShortestToken)
            yield return $"--token must have at least {ShortestToken} characters with --host {options.Host}; it has {chosen.Length}.";
        if (string.IsNullOrWhiteSpace(options.DataDirectory))
            yield return "--data must name a directory; it is empty.";
        if (!DevicePattern().IsMatch(options.Device))
            yield return $"SqsNet:Device must be 'auto', 'cpu', 'cuda' or 'cuda:i'; it is '{options.Device}'.";
        if (options.Threads is < 0 or > 1024)
            yield return $"SqsNet:Threads must be from 0 (every core) to 1024; it is {options.Threads}.";
        if (options.CheckpointGigabytes is not (>= 0 and <= 1e6))
            yield return FormattableString.Invariant(
                $"SqsNet:CheckpointGigabytes must be from 0 (no limit) to 1000000; it is {options.CheckpointGigabytes}."
            );
        if (
            options.Webhook is { } webhook
            && !(
                Uri.TryCreate(webhook, UriKind.Absolute, out var address)
                && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps)
            )
        )
            yield return $"--webhook must be an http or https address; it is '{webhook}'.";
        foreach (var root in options.ImportRoots.Where(root => !Path.IsPathFullyQualified(root)))
            yield return $"SqsNet:ImportRoots must hold absolute paths; one is '{root}'.";
        foreach (var host in options.AllowedHosts.Where(host => Uri.CheckHostName(host) == UriHostNameType.Unknown))
            yield return $"SqsNet:AllowedHosts must hold host names without a port; one is '{host}'.";
    }

    [GeneratedRegex(@"\A(auto|cpu|cuda(:\d{1,2})?)\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex DevicePattern();
}
