using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace SqsNet.Web;

/// <summary>Where the server listens, once it does.</summary>
public static class ServerAddress
{
    /// <summary>The server's own address, such as http://127.0.0.1:5180.</summary>
    /// <exception cref="InvalidOperationException">The server has not started.</exception>
    public static Uri Address(this IServer server) =>
        server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() is { } address
            ? new Uri(address)
            : throw new InvalidOperationException("The server has not started, so its address is not known.");

    /// <summary>The port that the server listens on.</summary>
    /// <exception cref="InvalidOperationException">The server has not started.</exception>
    public static int Port(this IServer server) => server.Address().Port;
}
