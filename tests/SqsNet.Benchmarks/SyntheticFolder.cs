using SqsNet.Engine;
using SqsNet.Engine.Data;

namespace SqsNet.Benchmarks;

/// <summary>A data directory of its own with the built-in faces, removed at the end.</summary>
internal sealed class SyntheticFolder : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("sqsnet-bench-").FullName;

    internal SyntheticFolder()
    {
        Registry = new DatasetRegistry(new EngineOptions { DataDirectory = _root });
        Faces = Registry.Open("synthetic");
        Training = Faces.Indices(DatasetSplit.Train);
    }

    internal DatasetRegistry Registry { get; }

    internal FaceDataset Faces { get; }

    internal IReadOnlyList<int> Training { get; }

    /// <summary>Writes the training faces as PNG files, a folder for each class.</summary>
    /// <returns>The folder of the folders.</returns>
    internal string WriteImages()
    {
        var images = Path.Combine(_root, "images");
        var (width, height, channels) = (Faces.Info.Width, Faces.Info.Height, Faces.Info.Channels);
        foreach (var face in Training)
        {
            var folder = Directory.CreateDirectory(Path.Combine(images, Faces.Info.Classes[Faces.Label(face)]));
            File.WriteAllBytes(
                Path.Combine(folder.FullName, $"{face:D5}.png"),
                Png.Encode(Faces.Pixels(face), width, height, channels)
            );
        }
        return images;
    }

    public void Dispose()
    {
        Faces.Dispose();
        Directory.Delete(_root, recursive: true);
    }
}
