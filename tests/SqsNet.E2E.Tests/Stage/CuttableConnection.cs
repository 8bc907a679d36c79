using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace SqsNet.E2E.Tests.Stage;

/// <summary>A wire between the browser and a dashboard that can be cut and mended.</summary>
/// <remarks>It passes bytes on and knows no HTTP: what a pulled cable or a sleeping laptop does to the page, it does.</remarks>
public sealed class CuttableConnection : IAsyncDisposable
{
    private readonly CancellationTokenSource _over = new();
    private readonly ConcurrentDictionary<Socket, bool> _open = new();
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly int _port;
    private readonly Task _accepting;
    private volatile bool _cut;

    /// <summary>Lays a wire to a server on this machine.</summary>
    public CuttableConnection(Uri server)
    {
        _port = server.Port;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>The same address through the wire.</summary>
    public Uri Through(Uri address) =>
        new UriBuilder(address) { Port = ((IPEndPoint)_listener.LocalEndpoint).Port }.Uri;

    /// <summary>Breaks every connection and lets no new one through.</summary>
    public void Cut()
    {
        _cut = true;
        foreach (var socket in _open.Keys)
            Break(socket);
    }

    /// <summary>Lets connections through again.</summary>
    public void Mend() => _cut = false;

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        _listener.Stop();
        Cut();
        await _accepting;
        _over.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var browser = await _listener.AcceptSocketAsync(_over.Token);
                _ = PassAsync(browser);
            }
        }
        catch (Exception over) when (over is OperationCanceledException or SocketException)
        {
            // The wire is taken away.
        }
    }

    private async Task PassAsync(Socket browser)
    {
        var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            _open[browser] = _open[server] = true;
            if (_cut)
                return;
            await server.ConnectAsync(IPAddress.Loopback, _port, _over.Token);
            await Task.WhenAny(CopyAsync(browser, server), CopyAsync(server, browser));
        }
        catch (Exception broken)
            when (broken is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // Cut, or one of the two has gone.
        }
        finally
        {
            Break(browser);
            Break(server);
        }
    }

    private async Task CopyAsync(Socket from, Socket to)
    {
        try
        {
            var bytes = new byte[64 * 1024];
            while (await from.ReceiveAsync(bytes, SocketFlags.None, _over.Token) is var read and > 0)
                await to.SendAsync(bytes.AsMemory(0, read), SocketFlags.None, _over.Token);
        }
        catch (Exception broken)
            when (broken is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // As above.
        }
    }

    private void Break(Socket socket)
    {
        _open.TryRemove(socket, out _);
        socket.Close(timeout: 0);
    }
}
