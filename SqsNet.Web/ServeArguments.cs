namespace SqsNet.Web;

/// <summary>The command line was wrong; the message names the option.</summary>
public sealed class UsageException(string message) : Exception(message);

/// <summary>The options of "serve", as settings.</summary>
internal static class ServeArguments
{
    public const string Usage =
        "Usage: sqsnet serve [--port 5180] [--host 127.0.0.1] [--data DIR] [--token T] [--webhook URL] [--demo]";

    private static readonly Dictionary<string, string> Settings = new(StringComparer.Ordinal)
    {
        ["--port"] = nameof(SqsNetOptions.Port),
        ["--host"] = nameof(SqsNetOptions.Host),
        ["--data"] = nameof(SqsNetOptions.DataDirectory),
        ["--token"] = nameof(SqsNetOptions.Token),
        ["--device"] = nameof(SqsNetOptions.Device),
        ["--webhook"] = nameof(SqsNetOptions.Webhook),
    };

    /// <summary>Reads "--name value", "--name=value" and "--demo".</summary>
    /// <exception cref="UsageException">An option is unknown, doubled, or its value is missing or wrong.</exception>
    public static Dictionary<string, string?> Parse(IReadOnlyList<string> args)
    {
        var settings = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < args.Count; i++)
        {
            var (name, value) = args[i].Split('=', 2) is [var left, var right] ? (left, right) : (args[i], null);
            if (name == "--demo" && value is null)
            {
                settings[Key(nameof(SqsNetOptions.Demo))] = "true";
                continue;
            }
            if (!Settings.TryGetValue(name, out var setting))
                throw new UsageException($"Unknown option '{args[i]}'. {Usage}");
            value ??= i + 1 < args.Count ? args[++i] : throw new UsageException($"{name} needs a value. {Usage}");
            if (name == "--port" && !ushort.TryParse(value, out _))
                throw new UsageException($"--port must be a number from 0 to 65535; it is '{value}'.");
            if (!settings.TryAdd(Key(setting), value))
                throw new UsageException($"{name} is given twice.");
        }
        return settings;
    }

    private static string Key(string setting) => $"{SqsNetOptions.Section}:{setting}";
}
