using System.Runtime.ExceptionServices;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.HtmlRendering.Infrastructure;
using Microsoft.AspNetCore.Components.RenderTree;
using Microsoft.AspNetCore.Components.Web.HtmlRendering;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace SqsNet.Web.Tests.Components;

#pragma warning disable BL0006 // the frames are the only place that has the ids of event handlers

/// <summary>A component that lives without a browser: its HTML can be read and its events fired.</summary>
internal sealed class Rendered : StaticHtmlRenderer
{
    private readonly HashSet<int> _components = [];
    private readonly Dictionary<Type, int> _drawn = [];
    private HtmlRootComponent _root;

    private Rendered(IServiceProvider services)
        : base(services, NullLoggerFactory.Instance) { }

    /// <summary>Renders a component until it has nothing more to read.</summary>
    public static async Task<Rendered> ShowAsync<T>(
        IServiceProvider services,
        params (string Name, object? Value)[] parameters
    )
        where T : IComponent
    {
        var rendered = new Rendered(services);
        await rendered.Dispatcher.InvokeAsync(async () =>
        {
            rendered._root = rendered.BeginRenderingComponent(
                typeof(T),
                ParameterView.FromDictionary(parameters.ToDictionary(p => p.Name, p => p.Value))
            );
            await rendered._root.QuiescenceTask;
        });
        return rendered;
    }

    /// <summary>The component as it is now.</summary>
    public async Task<IElement> HtmlAsync()
    {
        var html = await Dispatcher.InvokeAsync(_root.ToHtmlString);
        return new HtmlParser().ParseDocument($"<body>{html}</body>").Body!;
    }

    /// <summary>All its text, on one line.</summary>
    public async Task<string> TextAsync() =>
        string.Join(' ', (await HtmlAsync()).TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    /// <summary>How often components of a type have been drawn.</summary>
    public int Drawn<T>()
        where T : IComponent => _drawn.GetValueOrDefault(typeof(T));

    /// <summary>Fires an event at the first element that has a handler for it and the wanted attribute.</summary>
    public Task FireAsync(string eventName, string attribute, string value, EventArgs args) =>
        Dispatcher.InvokeAsync(async () =>
        {
            var handler = FindHandler(eventName, attribute, value);
            await DispatchEventAsync(handler, null, args, waitForQuiescence: true);
        });

    /// <summary>Waits until the component shows what is expected; the test's own limit ends the wait.</summary>
    public async Task<IElement> WaitAsync(Func<IElement, bool> expected)
    {
        while (true)
        {
            var html = await HtmlAsync();
            if (expected(html))
                return html;
            await Task.Delay(10, Xunit.TestContext.Current.CancellationToken);
        }
    }

    public Task ClickAsync(string id) =>
        FireAsync("onclick", "id", id, new Microsoft.AspNetCore.Components.Web.MouseEventArgs());

    public Task TypeAsync(string id, string text) =>
        FireAsync("oninput", "id", id, new ChangeEventArgs { Value = text });

    public Task ChangeAsync(string id, object value) =>
        FireAsync("onchange", "id", id, new ChangeEventArgs { Value = value });

    private ulong FindHandler(string eventName, string attribute, string value)
    {
        foreach (var id in _components)
        {
            ArrayRange<RenderTreeFrame> frames;
            try
            {
                frames = GetCurrentRenderTreeFrames(id);
            }
            catch (ArgumentException)
            {
                continue; // gone since
            }
            for (var i = 0; i < frames.Count; i++)
            {
                if (frames.Array[i].FrameType != RenderTreeFrameType.Element)
                    continue;
                var (matches, handler) = (false, 0UL);
                for (var j = i + 1; j < frames.Count && frames.Array[j].FrameType == RenderTreeFrameType.Attribute; j++)
                {
                    var frame = frames.Array[j];
                    matches |= frame.AttributeName == attribute && frame.AttributeValue?.ToString() == value;
                    if (frame.AttributeName == eventName)
                        handler = frame.AttributeEventHandlerId;
                }
                if (matches && handler != 0)
                    return handler;
            }
        }
        throw new InvalidOperationException($"No element with {attribute}=\"{value}\" hears {eventName}.");
    }

    protected override void HandleException(Exception exception) => ExceptionDispatchInfo.Capture(exception).Throw();

    protected override Task UpdateDisplayAsync(in RenderBatch renderBatch)
    {
        for (var i = 0; i < renderBatch.UpdatedComponents.Count; i++)
        {
            var id = renderBatch.UpdatedComponents.Array[i].ComponentId;
            _components.Add(id);
            var type = GetComponentState(id).Component.GetType();
            _drawn[type] = _drawn.GetValueOrDefault(type) + 1;
        }
        // Completed rather than cancelled, as the base has it: so that OnAfterRender runs, as it does in a browser.
        return Task.CompletedTask;
    }
}

/// <summary>The services that pages ask for: real store and engine, a browser that only keeps what it is told.</summary>
internal sealed class PageServices : IAsyncDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("sqsnet-pages-").FullName;
    private readonly ServiceProvider _provider;

    public PageServices(string address = "http://localhost/")
    {
        var services = new ServiceCollection();
        services.AddLogging();
        var options = new SqsNetOptions { DataDirectory = _data };
        services.AddSingleton(Microsoft.Extensions.Options.Options.Create(options));
        SqsNet.Storage.StorageServices.AddSqsStorage(services, _data);
        SqsNet.Engine.EngineServices.AddSqsEngine(services, new SqsNet.Engine.EngineOptions { DataDirectory = _data });
        services.AddSingleton<SqsNet.Engine.Data.DatasetRegistry>();
        services.AddSingleton<SqsNet.Engine.Executors.IExecutor>(Executor);
        Radzen.ServiceCollectionExtensions.AddRadzenComponents(services);
        services.AddSupplyValueFromQueryProvider();
        services.AddScoped<SqsNet.Web.Components.Shared.PageQuery>();
        services.AddSingleton<SqsNet.Web.Live.TrialMarker>();
        services.AddSingleton<SqsNet.Web.Live.Handover>();
        services.AddSingleton<Microsoft.JSInterop.IJSRuntime>(Browser);
        services.AddSingleton<NavigationManager>(Address = new PageAddress(address));
        _provider = services.BuildServiceProvider();
    }

    public QuickExecutor Executor { get; } = new() { Holds = true };
    public RecordedBrowser Browser { get; } = new();
    public PageAddress Address { get; }
    public SqsNet.Engine.Events.ISweepStore Store => Get<SqsNet.Engine.Events.ISweepStore>();

    public T Get<T>()
        where T : notnull => _provider.GetRequiredService<T>();

    public Task<Rendered> ShowAsync<T>(params (string Name, object? Value)[] parameters)
        where T : IComponent => Rendered.ShowAsync<T>(_provider, parameters);

    public async ValueTask DisposeAsync()
    {
        Executor.Release();
        await _provider.DisposeAsync();
        Directory.Delete(_data, recursive: true);
    }
}

/// <summary>An address bar.</summary>
internal sealed class PageAddress : NavigationManager
{
    private readonly Queue<string> _asked = new();

    public PageAddress(string address) => Initialize("http://localhost/", address);

    /// <summary>Whether an address stands only when <see cref="Come"/> lets it, as if a browser were far away.</summary>
    public bool ComesLate { get; init; }

    /// <summary>Lets the oldest address that was asked for stand.</summary>
    /// <param name="passedOver">How many older ones never stand.</param>
    public void Come(int passedOver = 0)
    {
        while (passedOver-- > 0)
            _ = _asked.Dequeue();
        Uri = _asked.Dequeue();
        NotifyLocationChanged(isInterceptedLink: false);
    }

    protected override void NavigateToCore(string uri, NavigationOptions options)
    {
        _asked.Enqueue(ToAbsoluteUri(uri).ToString());
        if (!ComesLate)
            Come();
    }
}
