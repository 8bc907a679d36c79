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

/// <summary>How long a worker's heart has not been seen to beat, by the looks of whoever watches it.</summary>
/// <remarks>
/// Each look adds the time between two looks and no more. What a clock says counts for nothing: after the machine slept,
/// or its clock was set forward, the last beat is hours old, and the worker well.
/// </remarks>
/// <param name="folder">The folder that the worker holds.</param>
/// <param name="between">Time between two looks.</param>
internal sealed class WorkerSilence(string folder, TimeSpan between)
{
    private DateTime _beat;
    private TimeSpan _silence;

    /// <summary>Looks for a heartbeat.</summary>
    /// <returns>The silence so far; zero after a beat, and at the first look.</returns>
    public TimeSpan Look()
    {
        var beat = File.GetLastWriteTimeUtc(WorkerLease.PathIn(folder));
        _silence = beat == _beat ? _silence + between : TimeSpan.Zero;
        _beat = beat;
        return _silence;
    }
}
