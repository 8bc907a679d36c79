using System.Net;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace SqsNet.Web.Security;

/// <summary>The door: exchanges the login link's token for the session cookie, and ends sessions.</summary>
internal static class Login
{
    public static void MapLogin(this IEndpointRouteBuilder app)
    {
        app.MapGet(Urls.Login, EnterAsync).AllowAnonymous().ExcludeFromDescription();
        app.MapPost(Urls.Logout, LeaveAsync).RequireAuthorization().ExcludeFromDescription();
    }

    private static async Task<IResult> EnterAsync(HttpContext context, AccessToken token, string? t, string? returnUrl)
    {
        context.Response.Headers.CacheControl = "no-store";
        var target = IsLocal(returnUrl) ? returnUrl! : Urls.Home;
        if (!token.Matches(t))
            return Page(StatusCodes.Status401Unauthorized, Explain(wrong: t is not null, target));
        await Session.SignInAsync(context, token);
        // A browser withholds a Strict cookie along a redirect that another site started (a terminal in a web page);
        // a page of ours that moves on by itself is a fresh start.
        return context.Request.Headers["Sec-Fetch-Site"] == "cross-site"
            ? Page(StatusCodes.Status200OK, MoveOn(target))
            : Results.LocalRedirect(target);
    }

    private static async Task<IResult> LeaveAsync(HttpContext context, IAntiforgery antiforgery)
    {
        // An endpoint that binds no form is not checked by the middleware, so check here.
        if (!await antiforgery.IsRequestValidAsync(context))
            return Results.Problem("The antiforgery token is missing or wrong.", statusCode: 400);
        await context.SignOutAsync(CookieAuthenticationDefaults.AuthenticationScheme);
        return Results.LocalRedirect(Urls.Login);
    }

    private static bool IsLocal(string? url) =>
        url is ['/', ..] and not ['/', '/' or '\\', ..] && !url.Any(char.IsControl);

    private static IResult Page(int status, string body) =>
        Results.Content(
            $$"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>Log in to SqsNet</title>
            <link rel="icon" href="data:,">
            <style>
            :root { color-scheme: light dark; }
            body { font: 1rem/1.5 system-ui, sans-serif; max-width: 34rem; margin: 12vh auto; padding: 0 1rem; }
            h1 { font-size: 1.4rem; }
            label { display: block; margin: 1.5rem 0 .3rem; }
            form div { display: flex; gap: .5rem; }
            input { flex: 1; font: inherit; padding: .4rem .6rem; }
            button { font: inherit; padding: .4rem 1rem; }
            </style>
            </head>
            <body>
            <main>
            {{body}}
            </main>
            </body>
            </html>
            """,
            "text/html; charset=utf-8",
            statusCode: status
        );

    private static string Explain(bool wrong, string target)
    {
        var reason = wrong
            ? "This login link is not from the running server. Each start makes a new link, unless the server was given a token."
            : "This dashboard is opened with the link that the server prints when it starts.";
        return $"""
            <h1>Log in to SqsNet</h1>
            <p role="alert">{reason}</p>
            <p>Look for the line <code>Now listening on …/login?t=…</code> in the terminal and open that link, or paste
            the part after <code>t=</code> here.</p>
            <form method="get" action="{Urls.Login}">
            <input type="hidden" name="returnUrl" value="{WebUtility.HtmlEncode(target)}">
            <label for="t">Access token</label>
            <div><input id="t" name="t" type="password" autocomplete="current-password" required autofocus>
            <button type="submit">Log in</button></div>
            </form>
            """;
    }

    private static string MoveOn(string target)
    {
        var url = WebUtility.HtmlEncode(target);
        return $"""<meta http-equiv="refresh" content="0;url={url}"><p>You are logged in. <a href="{url}">Go on</a></p>""";
    }
}
