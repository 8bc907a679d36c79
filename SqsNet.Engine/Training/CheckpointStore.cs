using System.Text.Json;
using SqsNet.Engine.Data;
using SqsNet.Engine.Sweeps;
using SqsNet.Torch;

namespace SqsNet.Engine.Training;

/// <summary>A checkpoint as read: where training stood, and every tensor that it needs.</summary>
/// <param name="Position">Where training stood.</param>
/// <param name="Tensors">Weights and optimizer state by name.</param>
internal sealed record Checkpoint(TrainingPosition Position, IReadOnlyDictionary<string, Tensor> Tensors);

/// <summary>
/// A trial's checkpoints: the last two, so that one damaged file does not cost the trial, and those that forks may want.
/// </summary>
/// <remarks>
/// A checkpoint is a pair: STEP.safetensors with the tensors, then STEP.json with the position and the tensors' length and
/// checksum. Each is written aside, brought to disk and renamed; without the second the first does not count.
/// </remarks>
/// <param name="directory">The trial's checkpoint directory, absolute.</param>
/// <param name="keepEvery">Keeps the checkpoint of every so many epochs as well; null keeps the last alone.</param>
internal sealed class CheckpointStore(string directory, int? keepEvery = null)
{
    /// <summary>Name of the directory in a trial's folder.</summary>
    public const string FolderName = "checkpoint";

    private const int Kept = 2;
    private const int ChecksumChunk = 1 << 20;

    /// <summary>Writes a checkpoint and removes all but the last two and those that are kept for good.</summary>
    public void Save(TrainingPosition position, IEnumerable<(string Name, Tensor Tensor)> tensors)
    {
        Directory.CreateDirectory(directory);
        var tensorsPath = TensorsPath(position.Step);
        Safetensors.Save(tensorsPath, tensors);
        var bytes = new FileInfo(tensorsPath).Length;
        var description = new Description(position, bytes, Checksum(tensorsPath));
        DurableFile.Write(
            PositionPath(position.Step),
            JsonSerializer.SerializeToUtf8Bytes(description, SweepSpecJson.Options)
        );
        KeepLast(Kept);
    }

    /// <summary>Removes all but the last checkpoints and those that are kept for good.</summary>
    /// <param name="count">How many of the last stay.</param>
    public void KeepLast(int count)
    {
        foreach (var old in Steps().Skip(count).Where(step => !IsForGood(step)))
        {
            File.Delete(PositionPath(old));
            File.Delete(TensorsPath(old));
        }
    }

    private bool IsForGood(long step) =>
        keepEvery is { } every
        && TryDescribe(step)?.Position is { StepInEpoch: 0, Epoch: var next }
        && (next - 1) % every == 0;

    /// <summary>The positions of the checkpoints that are kept, newest first; those without a readable description are left out.</summary>
    public IReadOnlyList<TrainingPosition> Positions()
    {
        var positions = new List<TrainingPosition>();
        foreach (var step in Steps())
        {
            if (TryDescribe(step) is { } description)
                positions.Add(description.Position);
        }
        return positions;
    }

    /// <summary>Copies a checkpoint for a trial that goes on from it under other values.</summary>
    /// <param name="step">The checkpoint's step.</param>
    /// <param name="target">The other trial's checkpoint directory; made when absent.</param>
    /// <remarks>The search for the best epoch begins anew: under other values, the epochs so far are no measure.</remarks>
    /// <exception cref="FileNotFoundException">There is no checkpoint of that step, or no longer.</exception>
    public void CopyTo(string target, long step)
    {
        Directory.CreateDirectory(target);
        var description = Describe(step);
        File.Copy(TensorsPath(step), Path.Combine(target, Path.GetFileName(TensorsPath(step))));
        var copy = description with { Position = description.Position with { Best = new() } };
        DurableFile.Write(
            Path.Combine(target, Path.GetFileName(PositionPath(step))),
            JsonSerializer.SerializeToUtf8Bytes(copy, SweepSpecJson.Options)
        );
    }

    /// <summary>Reads the last checkpoint that is whole.</summary>
    /// <param name="warn">Told of each damaged one that was passed over.</param>
    /// <returns>The checkpoint; null when there is none.</returns>
    /// <exception cref="InvalidDataException">There are checkpoints and every one is damaged.</exception>
    public Checkpoint? Load(Action<string> warn)
    {
        if (Directory.Exists(directory))
        {
            // Half-written files of an attempt that was killed.
            foreach (var aside in Directory.EnumerateFiles(directory, "*.tmp"))
                File.Delete(aside);
        }
        var damaged = new List<string>();
        foreach (var step in Steps())
        {
            try
            {
                return Load(step);
            }
            catch (Exception e) when (e is InvalidDataException or JsonException or IOException or TorchException)
            {
                damaged.Add($"The checkpoint of step {step} cannot be used: {e.Message}");
                warn(damaged[^1]);
            }
        }
        return damaged.Count == 0
            ? null
            : throw new InvalidDataException(
                $"{string.Join(' ', damaged)} Delete {directory} to train from the start, or fork the trial."
            );
    }

    private Checkpoint Load(long step)
    {
        var description = Describe(step);
        var path = TensorsPath(step);
        var length = new FileInfo(path).Length;
        if (length != description.TensorBytes)
            throw new InvalidDataException($"its tensors have {length} bytes instead of {description.TensorBytes}.");
        if (Checksum(path) != description.TensorChecksum)
            throw new InvalidDataException("its tensors do not match their checksum.");
        return new(description.Position, Safetensors.Load(path));
    }

    private Description Describe(long step) =>
        JsonSerializer.Deserialize<Description>(File.ReadAllBytes(PositionPath(step)), SweepSpecJson.Options)
        ?? throw new InvalidDataException("its description is empty.");

    /// <summary>A checkpoint's description; null where it is damaged, or was removed since it was listed.</summary>
    private Description? TryDescribe(long step)
    {
        try
        {
            return Describe(step);
        }
        catch (Exception e) when (e is InvalidDataException or JsonException or IOException)
        {
            return null;
        }
    }

    /// <summary>Steps with a complete checkpoint, newest first.</summary>
    private IEnumerable<long> Steps() =>
        Directory.Exists(directory)
            ?
            [
                .. Directory
                    .EnumerateFiles(directory, "*.json")
                    .Select(path => long.TryParse(Path.GetFileNameWithoutExtension(path), out var step) ? step : -1)
                    .Where(step => step >= 0)
                    .OrderDescending(),
            ]
            : [];

    private string TensorsPath(long step) => Path.Combine(directory, $"{step:D9}.safetensors");

    private string PositionPath(long step) => Path.Combine(directory, $"{step:D9}.json");

    /// <summary>CRC-32C of the CRC-32Cs of the file's chunks, so that a file of gigabytes never lies in memory whole.</summary>
    private static uint Checksum(string path)
    {
        using var file = File.OpenRead(path);
        var chunk = new byte[ChecksumChunk];
        using var checksums = new MemoryStream();
        using var writer = new BinaryWriter(checksums);
        for (int read; (read = file.ReadAtLeast(chunk, chunk.Length, throwOnEndOfStream: false)) > 0; )
            writer.Write(Crc32C.Compute(chunk.AsSpan(0, read)));
        return Crc32C.Compute(checksums.ToArray());
    }

    private sealed record Description(TrainingPosition Position, long TensorBytes, uint TensorChecksum);
}
