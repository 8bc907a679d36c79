using SqsNet.Engine.Models;
using SqsNet.Engine.Randomness;
using SqsNet.Engine.Similarity;
using SqsNet.Engine.Sweeps;
using SqsNet.Engine.Training;
using SqsNet.Torch;
using static SqsNet.Torch.torch;

namespace SqsNet.Benchmarks;

/// <summary>A network of the benchmarks; bench/networks.py has the same of torchvision's trunks.</summary>
/// <param name="Name">Its name among the models.</param>
/// <param name="Images">Images of a batch.</param>
/// <param name="Iterations">Steps that are measured at once.</param>
/// <param name="Pairs">Pairs of measurements.</param>
internal sealed record BenchedNetwork(string Name, int Images, int Iterations, int Pairs)
{
    internal const int Classes = 7;

    private static readonly IReadOnlyList<BenchedNetwork> s_all =
    [
        new("sqsnet-tiny", Images: 64, Iterations: 4, Pairs: 9),
        new("efficientnet_b0", Images: 16, Iterations: 2, Pairs: 9),
        new("sqsnet", Images: 4, Iterations: 1, Pairs: 7),
    ];

    /// <summary>The names, for the usage line.</summary>
    internal static string Names => string.Join('|', s_all.Select(network => network.Name));

    /// <summary>The network of that name, or null.</summary>
    internal static BenchedNetwork? Find(string name) => s_all.FirstOrDefault(network => network.Name == name);

    /// <summary>Whether it has an SQS module.</summary>
    internal bool HasQuads => ModelRegistry.Resolve(new ModelSpec { Name = Name }).SqsModule;

    /// <summary>What a trial of it would be.</summary>
    internal TrialSpec Spec { get; } =
        new()
        {
            Dataset = "",
            Model = ModelRegistry.Resolve(new ModelSpec { Name = Name }),
            Training = new TrainingSpec(),
            Sqs = new SqsSpec(),
            Objective = new(),
            Seed = 1,
        };

    /// <summary>The network with freshly drawn weights.</summary>
    internal ImageModel Create() => ModelRegistry.Create(Spec.Model, Spec.Sqs, Classes, new Rng(1, "weights"));

    /// <summary>
    /// Gives the norms the statistics of a batch, as training does in time: with those that they begin with, signals fade from
    /// layer to layer into numbers so small that processors are slow with them.
    /// </summary>
    internal static void Settle(ImageModel network, Tensor images)
    {
        const double Momentum = 0.1; // of every norm of these networks
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var statistics = network
            .named_buffers()
            .Where(buffer => buffer.name.Contains("running_", StringComparison.Ordinal))
            .Select(buffer => buffer.buffer)
            .ToList();
        foreach (var values in statistics)
            values.zero_();
        network.train();
        network.call(images);
        network.eval();
        foreach (var values in statistics)
            values.div_(Momentum);
    }

    /// <summary>A batch of noise.</summary>
    internal Tensor Noise(ImageModel network) => randn([Images, 3, network.ImageSize, network.ImageSize]);
}
