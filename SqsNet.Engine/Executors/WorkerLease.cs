namespace SqsNet.Engine.Executors;

/// <summary>A worker's hold on a trial's folder: nobody else may train there, and everybody sees that it lives.</summary>
/// <remarks>
/// The lock goes with the process, however that ends; the file's time is the heartbeat, which also tells of a process
/// that is there but does not get to work, because it was halted or swapped out.
/// </remarks>
internal sealed class WorkerLease : IDisposable
{
    private static readonly TimeSpan s_beat = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(100);

    private readonly FileStream _file;
    private readonly Timer _beats;

    private WorkerLease(FileStream file)
    {
        _file = file;
        _beats = new Timer(_ => Beat(), null, TimeSpan.Zero, s_beat);
    }

    /// <summary>The file that stands for the hold.</summary>
    public static string PathIn(string folder) => Path.Combine(folder, "worker.lock");

    /// <summary>Takes hold of a folder; waits for who holds it.</summary>
    /// <exception cref="IOException">It was still held after the wait.</exception>
    public static async Task<WorkerLease> TakeAsync(
        string folder,
        TimeSpan patience,
        CancellationToken cancellationToken
    )
    {
        Directory.CreateDirectory(folder);
        var path = PathIn(folder);
        for (var waited = TimeSpan.Zero; ; waited += s_look)
        {
            try
            {
                return new(new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None));
            }
            catch (IOException held)
            {
                if (waited >= patience)
                    throw new IOException($"Another worker still trains in {folder}.", held);
            }
            await Task.Delay(s_look, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Time since the last heartbeat.</summary>
    public static TimeSpan Silence(string folder, TimeProvider clock) =>
        clock.GetUtcNow() - new DateTimeOffset(File.GetLastWriteTimeUtc(PathIn(folder)), TimeSpan.Zero);

    /// <inheritdoc/>
    public void Dispose()
    {
        _beats.Dispose();
        lock (_file)
            _file.Dispose();
    }

    private void Beat()
    {
        lock (_file)
        {
            if (!_file.CanWrite)
                return;
            try
            {
                File.SetLastWriteTimeUtc(_file.SafeFileHandle, DateTime.UtcNow);
            }
            catch (IOException)
            {
                // The next beat may get through; what a disk refuses here must not end a trial.
            }
        }
    }
}
