using System.IO.Pipelines;
using System.Net;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;

namespace SqsNet.Web.Tests.Live;

/// <summary>A client of the hub over a WebSocket of its own; the package that brings one is not on every mirror.</summary>
internal static class HubClient
{
    public static async Task<HubConnection> ConnectAsync(TestApp app, CancellationToken cancellationToken = default)
    {
        var builder = new HubConnectionBuilder();
        builder.Services.AddSingleton<IConnectionFactory>(new WebSocketFactory(app.Token));
        var url = new UriBuilder(app.Address) { Scheme = "ws", Path = Urls.LiveHub }.Uri;
        builder.Services.AddSingleton<EndPoint>(new UriEndPoint(url));
        var connection = builder.Build();
        await connection.StartAsync(cancellationToken);
        return connection;
    }

    private sealed class WebSocketFactory(string token) : IConnectionFactory
    {
        public async ValueTask<ConnectionContext> ConnectAsync(
            EndPoint endpoint,
            CancellationToken cancellationToken = default
        )
        {
            var socket = new ClientWebSocket();
            socket.Options.SetRequestHeader("Authorization", $"Bearer {token}");
            await socket.ConnectAsync(((UriEndPoint)endpoint).Uri, cancellationToken);
            return new WebSocketConnection(socket);
        }
    }

    private sealed class WebSocketConnection : ConnectionContext
    {
        private readonly ClientWebSocket _socket;
        private readonly IDuplexPipe _application;
        private readonly CancellationTokenSource _closed = new();
        private readonly Task _pumps;

        public WebSocketConnection(ClientWebSocket socket)
        {
            _socket = socket;
            var incoming = new Pipe();
            var outgoing = new Pipe();
            Transport = new Duplex(incoming.Reader, outgoing.Writer);
            _application = new Duplex(outgoing.Reader, incoming.Writer);
            ConnectionClosed = _closed.Token;
            _pumps = Task.WhenAll(ReceiveAsync(), SendAsync());
        }

        public override IDuplexPipe Transport { get; set; }
        public override string ConnectionId { get; set; } = Guid.NewGuid().ToString("n");
        public override IFeatureCollection Features { get; } = new FeatureCollection();
        public override IDictionary<object, object?> Items { get; set; } = new Dictionary<object, object?>();

        public override async ValueTask DisposeAsync()
        {
            await Transport.Output.CompleteAsync();
            await Transport.Input.CompleteAsync();
            _socket.Abort();
            await _pumps;
            _socket.Dispose();
            _closed.Dispose();
            await base.DisposeAsync();
        }

        private async Task ReceiveAsync()
        {
            Exception? failure = null;
            try
            {
                while (true)
                {
                    var received = await _socket.ReceiveAsync(_application.Output.GetMemory(16384), default);
                    if (received.MessageType == WebSocketMessageType.Close)
                        break;
                    _application.Output.Advance(received.Count);
                    if ((await _application.Output.FlushAsync()).IsCompleted)
                        break;
                }
            }
            catch (Exception cut)
            {
                failure = cut;
            }
            await _application.Output.CompleteAsync(failure);
            await _closed.CancelAsync();
        }

        private async Task SendAsync()
        {
            try
            {
                while (true)
                {
                    var read = await _application.Input.ReadAsync();
                    foreach (var memory in read.Buffer)
                        await _socket.SendAsync(memory, WebSocketMessageType.Text, true, default);
                    _application.Input.AdvanceTo(read.Buffer.End);
                    if (read.IsCompleted)
                        break;
                }
            }
            catch (Exception)
            {
                // Cut, in one of many ways; the receiver says so.
            }
        }

        private sealed record Duplex(PipeReader Input, PipeWriter Output) : IDuplexPipe;
    }
}
