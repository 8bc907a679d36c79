using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting.Server;

namespace SqsNet.Web.Security;

/// <summary>Everything that decides who may come in.</summary>
internal static class SecurityServices
{
    private const string Either = "CookieOrBearer";
    private const string Bearer = "Bearer";

    public static void AddSqsSecurity(this IServiceCollection services, SqsNetOptions options)
    {
        services.AddSingleton<AccessToken>();
        services
            .AddAuthentication(Either)
            .AddPolicyScheme(
                Either,
                null,
                options =>
                    options.ForwardDefaultSelector = context =>
                        BearerHandler.HasHeader(context) ? Bearer : CookieAuthenticationDefaults.AuthenticationScheme
            )
            .AddScheme<AuthenticationSchemeOptions, BearerHandler>(Bearer, null)
            .AddCookie();
        // Configured on first use, after the server has bound: only then is the port known when it was 0.
        services
            .AddOptions<CookieAuthenticationOptions>(CookieAuthenticationDefaults.AuthenticationScheme)
            .Configure<IServer>((cookie, server) => Session.Configure(cookie, server.Port()));
        services.AddAntiforgery(antiforgery =>
        {
            antiforgery.Cookie.Name = Session.CookieName("forms", options.Port);
            antiforgery.Cookie.SameSite = SameSiteMode.Strict;
            antiforgery.SuppressXFrameOptionsHeader = true; // the content security policy says it
        });
        services
            .AddAuthorizationBuilder()
            .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
        services.AddCascadingAuthenticationState();
        services
            .AddDataProtection()
            .SetApplicationName("SqsNet")
            .PersistKeysToFileSystem(KeysDirectory(options.DataDirectory));
    }

    /// <summary>Where the keys of the cookies are kept, so that sessions outlive a restart; readable by the owner only.</summary>
    private static DirectoryInfo KeysDirectory(string dataDirectory)
    {
        var directory = Directory.CreateDirectory(Path.Combine(dataDirectory, "keys"));
        if (!OperatingSystem.IsWindows())
            directory.UnixFileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        return directory;
    }

    /// <summary>Checks before anything else looks at a request.</summary>
    public static void UseRequestGuard(this WebApplication app)
    {
        app.Use(next => context => SecurityHeaders.Apply(context, next));
        app.UseMiddleware<RequestGuard>();
    }
}
