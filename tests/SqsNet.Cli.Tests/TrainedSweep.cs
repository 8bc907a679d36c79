using SqsNet.Engine.Events;
using SqsNet.Engine.Sweeps;
using SqsNet.Storage;

namespace SqsNet.Cli.Tests;

/// <summary>A data directory with a few faces and a sweep over them that the command line has trained, in seconds.</summary>
public sealed class TrainedSweep : IAsyncLifetime
{
    /// <summary>Tests that use the sweep, or train: one after the other, for training takes every core.</summary>
    public const string Collection = "trained sweep";

    private readonly string _folder = Directory.CreateTempSubdirectory("sqsnet-cli-").FullName;

    /// <summary>The data directory.</summary>
    public string Data => File("data");

    /// <summary>The specification's file.</summary>
    public string Spec => File("spec.json");

    /// <summary>What the sweep command printed.</summary>
    public string Output { get; private set; } = "";

    /// <summary>A path in the test's folder.</summary>
    public string File(string name) => Path.Combine(_folder, name);

    public async ValueTask InitializeAsync()
    {
        await System.IO.File.WriteAllTextAsync(
            Spec,
            """
            {
              "name": "temperature of few faces", "dataset": "few",
              "model": { "name": "sqsnet-tiny", "imageSize": 32 },
              "training": { "epochs": 2, "batchSize": 14, "learningRate": 2e-3, "earlyStopping": null, "tta": 1,
                            "schedule": { "kind": "cosineWarmRestarts", "period": 2 } },
              "space": { "sqs.tau": { "values": [0.5, 1.0] } },
              "seeds": [0, 1]
            }
            """
        );
        await Cli.DoAsync([
            "import",
            "synthetic",
            "--name",
            "few",
            "--faces",
            "84,28,28",
            "--size",
            "32",
            "--data",
            Data,
        ]);
        Output = await Cli.DoAsync("sweep", Spec, "--data", Data, "--device", "cpu", "--follow");
    }

    /// <summary>The sweep's trials, as any other process would read them from the store.</summary>
    public async Task<IReadOnlyList<TrialRecord>> ReadTrialsAsync()
    {
        using var database = SqsDatabase.OpenReadOnly(Data);
        return await new SweepStore(database, new ChangeFeed(), TimeProvider.System).ListTrialsAsync(1, default);
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }
}

[CollectionDefinition(TrainedSweep.Collection)]
public sealed class TrainedSweepGroup : ICollectionFixture<TrainedSweep>;
