using System.Globalization;

namespace SqsNet.Storage;

/// <summary>Another process has the data directory open for writing.</summary>
public sealed class DataDirectoryInUseException(string dataDirectory, string owner)
    : IOException(
        $"The data directory \"{dataDirectory}\" is in use by {owner}. "
            + "Only one process may write to it: stop that one first, or choose another directory with --data."
    );

/// <summary>Keeps a second writer out of a data directory, for as long as it is not disposed.</summary>
/// <remarks>
/// An advisory lock of the operating system on DATA/sqsnet.lock: it ends with the process, however that ends, so a
/// stale lock cannot exist. DATA/sqsnet.owner says who holds it, for the message only.
/// </remarks>
internal sealed class DataDirectoryLock : IDisposable
{
    private readonly FileStream _lock;
    private readonly string _ownerPath;

    private DataDirectoryLock(FileStream held, string ownerPath)
    {
        _lock = held;
        _ownerPath = ownerPath;
    }

    /// <summary>Takes the lock; the directory is made when absent.</summary>
    /// <exception cref="DataDirectoryInUseException">Another process, or another part of this one, holds it.</exception>
    internal static DataDirectoryLock Take(string dataDirectory)
    {
        Directory.CreateDirectory(dataDirectory);
        var ownerPath = Path.Combine(dataDirectory, "sqsnet.owner");
        var lockPath = Path.Combine(dataDirectory, "sqsnet.lock");
        FileStream held;
        try
        {
            held = new FileStream(lockPath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException error) when (IsHeldElsewhere(error))
        {
            throw new DataDirectoryInUseException(dataDirectory, ReadOwner(ownerPath));
        }
        var since = DateTimeOffset.Now.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
        File.WriteAllText(ownerPath, $"process {Environment.ProcessId} on {Environment.MachineName} since {since}");
        return new DataDirectoryLock(held, ownerPath);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        // Before the lock goes: afterwards the file may be another owner's.
        File.Delete(_ownerPath);
        _lock.Dispose();
    }

    // .NET reports a refused flock as EWOULDBLOCK on Unix and as a sharing violation on Windows.
    private static bool IsHeldElsewhere(IOException error) =>
        error.GetType() == typeof(IOException) && (error.HResult & 0xffff) is 11 or 35 or 32;

    private static string ReadOwner(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            return "another process";
        }
    }
}
