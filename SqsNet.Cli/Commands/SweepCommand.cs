using System.CommandLine;
using SqsNet.Engine.Events;
using SqsNet.Engine.Sweeps;

namespace SqsNet.Cli.Commands;

/// <summary>sweep SPEC.json: a whole sweep without a browser, into the same store as the dashboard.</summary>
internal static class SweepCommand
{
    internal static Command Create(TextWriter output)
    {
        var spec = CommonOptions.Spec();
        var data = CommonOptions.Data();
        var device = CommonOptions.Device();
        var follow = new Option<bool>("--follow") { Description = "Print every epoch of every trial" };
        var command = new Command("sweep", "Run a whole sweep without a browser") { spec, data, device, follow };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var sweep = SweepSpecJson.Parse(CommonOptions.ReadSpec(parsed.GetRequiredValue(spec)));
                await using var host = EngineHost.Open(parsed.GetRequiredValue(data), parsed.GetRequiredValue(device));
                return await RunAsync(host, sweep, parsed.GetValue(follow), output, cancellationToken);
            }
        );
        return command;
    }

    private static async Task<int> RunAsync(
        EngineHost host,
        SweepSpec spec,
        bool follow,
        TextWriter output,
        CancellationToken cancellationToken
    )
    {
        var manager = host.Get<SweepManager>();
        // The sweep that was asked for, and whatever an earlier process left unfinished in this store.
        await manager.RecoverAsync(cancellationToken);
        var id = await manager.StartAsync(spec, cancellationToken);
        output.WriteLine($"sweep {id}");
        using var progress = new SweepProgress(host, id, follow ? output : null);
        try
        {
            await manager.WaitAsync(id, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            await manager.ShutdownAsync(CancellationToken.None);
            throw new CommandException(
                $"interrupted; sweep {id} goes on when the dashboard or the next sweep command opens this store."
            );
        }
        await host.Get<IEventLog>().FlushAsync(cancellationToken);
        await progress.FinishAsync();
        return await SummarizeAsync(host, id, output, cancellationToken);
    }

    private static async Task<int> SummarizeAsync(
        EngineHost host,
        long id,
        TextWriter output,
        CancellationToken cancellationToken
    )
    {
        var store = host.Get<ISweepStore>();
        var sweep = await store.FindSweepAsync(id, cancellationToken) ?? throw new NotFoundException($"sweep {id}");
        var trials = await store.ListTrialsAsync(id, cancellationToken);
        foreach (var failed in trials.Where(t => t.State == TrialState.Failed))
            output.WriteLine($"trial {failed.Id} failed: {failed.Message}");
        var counts = string.Join(
            ", ",
            sweep.Counts.OrderBy(c => c.Key).Select(c => $"{c.Value} {SweepSpecJson.Word(c.Key)}")
        );
        output.WriteLine($"{SweepSpecJson.Word(sweep.State)}: {counts}. {sweep.Message}".TrimEnd());
        output.WriteLine($"Read it with: ./sqsnet report metrics --sweep {id}");
        return sweep.State == SweepState.Completed ? SqsCli.Done : SqsCli.Failed;
    }
}
