using System.Runtime.InteropServices;

namespace SqsNet.Engine.Training;

/// <summary>Files that are there whole or not at all, and stay so when the power fails.</summary>
internal static partial class DurableFile
{
    private const string AsideSuffix = ".tmp";
    private const int OpenDirectory = 0x10000; // O_RDONLY | O_DIRECTORY of Linux on x86-64

    /// <summary>Writes a file aside, brings it to disk, then gives it its name in one step.</summary>
    /// <param name="path">The file; replaced if it is there.</param>
    /// <param name="content">All of it.</param>
    internal static void Write(string path, ReadOnlySpan<byte> content)
    {
        var aside = path + AsideSuffix;
        using (var file = new FileStream(aside, FileMode.Create, FileAccess.Write))
        {
            file.Write(content);
            file.Flush(flushToDisk: true);
        }
        File.Move(aside, path, overwrite: true);
        FlushDirectory(Path.GetDirectoryName(path)!);
    }

    /// <summary>Brings a directory's names to disk; .NET itself cannot open one.</summary>
    internal static void FlushDirectory(string directory)
    {
        if (!OperatingSystem.IsLinux())
            return;
        var descriptor = Open(directory, OpenDirectory);
        if (descriptor < 0)
            throw new IOException($"Cannot open the directory {directory} (error {Marshal.GetLastPInvokeError()}).");
        try
        {
            if (Fsync(descriptor) != 0)
                throw new IOException($"Cannot write {directory} to disk (error {Marshal.GetLastPInvokeError()}).");
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Fsync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);
}
