using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace SqsNet.Torch;

/// <summary>
/// A multi-dimensional array of libtorch. Names are PyTorch's. A tensor belongs to the dispose scope in which it was
/// made, or else to whoever holds it; only one thread may use it at a time.
/// </summary>
public sealed partial class Tensor : IDisposable
{
    private static long _live;

    private nint _handle;
    private DisposeScope? _scope;
    private int _slot;

    private Tensor(nint handle)
    {
        _handle = handle;
        Interlocked.Increment(ref _live);
        if (DisposeScope.Innermost is { } scope)
        {
            _scope = scope;
            _slot = scope.Add(this);
        }
    }

    /// <summary>A net for tensors that nobody disposed; it keeps memory from being lost, not from being held.</summary>
    ~Tensor()
    {
        if (Interlocked.Exchange(ref _handle, 0) is not 0 and var handle)
        {
            Interlocked.Decrement(ref _live);
            _ = NativeMethods.sqs_tensor_release(handle);
        }
    }

    /// <summary>How many tensors are alive in this process, as seen from C#.</summary>
    internal static long Live => Interlocked.Read(ref _live);

    /// <summary>Whether the tensor was disposed, by hand or by its scope.</summary>
    public bool IsDisposed => _handle == 0;

    /// <summary>The native handle; the caller keeps the tensor alive until its call has returned.</summary>
    /// <exception cref="ObjectDisposedException">The tensor was disposed.</exception>
    internal nint Handle
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            var handle = _handle;
            if (handle == 0)
            {
                ThrowDisposed();
            }
            return handle;
        }
    }

    /// <summary>Frees the tensor's memory, unless another tensor shares it.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _handle, 0) is not 0 and var handle)
        {
            _scope?.Forget(_slot);
            _scope = null;
            GC.SuppressFinalize(this);
            Interlocked.Decrement(ref _live);
            _ = NativeMethods.sqs_tensor_release(handle);
        }
    }

    /// <summary>Gives the tensor to the scope outside of the innermost one, or to nobody where there is none.</summary>
    /// <returns>This tensor.</returns>
    public Tensor MoveToOuterDisposeScope()
    {
        if (DisposeScope.Innermost is { } scope)
        {
            scope.MoveToOuter(this);
        }
        return this;
    }

    /// <summary>Takes the tensor out of every scope: from now on its owner disposes it.</summary>
    /// <returns>This tensor.</returns>
    public Tensor DetachFromDisposeScope()
    {
        MoveTo(null);
        return this;
    }

    /// <summary>Wraps a handle that this tensor now owns.</summary>
    internal static Tensor Adopt(nint handle) =>
        handle != 0 ? new Tensor(handle) : throw new InvalidOperationException("The operation gave no tensor.");

    internal static Tensor? AdoptOptional(nint handle) => handle != 0 ? new Tensor(handle) : null;

    /// <summary>The tensors of the list that the last operation of this thread returned.</summary>
    internal static unsafe Tensor[] TakeResults(long count)
    {
        var handles = new nint[count];
        fixed (nint* pointer = handles)
        {
            TorchException.ThrowIfFailed(NativeMethods.sqs_tensor_take_results(pointer, count), "take_results");
        }
        return Array.ConvertAll(handles, Adopt);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static nint Borrow(Tensor tensor, [CallerArgumentExpression(nameof(tensor))] string? name = null)
    {
        ArgumentNullException.ThrowIfNull(tensor, name);
        return tensor.Handle;
    }

    internal static nint BorrowOptional(Tensor? tensor) => tensor is null ? 0 : tensor.Handle;

    internal static void BorrowAllOptional(ReadOnlySpan<Tensor?> tensors, Span<nint> handles)
    {
        for (var i = 0; i < tensors.Length; i++)
        {
            handles[i] = BorrowOptional(tensors[i]);
        }
    }

    internal static void BorrowAll(
        ReadOnlySpan<Tensor> tensors,
        Span<nint> handles,
        [CallerArgumentExpression(nameof(tensors))] string? name = null
    )
    {
        for (var i = 0; i < tensors.Length; i++)
        {
            handles[i] = Borrow(tensors[i], name);
        }
    }

    /// <summary>Keeps a list's tensors from being finalized before this point.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static void KeepAlive(ReadOnlySpan<Tensor?> tensors)
    {
        foreach (var tensor in tensors)
        {
            GC.KeepAlive(tensor);
        }
    }

    internal void MoveTo(DisposeScope? scope)
    {
        if (_scope == scope)
        {
            return;
        }
        _scope?.Forget(_slot);
        _scope = scope;
        if (scope is not null)
        {
            _slot = scope.Add(this);
        }
    }

    internal void MovedToSlot(int slot) => _slot = slot;

    /// <summary>The scope takes the handle in order to free it with many others.</summary>
    internal nint GiveUpHandle()
    {
        var handle = Interlocked.Exchange(ref _handle, 0);
        _scope = null;
        GC.SuppressFinalize(this);
        if (handle != 0)
        {
            Interlocked.Decrement(ref _live);
        }
        return handle;
    }

    [DoesNotReturn]
    private static void ThrowDisposed() => throw new ObjectDisposedException(nameof(Tensor));
}
