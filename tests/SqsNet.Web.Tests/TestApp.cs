using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using SqsNet.Engine.Events;
using SqsNet.Engine.Executors;
using SqsNet.Web.Security;

namespace SqsNet.Web.Tests;

/// <summary>The whole dashboard on the real Kestrel, on a free port of this machine, with a data directory of its own.</summary>
internal sealed class TestApp : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly bool _ownsData;

    private TestApp(WebApplication app, string data, bool ownsData, CapturedLog log, QuickExecutor executor)
    {
        Executor = executor;
        _app = app;
        _ownsData = ownsData;
        Data = data;
        Logged = log;
        Address = app.Services.GetRequiredService<IServer>().Address();
        Token = app.Services.GetRequiredService<AccessToken>().Value;
        Client = NewClient();
        Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
    }

    public string Data { get; }
    public Uri Address { get; }
    public string Token { get; }
    public CapturedLog Logged { get; }
    public QuickExecutor Executor { get; }

    /// <summary>Shows the token with every request; follows no redirects.</summary>
    public HttpClient Client { get; }

    public ISweepStore Store => Get<ISweepStore>();
    public IEventLog Events => Get<IEventLog>();

    public T Get<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    /// <param name="args">Options of "serve"; without --port it takes a free one.</param>
    /// <param name="data">The data directory; null makes one and deletes it at the end.</param>
    /// <param name="replace">Puts fakes in place.</param>
    public static async Task<TestApp> StartAsync(
        string[]? args = null,
        string? data = null,
        Action<IServiceCollection>? replace = null
    )
    {
        var directory = data ?? Directory.CreateTempSubdirectory("sqsnet-web-").FullName;
        var log = new CapturedLog();
        var executor = new QuickExecutor();
        args ??= [];
        if (!args.Contains("--port"))
            args = [.. args, "--port", "0"];
        var app = SqsNetApp.Build(
            [.. args, "--data", directory],
            services =>
            {
                services.AddLogging(logging =>
                    logging.ClearProviders().AddProvider(log).AddFilter(null, LogLevel.Trace)
                );
                services.RemoveAll<IExecutor>();
                services.AddSingleton<IExecutor>(executor);
                replace?.Invoke(services);
            }
        );
        await app.StartAsync();
        return new(app, directory, data is null, log, executor);
    }

    /// <summary>Knows nothing of the token.</summary>
    public HttpClient NewClient() =>
        new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = Address };

    /// <summary>The session cookie that the login link gives, as a Cookie header.</summary>
    public async Task<string> LoginAsync()
    {
        using var client = NewClient();
        using var response = await client.GetAsync(Urls.LoginWith(Token));
        return response.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        if (_ownsData)
            Directory.Delete(Data, recursive: true);
    }
}

/// <summary>Keeps every line that is logged.</summary>
internal sealed class CapturedLog : ILoggerProvider
{
    private readonly List<string> _lines = [];

    public string Text
    {
        get
        {
            lock (_lines)
                return string.Join('\n', _lines);
        }
    }

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void Dispose() { }

    private sealed class Logger(CapturedLog log, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        )
        {
            lock (log._lines)
                log._lines.Add($"{logLevel} {category}: {formatter(state, exception)} {exception}");
        }
    }
}
