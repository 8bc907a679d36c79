using System.Security.Cryptography;

namespace SqsNet.Web.Security;

/// <summary>The response headers that tell a browser what pages of ours may do.</summary>
internal static class SecurityHeaders
{
    private static readonly object NonceKey = new();

    /// <summary>The nonce of the one inline script that Blazor writes: the import map.</summary>
    public static string Nonce(HttpContext context) =>
        context.Items[NonceKey] as string ?? throw new InvalidOperationException("The request has no nonce.");

    public static Task Apply(HttpContext context, RequestDelegate next)
    {
        var nonce = Convert.ToBase64String(RandomNumberGenerator.GetBytes(16));
        context.Items[NonceKey] = nonce;
        var headers = context.Response.Headers;
        // Styles may stand inline: Radzen positions its popups and columns with style attributes. Scripts may not.
        headers.ContentSecurityPolicy =
            $"default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'unsafe-inline'; "
            + "img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; base-uri 'self'; form-action 'self'; "
            + "frame-ancestors 'none'; object-src 'none'";
        headers.XContentTypeOptions = "nosniff";
        // Other sites learn nothing; with "no-referrer" browsers would send our own forms with the origin "null".
        headers["Referrer-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()";
        return next(context);
    }
}
