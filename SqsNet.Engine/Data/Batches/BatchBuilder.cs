using System.Diagnostics;
using SqsNet.Engine.Models;
using SqsNet.Engine.Randomness;
using SqsNet.Torch;

namespace SqsNet.Engine.Data;

/// <summary>
/// Makes tensors of faces: one gather, from the mapped file or from the device's own memory, everything else on the device.
/// </summary>
/// <param name="dataset">The faces.</param>
/// <param name="imageSize">Side of the model's input in pixels; faces of another size are resized bilinearly.</param>
/// <param name="device">Where the tensors are made.</param>
/// <param name="normalization">How the model wants its images scaled.</param>
/// <remarks>Keeps a buffer from batch to batch: one builder per thread.</remarks>
public sealed class BatchBuilder(
    FaceDataset dataset,
    int imageSize,
    Device device,
    InputNormalization normalization = InputNormalization.ImageNet
) : IDisposable
{
    private byte[] _bytes = [];
    private long _ticks;
    private Tensor? _resident; // (N, H, W, C)

    /// <summary>Time that making images has taken so far. On a GPU, what the host waited for: the rest runs beside it.</summary>
    public TimeSpan Elapsed => TimeSpan.FromTicks(_ticks);

    /// <summary>Copies all faces to the device, if it has the room: worth it where many batches are made.</summary>
    /// <returns>Whether they are there.</returns>
    /// <exception cref="DatasetException">The bytes on the disk are not those that were written.</exception>
    public bool MakeResident() =>
        (_resident ??= ResidentFaces.Copy(dataset, device, ResidentFaces.Free(device))) is not null;

    /// <summary>Frees the faces on the device.</summary>
    public void Dispose() => _resident?.Dispose();

    /// <summary>Faces as the model takes them, unchanged: for evaluation.</summary>
    /// <param name="faces">Indices of B faces, one or more.</param>
    /// <returns>Shape (B, 3, S, S), float32, normalised.</returns>
    public Tensor Images(IReadOnlyList<int> faces)
    {
        using var scope = torch.NewDisposeScope();
        var started = Stopwatch.GetTimestamp();
        var images = normalization.Apply(Load(faces));
        _ticks += Stopwatch.GetElapsedTime(started).Ticks;
        return scope.MoveToOuter(images);
    }

    /// <summary>Faces with random changes, as the model takes them: for training.</summary>
    /// <param name="faces">Indices of B faces, one or more.</param>
    /// <param name="augmentation">What changes.</param>
    /// <param name="sharing">Which faces are moved alike.</param>
    /// <param name="rng">The stream to draw from.</param>
    /// <returns>Shape (B, 3, S, S), float32, normalised.</returns>
    public Tensor Images(IReadOnlyList<int> faces, Augmentation augmentation, GeometrySharing sharing, Rng rng)
    {
        using var scope = torch.NewDisposeScope();
        var started = Stopwatch.GetTimestamp();
        var images = normalization.Apply(augmentation.Apply(Load(faces), sharing, rng));
        _ticks += Stopwatch.GetElapsedTime(started).Ticks;
        return scope.MoveToOuter(images);
    }

    /// <summary>A face from elsewhere, as the model takes it.</summary>
    /// <param name="pixels">A face in the size and channels of the dataset's faces, HWC.</param>
    /// <returns>Shape (1, 3, S, S), float32, normalised.</returns>
    public Tensor Image(ReadOnlySpan<byte> pixels)
    {
        using var scope = torch.NewDisposeScope();
        return scope.MoveToOuter(normalization.Apply(ToInput(pixels, 1)));
    }

    /// <summary>Class numbers of faces.</summary>
    /// <param name="faces">Indices of B faces.</param>
    /// <returns>Shape (B), int64.</returns>
    public Tensor Labels(IReadOnlyList<int> faces)
    {
        var labels = faces.Select(face => (long)dataset.Label(face)).ToArray();
        return torch.tensor<long>(labels, device);
    }

    /// <summary>Shares of the classes of faces: the dataset's soft targets where it has them, else its labels.</summary>
    /// <param name="faces">Indices of B faces.</param>
    /// <param name="smoothing">Mass moved to all K classes, 0 to 1 exclusive.</param>
    /// <param name="draw">Draws one class of each face by its shares; null takes the shares as they are.</param>
    /// <returns>Shape (B, K), float32; each row sums to 1.</returns>
    public Tensor Targets(IReadOnlyList<int> faces, double smoothing, Rng? draw = null)
    {
        var classes = dataset.Info.Classes.Count;
        var targets = new float[faces.Count * classes];
        for (var i = 0; i < faces.Count; i++)
        {
            var row = targets.AsSpan(i * classes, classes);
            if (dataset.HasTargets && draw is not null)
                row[Draw(dataset.Target(faces[i]), draw.NextDouble())] = 1;
            else if (dataset.HasTargets)
                dataset.Target(faces[i]).CopyTo(row);
            else
                row[dataset.Label(faces[i])] = 1;
            foreach (ref var share in row)
                share = (float)((share * (1 - smoothing)) + (smoothing / classes));
        }
        return torch.tensor<float>(targets, [faces.Count, classes], device);
    }

    private static int Draw(ReadOnlySpan<float> shares, double at)
    {
        var last = 0;
        for (var k = 0; k < shares.Length; k++)
        {
            if (shares[k] == 0)
                continue;
            last = k;
            if ((at -= shares[k]) < 0)
                break;
        }
        // Rounding may leave a rest beyond the last share: it is that class's.
        return last;
    }

    /// <summary>Faces as they are stored, 0..1, resized to the model's side.</summary>
    /// <param name="faces">Indices of B faces, one or more.</param>
    /// <returns>Shape (B, C, S, S), float32, with the dataset's own number of channels.</returns>
    internal Tensor Load(IReadOnlyList<int> faces)
    {
        if (_resident is not null)
        {
            using var scope = torch.NewDisposeScope();
            long[] indices = [.. faces];
            return scope.MoveToOuter(ToInput(_resident.index_select(0, torch.tensor<long>(indices, device))));
        }
        var size = dataset.Info.Height * dataset.Info.Width * dataset.Info.Channels;
        if (_bytes.Length < faces.Count * size)
            _bytes = new byte[faces.Count * size];
        for (var i = 0; i < faces.Count; i++)
            dataset.Pixels(faces[i]).CopyTo(_bytes.AsSpan(i * size, size));
        return ToInput(_bytes.AsSpan(0, faces.Count * size), faces.Count);
    }

    /// <summary>Stored pixels of faces, one behind the other, as 0..1 at the model's side.</summary>
    private Tensor ToInput(ReadOnlySpan<byte> pixels, int count)
    {
        var (height, width, channels) = (dataset.Info.Height, dataset.Info.Width, dataset.Info.Channels);
        using var scope = torch.NewDisposeScope();
        return scope.MoveToOuter(ToInput(torch.tensor<byte>(pixels, [count, height, width, channels], device)));
    }

    private Tensor ToInput(Tensor bytes) => ToInput(bytes, imageSize);

    /// <summary>Stored pixels of faces, shape (B, H, W, C), as 0..1 at a model's side, shape (B, C, S, S).</summary>
    internal static Tensor ToInput(Tensor bytes, int imageSize)
    {
        var (height, width) = (bytes.size(1), bytes.size(2)); // of (B, H, W, C)
        using var scope = torch.NewDisposeScope();
        var images = bytes.permute(0, 3, 1, 2).contiguous().to(ScalarType.Float32).mul_(1 / 255f); // (B, C, H, W)
        if (height != imageSize || width != imageSize)
            images = torch.nn.functional.interpolate(
                images,
                new Size2(imageSize, imageSize),
                mode: InterpolationMode.Bilinear,
                // Averages where it shrinks, so that thin lines of a large face do not flicker.
                antialias: height > imageSize || width > imageSize
            );
        return scope.MoveToOuter(images);
    }
}
