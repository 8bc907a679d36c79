namespace SqsNet.Torch;

/// <summary>Files of weights in any format that is read here, recognised by what they hold, whatever they are called.</summary>
public static class WeightsFile
{
    /// <summary>The ends of such files' names: safetensors, and PyTorch's.</summary>
    public static IReadOnlyList<string> Extensions { get; } = [".safetensors", ".pth", ".pt", ".bin"];

    /// <summary>Reads every tensor of a safetensors file or of a checkpoint by torch.save.</summary>
    /// <param name="path">The file.</param>
    /// <returns>Tensors by name, in the file's order; they belong to the innermost dispose scope, or to the caller.</returns>
    /// <exception cref="InvalidDataException">The file is of no such format, is damaged, or holds more than tensors.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static OrderedDictionary<string, Tensor> Load(string path) =>
        IsPytorch(path) ? PytorchCheckpoint.Load(path) : Safetensors.Load(path);

    /// <summary>What a safetensors file says of itself, as text by key; empty for the other formats, which say nothing.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">The file breaks a rule of its format.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static IReadOnlyDictionary<string, string> ReadMetadata(string path) =>
        IsPytorch(path) ? new Dictionary<string, string>() : Safetensors.ReadHeader(path).Metadata;

    private static bool IsPytorch(string path)
    {
        using var stream = File.OpenRead(path);
        Span<byte> start = stackalloc byte[4];
        return PytorchCheckpoint.IsBeginning(
            start[..stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)]
        );
    }
}
