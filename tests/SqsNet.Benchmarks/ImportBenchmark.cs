using SqsNet.Engine.Data;
using SqsNet.Torch;

namespace SqsNet.Benchmarks;

/// <summary>
/// A folder of 2,000 PNG faces into a dataset of 48 x 48, hashed, checked and safely on the disk, against Pillow reading,
/// resizing and stacking them into one array file.
/// </summary>
internal static class ImportBenchmark
{
    private const int Size = 48;

    internal static Task<BenchmarkResult> RunAsync()
    {
        using var folder = new SyntheticFolder();
        var images = folder.WriteImages();
        var request = new ImportRequest("imagefolder", images, "faces") { Size = Size, Replace = true };
        using var peer = PeerProcess.TryStart("import", Environment.ProcessorCount, images);
        var unit = $"ms for {folder.Training.Count} faces";
        return Task.FromResult(Pairs.Measure("import", unit, 1000, 9, 1, Import, peer));

        void Import() => folder.Registry.ImportAsync(request, null, CancellationToken.None).GetAwaiter().GetResult();
    }
}
