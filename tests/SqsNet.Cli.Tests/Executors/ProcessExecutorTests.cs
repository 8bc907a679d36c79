using System.Diagnostics;
using System.Globalization;
using SqsNet.Engine;
using SqsNet.Engine.Data;
using SqsNet.Engine.Events;
using SqsNet.Engine.Executors;
using SqsNet.Engine.Models;
using SqsNet.Engine.Sweeps;
using SqsNet.Engine.Training;

namespace SqsNet.Cli.Tests.Executors;

/// <summary>Trials in processes of their own: the worker is the command line's program, as after "sweep".</summary>
[Collection(TrainedSweep.Collection)]
public sealed class ProcessExecutorTests(TrainedSweep trained)
{
    private const long Trial = 7;

    private static readonly TrialSpec s_spec = new()
    {
        Dataset = "few",
        Model = new ModelSpec { Name = "sqsnet-tiny", ImageSize = 32 },
        Training = new TrainingSpec
        {
            Epochs = 4,
            BatchSize = 14,
            Schedule = new() { Period = 4 },
            EarlyStopping = null,
        },
        Sqs = new(),
        Objective = new(),
        Seed = 3,
    };

    [Fact]
    public async Task A_worker_trains_the_same_network_to_the_last_bit_as_this_process()
    {
        var (here, there) = (new Attempt(trained, "here"), new Attempt(trained, "there"));
        (await here.InProcessAsync()).State.ShouldBe(TrialState.Completed);
        var outcome = await there.InWorkerAsync();
        outcome.State.ShouldBe(TrialState.Completed, outcome.Message);
        there.Weights.ShouldBe(here.Weights);
        there.Log.Numbers().ShouldBe(here.Log.Numbers());
    }

    [Fact]
    public async Task A_paused_worker_halts_at_a_checkpoint_and_the_next_one_goes_on_from_there()
    {
        var attempt = new Attempt(trained, "paused");
        var control = new TrialControl();
        attempt.Log.OnEpoch = epoch =>
        {
            if (epoch == 1)
                control.Pause();
        };
        (await attempt.InWorkerAsync(control)).State.ShouldBe(TrialState.Paused);
        attempt.Log.Epochs().ShouldBeLessThan(4);
        (await attempt.InWorkerAsync()).State.ShouldBe(TrialState.Completed);
        attempt.Weights.ShouldBe(await UndisturbedAsync());
    }

    [Theory]
    [InlineData("-KILL", "was killed (SIGKILL)")]
    [InlineData("-XCPU", "ended with exit code 152")]
    public async Task A_worker_that_dies_is_a_failed_trial_that_can_go_on_from_its_checkpoint(
        string signal,
        string said
    )
    {
        var attempt = new Attempt(trained, "dies" + signal);
        attempt.Log.OnEpoch = epoch =>
        {
            if (epoch == 2)
                Send(signal, attempt.Worker());
        };
        var outcome = await attempt.InWorkerAsync();
        outcome.State.ShouldBe(TrialState.Failed);
        outcome.Message!.ShouldContain(said);
        attempt.Log.OnEpoch = null;
        (await attempt.InWorkerAsync()).State.ShouldBe(TrialState.Completed);
        attempt.Weights.ShouldBe(await UndisturbedAsync());
    }

    [Fact]
    public async Task A_worker_whose_dashboard_is_gone_halts_and_what_it_wrote_meanwhile_is_taken_once()
    {
        var attempt = new Attempt(trained, "orphan");
        // The dashboard of the first attempt dies at the first epoch: it takes in nothing more, and the input ends.
        using (var orphan = attempt.StartOrphan())
        {
            await attempt.SeenInFileAsync("\"epoch\":1");
            orphan.StandardInput.Close();
            await orphan.WaitForExitAsync();
        }
        var written = attempt.EventsInFile();
        written
            .Count(line => !line.Contains("stateChanged", StringComparison.OrdinalIgnoreCase))
            .ShouldBeGreaterThan(0);

        (await attempt.InWorkerAsync()).State.ShouldBe(TrialState.Completed);

        attempt.Weights.ShouldBe(await UndisturbedAsync());
        var all = attempt.EventsInFile();
        attempt
            .Log.Events.Count(e => e is not StateChanged)
            .ShouldBe(all.Count(line => TrialEventJson.Parse(line) is not StateChanged));
    }

    [Fact]
    public async Task A_trial_that_cannot_train_fails_with_its_own_message()
    {
        var attempt = new Attempt(trained, "wrong") { Spec = s_spec with { Dataset = "nowhere" } };
        var outcome = await attempt.InWorkerAsync();
        outcome.State.ShouldBe(TrialState.Failed);
        outcome.Message!.ShouldContain("nowhere");
    }

    private async Task<byte[]> UndisturbedAsync()
    {
        var undisturbed = new Attempt(trained, "undisturbed");
        if (!File.Exists(undisturbed.WeightsPath))
            (await undisturbed.InProcessAsync()).State.ShouldBe(TrialState.Completed);
        return undisturbed.Weights;
    }

    private static void Send(string signal, int process)
    {
        using var kill = Process.Start("kill", [signal, process.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
        kill.ExitCode.ShouldBe(0);
    }

    /// <summary>One trial in a folder, and what is known of it.</summary>
    private sealed class Attempt(TrainedSweep trained, string name)
    {
        private int _attempts;

        public TrialSpec Spec { get; init; } = s_spec;

        public MemoryLog Log { get; } = new();

        public string WeightsPath => Path.Combine(Folder, "best.safetensors");

        public byte[] Weights => File.ReadAllBytes(WeightsPath);

        private string Folder { get; } = trained.File(name);

        private EngineOptions Options { get; } =
            new()
            {
                DataDirectory = trained.Data,
                Device = "cpu",
                Threads = 2,
                Worker = ["dotnet", Path.Combine(AppContext.BaseDirectory, "sqsnet.dll")],
            };

        public Task<TrialOutcome> InProcessAsync() =>
            new InProcessExecutor(
                new TrialRunner(new DatasetRegistry(Options), Options, TimeProvider.System),
                Devices
            ).ExecuteAsync(Plan(), Log, new());

        public Task<TrialOutcome> InWorkerAsync(TrialControl? control = null) =>
            new ProcessExecutor(Log, Devices, Options, TimeProvider.System).ExecuteAsync(Plan(), Log, control ?? new());

        /// <summary>A worker that nobody takes events from.</summary>
        public Process StartOrphan()
        {
            TrialFolder.Create(
                Folder,
                new TrialDescription
                {
                    TrialId = Trial,
                    Device = "cpu",
                    Spec = Spec,
                }
            );
            var start = new ProcessStartInfo("dotnet") { RedirectStandardInput = true, UseShellExecute = false };
            string[] arguments =
            [
                Options.Worker![1],
                "trial",
                "run",
                Folder,
                "--worker",
                "--data",
                Options.DataDirectory,
                "--threads",
                "2",
            ];
            foreach (var argument in arguments)
                start.ArgumentList.Add(argument);
            return Process.Start(start)!;
        }

        public async Task SeenInFileAsync(string text)
        {
            var path = new TrialFolder(Folder).EventsPath;
            for (var i = 0; i < 600; i++)
            {
                if (File.Exists(path) && EventsInFile().Any(line => line.Contains(text, StringComparison.Ordinal)))
                    return;
                await Task.Delay(100);
            }
            throw new TimeoutException($"{path} never said {text}.");
        }

        public IReadOnlyList<string> EventsInFile()
        {
            using var file = new StreamReader(
                new FileStream(new TrialFolder(Folder).EventsPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite)
            );
            var text = file.ReadToEnd();
            return text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }

        /// <summary>The process that trains in the folder.</summary>
        public int Worker() =>
            Directory
                .EnumerateDirectories("/proc")
                .Select(entry => int.TryParse(Path.GetFileName(entry), out var id) ? id : 0)
                .First(id => id > 0 && CommandLine(id).Contains($"run\0{Folder}\0--worker", StringComparison.Ordinal));

        private static string CommandLine(int process)
        {
            try
            {
                return File.ReadAllText($"/proc/{process}/cmdline");
            }
            catch (IOException)
            {
                return ""; // it has just ended
            }
        }

        private static Lazy<DevicePool> Devices => new(() => new DevicePool(["cpu"]));

        private TrialPlan Plan() => new(Trial, Spec, ++_attempts, Folder, "cpu", ExecutorKind.Process);
    }

    /// <summary>The events of one trial, in memory.</summary>
    private sealed class MemoryLog : IEventLog, IEventSink
    {
        private readonly List<TrialEvent> _events = [];

        public Action<int>? OnEpoch { get; set; }

        public IReadOnlyList<TrialEvent> Events
        {
            get
            {
                lock (_events)
                    return [.. _events];
            }
        }

        public void Report(TrialEvent trialEvent) => Append(Trial, trialEvent);

        public void Append(long trialId, TrialEvent trialEvent)
        {
            lock (_events)
                _events.Add(trialEvent);
            if (trialEvent is MetricsReported { Scope: MetricScope.Epoch } epoch)
                OnEpoch?.Invoke(epoch.Epoch);
        }

        public Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task<IReadOnlyList<StoredEvent>> ReadAsync(
            long trialId,
            long after,
            int limit,
            CancellationToken cancellationToken
        ) =>
            Task.FromResult<IReadOnlyList<StoredEvent>>([
                .. Events.Select((e, i) => new StoredEvent(trialId, i + 1, e)).Skip((int)after).Take(limit),
            ]);

        public int Epochs() => Events.OfType<MetricsReported>().Count(m => m.Scope == MetricScope.Epoch);

        /// <summary>Everything that training computed, without what a clock or the memory decides.</summary>
        public IReadOnlyList<string> Numbers() =>
            [
                .. Events
                    .OfType<MetricsReported>()
                    .SelectMany(m =>
                        m.Values.Where(v =>
                                v.Key is not ("train/images_per_second" or "train/data_share" or "system/memory_bytes")
                            )
                            .OrderBy(v => v.Key, StringComparer.Ordinal)
                            .Select(v => $"{m.Scope} {m.Epoch} {m.Step} {v.Key} {v.Value:R}")
                    ),
            ];
    }
}
