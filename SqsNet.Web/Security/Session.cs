using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace SqsNet.Web.Security;

/// <summary>The browser's session: a cookie that the login link is exchanged for.</summary>
internal static class Session
{
    public const string Owner = "owner";
    private const string FingerprintClaim = "token";

    public static Task SignInAsync(HttpContext context, AccessToken token)
    {
        var identity = new ClaimsIdentity(
            [new(ClaimTypes.Name, Owner), new(FingerprintClaim, token.Fingerprint)],
            CookieAuthenticationDefaults.AuthenticationScheme
        );
        return context.SignInAsync(
            CookieAuthenticationDefaults.AuthenticationScheme,
            new ClaimsPrincipal(identity),
            new AuthenticationProperties { IsPersistent = true }
        );
    }

    /// <summary>Cookies are shared between the ports of a host, so the name carries the port.</summary>
    public static string CookieName(string purpose, int port) =>
        purpose.Length == 0 ? $"sqsnet-{port}" : $"sqsnet-{purpose}-{port}";

    public static void Configure(CookieAuthenticationOptions options, int port)
    {
        options.Cookie.Name = CookieName("", port);
        options.Cookie.HttpOnly = true;
        options.Cookie.SameSite = SameSiteMode.Strict;
        options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        options.LoginPath = Urls.Login;
        options.LogoutPath = Urls.Logout;
        options.ReturnUrlParameter = "returnUrl";
        options.ExpireTimeSpan = TimeSpan.FromDays(7);
        options.SlidingExpiration = true;
        options.Events.OnRedirectToLogin = context =>
        {
            // Programs and sockets get a bare 401 where a page would be sent to the login.
            if (Urls.ForPrograms.Any(path => context.Request.Path.StartsWithSegments(path)))
                context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            else
                context.Response.Redirect(context.RedirectUri);
            return Task.CompletedTask;
        };
        options.Events.OnValidatePrincipal = async context =>
        {
            var token = context.HttpContext.RequestServices.GetRequiredService<AccessToken>();
            if (context.Principal?.FindFirstValue(FingerprintClaim) == token.Fingerprint)
                return;
            context.RejectPrincipal();
            await context.HttpContext.SignOutAsync(CookieAuthenticationDefaults.AuthenticationScheme);
        };
    }
}
