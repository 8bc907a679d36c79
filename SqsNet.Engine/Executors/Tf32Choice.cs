using static SqsNet.Torch.torch;

namespace SqsNet.Engine.Executors;

/// <summary>
/// Whether arithmetic on GPUs may round to TF32, for as long as this lives. libtorch has one switch for a whole process, so
/// what runs side by side must agree.
/// </summary>
internal sealed class Tf32Choice : IDisposable
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(100);
    private static readonly Lock s_lock = new();
    private static int s_living;
    private static bool s_allowed;

    private bool _disposed;

    private Tf32Choice() { }

    /// <summary>Makes the choice, unless something that runs now has chosen otherwise.</summary>
    /// <returns>The choice; null where it cannot be made.</returns>
    public static Tf32Choice? TryMake(bool allow)
    {
        lock (s_lock)
        {
            if (s_living > 0 && s_allowed != allow)
                return null;
            backends.allow_tf32 = s_allowed = allow;
            s_living++;
            return new();
        }
    }

    /// <summary>Makes a trial's choice when what has chosen otherwise is through.</summary>
    /// <param name="allow">Whether arithmetic may round.</param>
    /// <param name="control">Ends the wait.</param>
    /// <param name="tell">Told why the trial waits.</param>
    /// <returns>The choice; null where the trial was asked to halt meanwhile.</returns>
    public static Tf32Choice? Await(bool allow, TrialControl control, Action<string> tell)
    {
        for (var told = false; control.Request == ControlRequest.None; told = true)
        {
            if (TryMake(allow) is { } made)
                return made;
            if (!told)
                tell(
                    $"Waits: what uses a GPU now was started {(allow ? "without" : "with")} training.precision \"tf32\", and a process has one switch for both. With \"executor\": {{ \"kind\": \"process\" }} they would run side by side."
                );
            Thread.Sleep(s_look);
        }
        return null;
    }

    /// <summary>Leaves the choice to the others.</summary>
    public void Dispose()
    {
        lock (s_lock)
        {
            if (_disposed)
                return;
            _disposed = true;
            s_living--;
        }
    }
}
