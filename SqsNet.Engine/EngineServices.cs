using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using SqsNet.Engine.Data;
using SqsNet.Engine.Efficiency;
using SqsNet.Engine.Events;
using SqsNet.Engine.Executors;
using SqsNet.Engine.Explain;
using SqsNet.Engine.Sweeps;
using SqsNet.Engine.Training;

namespace SqsNet.Engine;

/// <summary>Registers the engine.</summary>
public static class EngineServices
{
    /// <summary>
    /// Adds what the engine brings. The host adds logging, and the two ports <see cref="ISweepStore"/> and
    /// <see cref="IEventLog"/>.
    /// </summary>
    public static IServiceCollection AddSqsEngine(this IServiceCollection services, EngineOptions options)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options);
        services.TryAddSingleton<ChangeFeed>();
        services.AddSingleton<DatasetRegistry>();
        services.AddSingleton<TrialRunner>();
        services.AddSingleton<TrialExplainer>();
        services.AddSingleton(DevicePool.Of(options));
        services.AddSingleton<InProcessExecutor>();
        services.AddSingleton<ProcessExecutor>();
        services.AddSingleton<IExecutor, ChosenExecutor>();
        services.AddSingleton<SweepManager>();
        services.AddSingleton(new SpeedFile(options.DataDirectory));
        services.AddSingleton<EfficiencyMeter>();
        services.AddSingleton<ModelMeasuring>();
        return services;
    }
}
