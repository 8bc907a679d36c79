using Microsoft.Extensions.Options;
using SqsNet.Engine.Events;
using SqsNet.Engine.Sweeps;
using SqsNet.Web.Forms;

namespace SqsNet.Web;

/// <summary>Ties the sweeps to the server's life: adopts what an earlier process left, lets trials halt at the end.</summary>
internal sealed class SweepHost(SweepManager sweeps, ISweepStore store, IOptions<SqsNetOptions> options)
    : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await sweeps.RecoverAsync(cancellationToken);
        if (options.Value.Demo)
            await StartDemoAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => sweeps.ShutdownAsync(cancellationToken);

    /// <summary>Starts the demo sweep, unless the store has it from an earlier start.</summary>
    private async Task StartDemoAsync(CancellationToken cancellationToken)
    {
        var demo = Presets.Read(Presets.Folder).First(preset => preset.Name == Presets.Demo).Spec;
        var known = await store.ListSweepsAsync(cancellationToken);
        if (!known.Any(sweep => sweep.Spec.Name == demo.Name))
            await sweeps.StartAsync(demo, cancellationToken);
    }
}
