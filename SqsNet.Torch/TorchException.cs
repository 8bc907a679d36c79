using System.Runtime.InteropServices;

namespace SqsNet.Torch;

/// <summary>What kind of failure libtorch reported.</summary>
public enum TorchErrorKind
{
    /// <summary>Shapes, types or states that do not fit.</summary>
    Torch = 1,

    /// <summary>An index outside of its dimension.</summary>
    Index = 2,

    /// <summary>No memory was left, or the memory limit was reached.</summary>
    OutOfMemory = 3,

    /// <summary>Another C++ exception.</summary>
    Standard = 4,

    /// <summary>Something that is not a C++ exception.</summary>
    Foreign = 5,
}

/// <summary>An operation of libtorch failed. The process and every tensor stay as they were.</summary>
public sealed class TorchException : Exception
{
    private static readonly string[] AppendixMarks = ["\nException raised from ", "\n\n"];

    private TorchException(TorchErrorKind kind, string operation, IReadOnlyList<string> inputs, string message)
        : base(message) => (Kind, Operation, Inputs) = (kind, operation, inputs);

    /// <summary>The kind of failure.</summary>
    public TorchErrorKind Kind { get; }

    /// <summary>The operation's name, such as <c>conv2d</c>.</summary>
    public string Operation { get; }

    /// <summary>Shape and element type of each input tensor, such as <c>(8, 3, 64, 64) Float32</c>.</summary>
    public IReadOnlyList<string> Inputs { get; }

    /// <summary>The failure that libtorch reported last on this thread.</summary>
    internal static unsafe TorchException Of(int status, string operation, params Tensor?[] inputs)
    {
        var text = Marshal.PtrToStringUTF8((nint)NativeMethods.sqs_error_message()) ?? "";
        // libtorch adds pages to some messages: C++ frames, or every backend that has an operation.
        var end = AppendixMarks
            .Select(mark => text.IndexOf(mark, StringComparison.Ordinal))
            .Where(position => position > 0)
            .DefaultIfEmpty(text.Length)
            .Min();
        text = text[..end].Trim();
        var described = inputs.Select(input => input?.Describe() ?? "none").ToArray();
        var message = described.Length == 0 ? text : $"{text} [inputs: {string.Join("; ", described)}]";
        return new TorchException((TorchErrorKind)status, operation, described, $"{operation}: {message}");
    }

    internal static void ThrowIfFailed(int status, string operation)
    {
        if (status != 0)
        {
            throw Of(status, operation);
        }
    }

    internal static void ThrowIfFailed(int status, string operation, Tensor input)
    {
        GC.KeepAlive(input);
        if (status != 0)
        {
            throw Of(status, operation, input);
        }
    }
}
