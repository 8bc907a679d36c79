using System.Text;

namespace SqsNet.Torch;

/// <summary>Text for C functions.</summary>
internal static class NativeText
{
    /// <summary>UTF-8 with the terminating zero that C expects.</summary>
    internal static byte[] Utf8(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var bytes = new byte[Encoding.UTF8.GetByteCount(text) + 1];
        Encoding.UTF8.GetBytes(text, bytes);
        return bytes;
    }
}
