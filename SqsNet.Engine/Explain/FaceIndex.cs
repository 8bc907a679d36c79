using SqsNet.Torch;
using static SqsNet.Torch.torch;

namespace SqsNet.Engine.Explain;

/// <summary>Pooled features of all training faces of a trial: where the nearest faces are looked up.</summary>
/// <param name="Stamp">The weights and faces that it is of.</param>
/// <param name="Faces">Indices of N faces in the dataset.</param>
/// <param name="Features">N rows of length 1, one behind the other.</param>
internal sealed record FaceIndex(string Stamp, IReadOnlyList<int> Faces, float[] Features)
{
    private const string FileName = "features.safetensors";
    private const string StampKey = "stamp";
    private const string Entry = "train";

    private int Width => Faces.Count == 0 ? 0 : Features.Length / Faces.Count;

    /// <summary>The faces whose features point most nearly the same way.</summary>
    /// <param name="feature">Features of length 1.</param>
    /// <param name="count">How many faces.</param>
    /// <param name="label">Class of a face.</param>
    /// <returns>Nearest first; of equals the one with the lower index.</returns>
    public IReadOnlyList<NearestFace> Nearest(IReadOnlyList<float> feature, int count, Func<int, int> label)
    {
        if (Faces.Count == 0)
            return [];
        using var scope = NewDisposeScope();
        var rows = tensor<float>(Features, [Faces.Count, Width]);
        var similarities = mv(rows, tensor<float>([.. feature])).ToArray<float>();
        return
        [
            .. Enumerable
                .Range(0, Faces.Count)
                .OrderByDescending(i => similarities[i])
                .ThenBy(i => Faces[i])
                .Take(count)
                .Select(i => new NearestFace(Faces[i], label(Faces[i]), similarities[i])),
        ];
    }

    /// <summary>The index that was kept in a trial's folder; null when there is none of this stamp.</summary>
    public static FaceIndex? Read(string folder, string stamp, IReadOnlyList<int> faces)
    {
        var path = Path.Combine(folder, FileName);
        try
        {
            if (!File.Exists(path) || Safetensors.ReadHeader(path).Metadata.GetValueOrDefault(StampKey) != stamp)
                return null;
            using var scope = NewDisposeScope();
            var features = Safetensors.Load(path)[Entry];
            return features.size(0) == faces.Count ? new(stamp, faces, features.ToArray<float>()) : null;
        }
        catch (Exception damaged) when (damaged is IOException or InvalidDataException or KeyNotFoundException)
        {
            return null; // it only saves time, and is made again
        }
    }

    /// <summary>Keeps the index in a trial's folder for the next time.</summary>
    public void Save(string folder)
    {
        using var scope = NewDisposeScope();
        var entries = new Dictionary<string, Tensor> { [Entry] = tensor<float>(Features, [Faces.Count, Width]) };
        try
        {
            Safetensors.Save(
                Path.Combine(folder, FileName),
                entries,
                new Dictionary<string, string> { [StampKey] = Stamp }
            );
        }
        catch (IOException)
        {
            // A full disk costs the next look some time and this one nothing.
        }
    }
}
