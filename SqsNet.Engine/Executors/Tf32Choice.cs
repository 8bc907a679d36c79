using static SqsNet.Torch.torch;

namespace SqsNet.Engine.Executors;

/// <summary>
/// Whether arithmetic on GPUs may round to TF32, for as long as this lives. libtorch has one switch for a whole process, so
/// what runs side by side must agree.
/// </summary>
internal sealed class Tf32Choice : IDisposable
{
    private static readonly Lock s_lock = new();
    private static int s_living;
    private static bool s_allowed;

    private bool _disposed;

    private Tf32Choice() { }

    /// <summary>Makes the choice.</summary>
    /// <exception cref="InvalidOperationException">Something that runs now has chosen otherwise.</exception>
    public static Tf32Choice Make(bool allow)
    {
        lock (s_lock)
        {
            if (s_living > 0 && s_allowed != allow)
                throw new InvalidOperationException(
                    $"What else uses a GPU of this process now was started {(s_allowed ? "with" : "without")} training.precision \"tf32\", and libtorch has one switch for both. Try again when it is through, or let trials have processes of their own: \"executor\": {{ \"kind\": \"process\" }}."
                );
            backends.allow_tf32 = s_allowed = allow;
            s_living++;
            return new();
        }
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
