namespace SqsNet.Torch;

public sealed unsafe partial class Tensor
{
    /// <summary>Whether gradients flow back to this tensor.</summary>
    /// <exception cref="TorchException">Set on a tensor of integers, or cleared on a result.</exception>
    public bool requires_grad
    {
        get
        {
            byte result;
            TorchException.ThrowIfFailed(
                NativeMethods.sqs_autograd_requires_grad(Handle, &result),
                "requires_grad",
                this
            );
            return result != 0;
        }
        set => requires_grad_(value);
    }

    /// <summary>Whether this tensor was made by hand, not by a recorded operation.</summary>
    public bool is_leaf
    {
        get
        {
            byte result;
            TorchException.ThrowIfFailed(NativeMethods.sqs_autograd_is_leaf(Handle, &result), "is_leaf", this);
            return result != 0;
        }
    }

    /// <summary>
    /// The gradient that <see cref="backward"/> gathered, or null. Every read gives a new handle to the same memory.
    /// </summary>
    /// <exception cref="TorchException">Set to a tensor of another shape, type or device.</exception>
    public Tensor? grad
    {
        get
        {
            nint handle;
            TorchException.ThrowIfFailed(NativeMethods.sqs_autograd_grad(Handle, &handle), "grad", this);
            return AdoptOptional(handle);
        }
        set
        {
            var status = NativeMethods.sqs_autograd_set_grad(Handle, BorrowOptional(value));
            GC.KeepAlive(value);
            TorchException.ThrowIfFailed(status, "grad", this);
        }
    }

    /// <summary>Says whether gradients flow back to this tensor.</summary>
    /// <param name="requires_grad">Whether they do.</param>
    /// <returns>This tensor.</returns>
    /// <exception cref="TorchException">The elements are integers, or the tensor is a result.</exception>
    public Tensor requires_grad_(bool requires_grad = true)
    {
        TorchException.ThrowIfFailed(
            NativeMethods.sqs_autograd_set_requires_grad(Handle, (byte)(requires_grad ? 1 : 0)),
            "requires_grad_",
            this
        );
        return this;
    }

    /// <summary>Adds this tensor's gradient with respect to every leaf to the leaf's <see cref="grad"/>.</summary>
    /// <param name="gradient">Gradient of the final value with respect to this tensor; null for a single element.</param>
    /// <param name="retain_graph">Whether the recorded operations are kept for another call.</param>
    /// <param name="create_graph">Whether the gradients themselves can be differentiated.</param>
    /// <exception cref="TorchException">Nothing was recorded, or there are several elements and no gradient.</exception>
    public void backward(Tensor? gradient = null, bool retain_graph = false, bool create_graph = false)
    {
        var status = NativeMethods.sqs_autograd_backward(
            Handle,
            BorrowOptional(gradient),
            (byte)(retain_graph || create_graph ? 1 : 0),
            (byte)(create_graph ? 1 : 0)
        );
        GC.KeepAlive(gradient);
        TorchException.ThrowIfFailed(status, "backward", this);
    }
}
