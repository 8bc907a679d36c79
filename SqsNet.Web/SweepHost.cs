using SqsNet.Engine.Executors;
using SqsNet.Engine.Sweeps;
using SqsNet.Storage;

namespace SqsNet.Web;

/// <summary>Ties the sweeps to the server's life: adopts what an earlier process left, lets trials halt at the end.</summary>
internal sealed class SweepHost(SqsDatabase database, IServiceProvider services) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(database);
        if (services.GetService<IExecutor>() is not null)
            await services.GetRequiredService<SweepManager>().RecoverAsync(cancellationToken);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (services.GetService<IExecutor>() is not null)
            await services.GetRequiredService<SweepManager>().ShutdownAsync(cancellationToken);
    }
}
