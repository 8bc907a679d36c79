using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.Options;
using Radzen;
using SqsNet.Engine;
using SqsNet.Storage;
using SqsNet.Web.Api;
using SqsNet.Web.Components;
using SqsNet.Web.Components.Shared;
using SqsNet.Web.Live;
using SqsNet.Web.Security;

namespace SqsNet.Web;

/// <summary>Builds and runs the dashboard. The only place that reads configuration.</summary>
public static class SqsNetApp
{
    private const int Failed = 1;
    private const int BadUsage = 2;

    /// <summary>Runs the dashboard until it is told to stop.</summary>
    /// <param name="args">The options of "serve".</param>
    /// <param name="errors">Where to say what is wrong; null for the standard error stream.</param>
    /// <returns>The exit code: 0 = done, 1 = failed, 2 = bad usage.</returns>
    public static async Task<int> RunAsync(string[] args, TextWriter? errors = null)
    {
        errors ??= Console.Error;
        try
        {
            await using var app = Build(args);
            await StartAsync(app);
            Announce(app);
            await app.WaitForShutdownAsync();
            return 0;
        }
        catch (UsageException wrong)
        {
            await errors.WriteLineAsync(wrong.Message);
            return BadUsage;
        }
        catch (OptionsValidationException invalid)
        {
            foreach (var failure in invalid.Failures)
                await errors.WriteLineAsync(failure);
            return BadUsage;
        }
        catch (Exception failure)
            when (failure is IOException or UnauthorizedAccessException or IncompatibleDatabaseException)
        {
            await errors.WriteLineAsync(failure.Message);
            return Failed;
        }
    }

    /// <summary>Builds the dashboard without starting it.</summary>
    /// <param name="args">The options of "serve".</param>
    /// <param name="replace">Called last on the services, so that tests can put fakes in place.</param>
    /// <exception cref="UsageException">The arguments are wrong.</exception>
    /// <exception cref="OptionsValidationException">The settings are wrong; carries every problem.</exception>
    public static WebApplication Build(string[] args, Action<IServiceCollection>? replace = null)
    {
        var builder = WebApplication.CreateBuilder(
            new WebApplicationOptions
            {
                ApplicationName = typeof(SqsNetApp).Assembly.GetName().Name,
                ContentRootPath = AppContext.BaseDirectory,
            }
        );
        builder.Configuration.AddInMemoryCollection(ServeArguments.Parse(args));
        var options = ReadOptions(builder);

        builder.WebHost.UseStaticWebAssets();
        // Files keep the lasting addresses of the build: without this the framework takes a build for one that is being
        // edited, and a browser asks for thirty files anew with every page.
        builder.Configuration["ReloadStaticAssetsAtRuntime"] = "false";
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(ListenAddress(options), options.Port);
        });
        // The request log of the framework would hold the login link; these stay quiet whatever the settings say.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical); // told by RunAsync

        AddServices(builder.Services, options);
        replace?.Invoke(builder.Services);

        var app = builder.Build();
        MapEverything(app);
        return app;
    }

    private static async Task StartAsync(WebApplication app)
    {
        try
        {
            await app.StartAsync();
        }
        catch (IOException failure) when (failure.InnerException is AddressInUseException)
        {
            var port = app.Services.GetRequiredService<IOptions<SqsNetOptions>>().Value.Port;
            throw new IOException($"Port {port} is in use by another program. Choose another with --port.", failure);
        }
    }

    /// <summary>Prints the login link: the one time that the token is shown.</summary>
    private static void Announce(WebApplication app)
    {
        var address = app.Services.GetRequiredService<IServer>().LinkAddress();
        var token = app.Services.GetRequiredService<AccessToken>();
        Console.WriteLine($"Now listening on http://{address.Host}:{address.Port}{Urls.LoginWith(token.Value)}");
    }

    private static SqsNetOptions ReadOptions(WebApplicationBuilder builder)
    {
        var options = builder.Configuration.GetSection(SqsNetOptions.Section).Get<SqsNetOptions>() ?? new();
        var checks = new SqsNetOptionsValidator().Validate(null, options);
        if (checks.Failed)
            throw new OptionsValidationException(SqsNetOptions.Section, typeof(SqsNetOptions), checks.Failures);
        options.DataDirectory = Path.GetFullPath(options.DataDirectory);
        builder.Services.AddSingleton(Options.Create(options));
        return options;
    }

    private static void AddServices(IServiceCollection services, SqsNetOptions options)
    {
        services.AddSqsSecurity(options);
        var engine = new EngineOptions
        {
            DataDirectory = options.DataDirectory,
            Threads = options.Threads,
            Device = options.Device,
            CheckpointBudget = (long)(options.CheckpointGigabytes * SqsNetOptions.BytesPerGigabyte),
        };
        services.AddSqsEngine(engine);
        services.AddSqsStorage(options.DataDirectory);
        services.AddSingleton<LiveEvents>();
        services.AddSingleton<TrialMarker>();
        services.AddSingleton<Handover>();
        // Files alone: compressing what holds both a secret and a stranger's words would tell of the secret by its length.
        services.AddResponseCompression(options => options.MimeTypes = ["text/css", "text/javascript"]);
        services.AddSingleton<SweepEnds>();
        services.AddHostedService(provider => provider.GetRequiredService<SweepEnds>());
        services.AddHttpClient(SweepWebhook.Client, client => client.Timeout = TimeSpan.FromSeconds(10));
        services.AddHostedService<SweepWebhook>();
        services.AddHostedService<SweepHost>();
        services.AddHttpContextAccessor();
        services.AddProblemDetails();
        services.AddExceptionHandler<ProblemExceptionHandler>();
        services.ConfigureHttpJsonOptions(json => ApiJson.Configure(json.SerializerOptions));
        services.AddOpenApi();
        services.AddRazorComponents().AddInteractiveServerComponents();
        services.AddRadzenComponents();
        services.AddScoped<PageQuery>();
        services.AddSignalR(hub =>
        {
            hub.KeepAliveInterval = TimeSpan.FromSeconds(5);
            hub.MaximumReceiveMessageSize = 256 * 1024; // a subscription names thousands of trials
        });
    }

    private static void MapEverything(WebApplication app)
    {
        app.UseResponseCompression();
        app.UseRequestGuard();
        app.UseWhen(
            IsForPrograms,
            branch =>
            {
                branch.UseExceptionHandler();
                branch.UseStatusCodePages();
            }
        );
        app.UseWhen(
            context => !IsForPrograms(context),
            branch =>
            {
                branch.UseExceptionHandler(Urls.Error);
                branch.UseStatusCodePagesWithReExecute(Urls.NotFound);
            }
        );
        app.UseRouting(); // after the error pages, which are found by routing again
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseAntiforgery();

        app.MapStaticAssets().AllowAnonymous();
        app.MapGet(Urls.Health, () => new { status = "ok" }).AllowAnonymous();
        app.MapLogin();
        app.MapApi();
        app.MapOpenApi(Urls.OpenApi).RequireAuthorization();
        app.MapHub<LiveHub>(Urls.LiveHub).RequireAuthorization();
        app.MapRazorComponents<App>()
            .AddInteractiveServerRenderMode(mode => mode.ContentSecurityFrameAncestorsPolicy = null)
            .RequireAuthorization();
    }

    /// <summary>Whether errors are answered with problem details rather than a page.</summary>
    private static bool IsForPrograms(HttpContext context) =>
        Urls.ForPrograms.Any(path => context.Request.Path.StartsWithSegments(path));

    private static IPAddress ListenAddress(SqsNetOptions options) =>
        IPAddress.TryParse(options.Host, out var address) ? address : IPAddress.Loopback;
}
