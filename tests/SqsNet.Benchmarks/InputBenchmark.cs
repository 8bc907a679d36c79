using SqsNet.Engine.Data;
using SqsNet.Engine.Randomness;
using SqsNet.Torch;

namespace SqsNet.Benchmarks;

/// <summary>
/// Batches of 64 augmented, normalised faces of 64 x 64 from the memory-mapped cache, each face moved by itself, against
/// torchvision's transforms of the same kinds on decoded faces, in a DataLoader with a worker for each core.
/// </summary>
internal static class InputBenchmark
{
    private const int Batch = 64;

    internal static Task<BenchmarkResult> RunAsync()
    {
        var threads = Environment.ProcessorCount;
        TorchRuntime.Initialize(threads);
        using var folder = new SyntheticFolder();
        using var peer = PeerProcess.TryStart("input", threads, folder.WriteImages());
        var batches = new BatchBuilder(folder.Faces, folder.Faces.Info.Width, torch.CPU);
        var augmentation = new Augmentation();
        var rng = new Rng(0, "bench/input");
        var next = 0;
        return Task.FromResult(Pairs.Measure("input", $"ms per batch of {Batch}", 1000, 9, 20, MakeBatch, peer));

        void MakeBatch()
        {
            using var scope = torch.NewDisposeScope();
            int[] faces =
            [
                .. Enumerable.Range(0, Batch).Select(i => folder.Training[(next + i) % folder.Training.Count]),
            ];
            next += Batch;
            var images = batches.Images(faces, augmentation, GeometrySharing.PerFace, rng);
            RandomErasing.Apply(images, 0.5, rng);
        }
    }
}
