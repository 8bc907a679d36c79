using System.CommandLine;
using SqsNet.Engine.Events;
using SqsNet.Engine.Executors;
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
        command.Subcommands.Add(ExtendCommand(output));
        command.Subcommands.Add(QueueCommand(output));
        foreach (var ask in ControlCommands.Create("sweep", output))
            command.Subcommands.Add(ask);
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var sweep = CommonOptions.ReadSpec(parsed.GetRequiredValue(spec), SweepSpecJson.Parse);
                await using var host = EngineHost.Open(parsed.GetRequiredValue(data), parsed.GetRequiredValue(device));
                return await RunAsync(
                    host,
                    manager => manager.StartAsync(sweep, cancellationToken),
                    before: [],
                    parsed.GetValue(follow),
                    output,
                    cancellationToken
                );
            }
        );
        return command;
    }

    /// <summary>sweep extend ID: more seeds, configurations or epochs, trained at once.</summary>
    private static Command ExtendCommand(TextWriter output)
    {
        var id = SweepId();
        var seeds = new Option<string>("--seeds") { Description = "Further seeds: 5,6", HelpName = "N,N,…" };
        var trials = new Option<int?>("--trials") { Description = "Configurations in all", HelpName = "N" };
        var epochs = new Option<int?>("--epochs") { Description = "Epochs of each trial", HelpName = "N" };
        var pairs = new Option<bool>("--pairs") { Description = "An ablation's parts also left out in pairs" };
        var data = CommonOptions.Data();
        var device = CommonOptions.Device();
        var follow = new Option<bool>("--follow") { Description = "Print every epoch of every trial" };
        var command = new Command("extend", "Give a sweep more seeds, configurations or epochs")
        {
            id,
            seeds,
            trials,
            epochs,
            pairs,
            data,
            device,
            follow,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var extension = new SweepExtension
                {
                    Seeds = ReadSeeds(parsed.GetValue(seeds)),
                    Trials = parsed.GetValue(trials),
                    Epochs = parsed.GetValue(epochs),
                    Pairs = parsed.GetValue(pairs) ? true : null,
                };
                var sweep = parsed.GetRequiredValue(id);
                await using var host = EngineHost.Open(parsed.GetRequiredValue(data), parsed.GetRequiredValue(device));
                return await RunAsync(
                    host,
                    async manager =>
                    {
                        await AskAsync(() => manager.ExtendSweepAsync(sweep, extension, cancellationToken));
                        await ResumeAsync(host, sweep, output, cancellationToken);
                        return sweep;
                    },
                    await host.Get<ISweepStore>().ListTrialsAsync(sweep, cancellationToken),
                    parsed.GetValue(follow),
                    output,
                    cancellationToken
                );
            }
        );
        return command;
    }

    /// <summary>sweep queue ID: another priority and share, for when the store's sweeps go on.</summary>
    private static Command QueueCommand(TextWriter output)
    {
        var id = SweepId();
        var priority = new Option<int?>("--priority")
        {
            Description = "-100 to 100; higher goes first",
            HelpName = "N",
        };
        var share = new Option<int?>("--share")
        {
            Description = "1 to 100: share of the slots among equals",
            HelpName = "N",
        };
        var data = CommonOptions.Data();
        var command = new Command("queue", "Give a sweep another priority and share of the slots")
        {
            id,
            priority,
            share,
            data,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var place = new QueuePlace { Priority = parsed.GetValue(priority), Share = parsed.GetValue(share) };
                var sweep = parsed.GetRequiredValue(id);
                await using var host = EngineHost.Open(parsed.GetRequiredValue(data), "cpu");
                // No manager: nothing is to train for a change of order.
                var store = host.Get<ISweepStore>();
                var record =
                    await store.FindSweepAsync(sweep, cancellationToken)
                    ?? throw new NotFoundException($"Sweep {sweep}");
                if (record.State.IsFinished())
                    throw new CommandException($"Sweep {sweep} has ended.");
                var placed = place.Apply(record.Spec);
                await store.SetSweepSpecAsync(sweep, placed, cancellationToken);
                output.WriteLine($"sweep {sweep}: priority {placed.Executor.Priority}, share {placed.Executor.Share}");
                return SqsCli.Done;
            }
        );
        return command;
    }

    private static Argument<long> SweepId() => new("ID") { Description = "The sweep's number" };

    private static IReadOnlyList<int> ReadSeeds(string? text) =>
        [
            .. (text ?? "")
                .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(item =>
                    int.TryParse(item, out var seed)
                        ? seed
                        : throw new UsageException($"--seeds takes whole numbers with commas between; not \"{item}\".")
                ),
        ];

    /// <summary>Asks the manager; what it refuses is told as it is.</summary>
    private static async Task AskAsync(Func<Task> ask)
    {
        try
        {
            await ask();
        }
        catch (InvalidOperationException refused)
        {
            throw new CommandException(refused.Message);
        }
    }

    /// <summary>Lets go on what is paused: while this command has the store nobody else could, and it would wait for ever.</summary>
    private static async Task ResumeAsync(
        EngineHost host,
        long id,
        TextWriter output,
        CancellationToken cancellationToken
    )
    {
        var store = host.Get<ISweepStore>();
        var sweep = await store.FindSweepAsync(id, cancellationToken);
        var trials = await store.ListTrialsAsync(id, cancellationToken);
        // Those that wait at a rung are the pruner's to send on.
        var paused = trials.Count(trial => trial is { State: TrialState.Paused, Asked: not ControlRequest.Halt });
        if (sweep?.State != SweepState.Paused && paused == 0)
            return;
        await AskAsync(() => host.Get<SweepManager>().ResumeSweepAsync(id, cancellationToken));
        output.WriteLine($"sweep {id}: what was paused goes on, {paused} of its trials");
    }

    private static async Task<int> RunAsync(
        EngineHost host,
        Func<SweepManager, Task<long>> begin,
        IReadOnlyList<TrialRecord> before,
        bool follow,
        TextWriter output,
        CancellationToken cancellationToken
    )
    {
        var manager = host.Get<SweepManager>();
        // The sweep that was asked for, and whatever an earlier process left unfinished in this store.
        await manager.RecoverAsync(cancellationToken);
        var id = await begin(manager);
        output.WriteLine($"sweep {id}");
        using var progress = new SweepProgress(host, id, follow ? output : null, before);
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
