using SqsNet.Engine.Data;

namespace SqsNet.Benchmarks;

/// <summary>
/// A folder of 10,000 JPEG faces of 100 x 100 into a dataset of 64 x 64, hashed, checked and safely on the disk, against
/// Pillow reading, resizing and stacking them into one array file. Pillow writes the JPEGs before.
/// </summary>
internal static class ImportBenchmark
{
    private const int Size = 64;

    internal static Task<BenchmarkResult> RunAsync()
    {
        using var folder = new SyntheticFolder();
        using var peer =
            PeerProcess.TryStart("import", Environment.ProcessorCount, folder.WriteImages())
            ?? throw new InvalidOperationException("Pillow writes the JPEGs: install python3-torch and python3-pil.");
        var jpegs = peer.Facts.GetProperty("folder").GetString()!;
        var request = new ImportRequest("imagefolder", jpegs, "faces") { Size = Size, Replace = true };
        var unit = $"ms for {peer.Facts.GetProperty("images")} JPEGs";
        return Task.FromResult(Pairs.Measure("import", unit, 1000, 9, 1, Import, peer));

        void Import() => folder.Registry.ImportAsync(request, null, CancellationToken.None).GetAwaiter().GetResult();
    }
}
