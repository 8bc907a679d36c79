namespace SqsNet.Torch;

/// <summary>
/// Owns the tensors that its thread makes while it is the innermost scope, and frees them together when it ends. Results
/// leave by <see cref="MoveToOuter(Tensor)"/>. Without a scope a training step would hold every intermediate result
/// until the garbage collector happens to run, which sees only the few bytes of each handle.
/// </summary>
/// <remarks>
/// A scope belongs to one thread: no <c>await</c> may stand inside of it. The idea is TorchSharp's <c>DisposeScope</c>.
/// </remarks>
public sealed class DisposeScope : IDisposable
{
    private const int ReleaseBatch = 256;

    [ThreadStatic]
    private static DisposeScope? _innermost;

    private readonly DisposeScope? _outer;
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private Tensor?[] _tensors = new Tensor?[64];
    private int _count;
    private bool _ended;

    internal DisposeScope()
    {
        _outer = _innermost;
        _innermost = this;
    }

    /// <summary>The innermost scope of the calling thread, or null.</summary>
    internal static DisposeScope? Innermost => _innermost;

    /// <summary>How many living tensors the scope owns.</summary>
    public int DisposablesCount => _tensors.Take(_count).Count(tensor => tensor is not null);

    /// <summary>Gives a tensor to the next outer scope, or to nobody where there is none.</summary>
    /// <param name="tensor">A tensor of any scope of this thread.</param>
    /// <returns>The same tensor.</returns>
    public Tensor MoveToOuter(Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        tensor.MoveTo(_outer);
        return tensor;
    }

    /// <summary>Gives tensors to the next outer scope, or to nobody where there is none.</summary>
    /// <param name="tensors">Tensors of any scopes of this thread.</param>
    public void MoveToOuter(params ReadOnlySpan<Tensor> tensors)
    {
        foreach (var tensor in tensors)
        {
            MoveToOuter(tensor);
        }
    }

    /// <summary>Takes a tensor out of every scope: from now on its owner disposes it.</summary>
    /// <param name="tensor">A tensor of any scope of this thread.</param>
    /// <returns>The same tensor.</returns>
    public static Tensor Detach(Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        tensor.MoveTo(null);
        return tensor;
    }

    /// <summary>Frees every tensor that did not leave.</summary>
    /// <exception cref="InvalidOperationException">Another thread ends the scope, or an inner scope is still open.</exception>
    public void Dispose()
    {
        if (_ended)
        {
            return;
        }
        if (Environment.CurrentManagedThreadId != _thread)
        {
            throw new InvalidOperationException(
                "A dispose scope ends on the thread that opened it; there must be no await inside of it."
            );
        }
        if (_innermost != this)
        {
            throw new InvalidOperationException("An inner dispose scope is still open.");
        }
        _ended = true;
        _innermost = _outer;
        ReleaseAll();
    }

    internal int Add(Tensor tensor)
    {
        if (_count == _tensors.Length)
        {
            Compact();
        }
        _tensors[_count] = tensor;
        return _count++;
    }

    internal void Forget(int slot) => _tensors[slot] = null;

    /// <summary>Closes the gaps of disposed tensors, and grows only where few there are.</summary>
    private void Compact()
    {
        var kept = 0;
        for (var i = 0; i < _count; i++)
        {
            if (_tensors[i] is { } tensor)
            {
                _tensors[kept] = tensor;
                tensor.MovedToSlot(kept++);
            }
        }
        Array.Clear(_tensors, kept, _count - kept);
        _count = kept;
        if (kept > _tensors.Length / 2)
        {
            Array.Resize(ref _tensors, _tensors.Length * 2);
        }
    }

    private unsafe void ReleaseAll()
    {
        var handles = stackalloc nint[ReleaseBatch];
        var filled = 0;
        for (var i = 0; i < _count; i++)
        {
            if (_tensors[i] is not { } tensor)
            {
                continue;
            }
            _tensors[i] = null;
            handles[filled++] = tensor.GiveUpHandle();
            if (filled == ReleaseBatch)
            {
                _ = NativeMethods.sqs_tensor_release_many(handles, filled);
                filled = 0;
            }
        }
        _ = NativeMethods.sqs_tensor_release_many(handles, filled);
        _count = 0;
    }
}
