using System.Net;
using Microsoft.Extensions.Options;

namespace SqsNet.Web.Security;

/// <summary>
/// Refuses requests under a foreign host name (DNS rebinding) and requests that another site's page sends, WebSocket
/// upgrades included: CORS does not cover those, and ASP.NET Core lets every origin open a hub by default.
/// </summary>
internal sealed class RequestGuard(RequestDelegate next, IOptions<SqsNetOptions> options)
{
    private static readonly string[] Loopback = ["127.0.0.1", "localhost", "[::1]"];

    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        if (!IsKnownHost(request.Host.Host))
            return Refuse(context, StatusCodes.Status400BadRequest, "This host name is not served here.");
        if (!IsOwnOrigin(request))
            return Refuse(context, StatusCodes.Status403Forbidden, "Requests from other sites are refused.");
        return next(context);
    }

    private bool IsKnownHost(string host)
    {
        if (Loopback.Contains(host, StringComparer.OrdinalIgnoreCase))
            return true;
        if (options.Value.IsLoopback)
            return false;
        // Rebinding needs a name; an address written out cannot be rebound.
        return IPAddress.TryParse(host.Trim('[', ']'), out _)
            || host.Equals(Dns.GetHostName(), StringComparison.OrdinalIgnoreCase)
            || options.Value.AllowedHosts.Contains(host, StringComparer.OrdinalIgnoreCase);
    }

    private static bool IsOwnOrigin(HttpRequest request)
    {
        var origin = request.Headers.Origin.ToString();
        if (origin.Length > 0)
            return origin.Equals($"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase);
        // Browsers that send no Origin still say where a request comes from. Reading by a link is fine.
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        return site is "" or "same-origin" or "none" || (HttpMethods.IsGet(request.Method) && IsNavigation(request));
    }

    private static bool IsNavigation(HttpRequest request) => request.Headers["Sec-Fetch-Mode"] == "navigate";

    private static Task Refuse(HttpContext context, int status, string reason) =>
        Results.Problem(reason, statusCode: status).ExecuteAsync(context);
}
