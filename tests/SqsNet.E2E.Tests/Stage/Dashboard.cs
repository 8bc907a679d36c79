using System.Diagnostics;

namespace SqsNet.E2E.Tests.Stage;

/// <summary>The dashboard as people start it: a process of its own, with a data directory of its own.</summary>
/// <remarks>It can be killed without warning and started again where it was.</remarks>
public sealed class Dashboard : IAsyncDisposable
{
    /// <summary>The access token; given, so that it outlives a restart.</summary>
    public const string Token = "a-token-for-the-tests-alone";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static int s_made;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sqsnet-e2e-");
    private readonly string _importRoot;
    private Process? _process;
    private int _port;

    private Dashboard()
    {
        _importRoot = _folder.CreateSubdirectory("imports").FullName;
        Log = Path.Combine(Repository.Evidence, $"server-{Interlocked.Increment(ref s_made)}.log");
        File.Delete(Log);
    }

    /// <summary>The server's own address, such as http://127.0.0.1:40123.</summary>
    public Uri Address => new($"http://127.0.0.1:{_port}");

    /// <summary>The link that the server printed when it started.</summary>
    public Uri Link { get; private set; } = null!;

    /// <summary>A directory whose folders may be imported as datasets.</summary>
    public string ImportRoot => _importRoot;

    /// <summary>The file that holds everything the server has said.</summary>
    public string Log { get; }

    /// <summary>What scripts talk to.</summary>
    public Api Api { get; private set; } = null!;

    /// <summary>Starts a dashboard with an empty store on a free port.</summary>
    public static async Task<Dashboard> StartNewAsync()
    {
        var dashboard = new Dashboard();
        await dashboard.StartAsync();
        return dashboard;
    }

    /// <summary>Starts the server: on a free port at first, later on the same one, with the same data.</summary>
    public async Task StartAsync()
    {
        var start = new ProcessStartInfo("dotnet")
        {
            WorkingDirectory = _folder.FullName,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList = { Repository.Program, "--port", $"{_port}", "--token", Token, "--data", "data" },
            Environment = { ["SqsNet__ImportRoots__0"] = _importRoot },
        };
        var listening = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => Heard(line.Data, listening);
        _process.ErrorDataReceived += (_, line) => Heard(line.Data, listening);
        _process.Exited += (_, _) =>
            listening.TrySetException(new InvalidOperationException($"The server ended at once; see {Log}."));
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        Link = await listening.Task.WaitAsync(Patience);
        _port = Link.Port;
        Api ??= new Api(Address);
    }

    /// <summary>Ends the process as the kernel does it: no signal handler, no goodbye (kill -9).</summary>
    public async Task KillAsync()
    {
        if (_process is not { } process)
            return;
        _process = null;
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }

    /// <summary>Kills the server and removes its data.</summary>
    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        Api?.Dispose();
        _folder.Delete(recursive: true);
    }

    private void Heard(string? line, TaskCompletionSource<Uri> listening)
    {
        if (line is null)
            return;
        lock (_folder)
            File.AppendAllText(Log, line + "\n");
        const string announcement = "Now listening on ";
        if (line.StartsWith(announcement, StringComparison.Ordinal))
            listening.TrySetResult(new Uri(line[announcement.Length..]));
    }
}
