using System.Runtime.InteropServices;

namespace SqsNet.Torch;

/// <summary>
/// Threads for training. libgomp keeps one team of workers for each thread that calls it, so that a trial runs on one
/// thread of its own, never on pool threads; and its lower priority, which the workers inherit, leaves the web server's
/// latency as it is without work.
/// </summary>
public static partial class TrainingThread
{
    private const int Niceness = 10;
    private const int LowestPriority = 19;

    /// <summary>Starts a background thread of lower priority, which in the end gives cached memory back.</summary>
    /// <param name="name">The thread's name.</param>
    /// <param name="body">What it does; an exception that leaves it ends the process.</param>
    public static Thread Start(string name, Action body)
    {
        ArgumentNullException.ThrowIfNull(body);
        // Deep models recurse in autograd and in module trees; 16 MiB are only reserved, not used.
        var thread = new Thread(
            () =>
            {
                LowerPriority();
                try
                {
                    body();
                }
                finally
                {
                    // The next trial's tensors have other sizes; a server between sweeps needs no cache at all.
                    TorchRuntime.EmptyCpuCache();
                }
            },
            16 << 20
        )
        {
            IsBackground = true,
            Name = name,
        };
        thread.Start();
        return thread;
    }

    /// <summary>
    /// Lowers the priority of the calling operating system thread. Call it before the thread's first tensor operation,
    /// because OpenMP's workers inherit the priority when they are made. Where it is not allowed nothing happens.
    /// </summary>
    public static void LowerPriority()
    {
        var thread = (uint)gettid();
        _ = setpriority(0, thread, Math.Min(LowestPriority, getpriority(0, thread) + Niceness));
    }

    /// <summary>The niceness of the calling operating system thread, -20 to 19.</summary>
    internal static int CurrentNiceness() => getpriority(0, (uint)gettid());

    [LibraryImport("libc")]
    private static partial int gettid();

    [LibraryImport("libc")]
    private static partial int getpriority(int which, uint who);

    [LibraryImport("libc")]
    private static partial int setpriority(int which, uint who, int priority);
}
