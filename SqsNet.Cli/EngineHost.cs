using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SqsNet.Engine;
using SqsNet.Storage;

namespace SqsNet.Cli;

/// <summary>The engine and the store of a data directory, for one command.</summary>
internal sealed class EngineHost : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private EngineHost(ServiceProvider services) => _services = services;

    /// <summary>Opens a data directory to train in; no other process may have it open for writing.</summary>
    internal static EngineHost Open(string dataDirectory, string device) =>
        Create(dataDirectory, device, readOnly: false);

    /// <summary>Opens a data directory to read from, beside a running server.</summary>
    /// <exception cref="CommandException">There is no store in it.</exception>
    internal static EngineHost OpenReadOnly(string dataDirectory)
    {
        if (!File.Exists(Path.Combine(dataDirectory, "sqsnet.db")))
            throw new CommandException(
                $"There is no store in \"{Path.GetFullPath(dataDirectory)}\". Name the dashboard's data directory with --data."
            );
        return Create(dataDirectory, "cpu", readOnly: true);
    }

    /// <summary>A service of the engine or of the store.</summary>
    internal T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _services.DisposeAsync();

    private static EngineHost Create(string dataDirectory, string device, bool readOnly)
    {
        var data = Path.GetFullPath(dataDirectory);
        var services = new ServiceCollection();
        services.AddSingleton<ILoggerFactory, StandardErrorLog>();
        services.AddSingleton(typeof(ILogger<>), typeof(Logger<>));
        services.AddSqsEngine(new EngineOptions { DataDirectory = data, Device = device });
        services.AddSqsStorage(data, readOnly);
        return new(services.BuildServiceProvider());
    }

    /// <summary>Warnings and errors, a line each, on standard error.</summary>
    private sealed class StandardErrorLog : ILoggerFactory, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider) =>
            throw new NotSupportedException("The command line has one log: standard error.");

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        ) => Console.Error.WriteLine($"sqsnet: {formatter(state, exception)} {exception?.Message}".TrimEnd());

        public void Dispose() { }
    }
}
