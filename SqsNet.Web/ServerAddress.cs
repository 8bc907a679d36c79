using System.Net;
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

    /// <summary>
    /// The address for links that people follow: where the server listens on every address of its machine, it holds the
    /// machine's name, as nobody elsewhere can open 0.0.0.0.
    /// </summary>
    /// <exception cref="InvalidOperationException">The server has not started.</exception>
    public static Uri LinkAddress(this IServer server)
    {
        var address = server.Address();
        if (!IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip) || !IsAny(ip))
            return address;
        var machine = Dns.GetHostName();
        // Linux calls a machine that nobody has named "(none)".
        return Uri.CheckHostName(machine) == UriHostNameType.Unknown
            ? address
            : new UriBuilder(address) { Host = machine }.Uri;
    }

    /// <summary>The port that the server listens on.</summary>
    /// <exception cref="InvalidOperationException">The server has not started.</exception>
    public static int Port(this IServer server) => server.Address().Port;

    private static bool IsAny(IPAddress address) => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);
}
