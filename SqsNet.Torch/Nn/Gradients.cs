using System.Runtime.InteropServices;

namespace SqsNet.Torch;

/// <summary>Work on the gradients of many parameters in one native call.</summary>
internal static unsafe class Gradients
{
    internal static void Zero(List<Tensor> parameters, bool setToNone)
    {
        var handles = Handles(parameters);
        int status;
        fixed (nint* pointer = handles)
        {
            status = NativeMethods.sqs_autograd_zero_grads(pointer, handles.Length, (byte)(setToNone ? 1 : 0));
        }
        GC.KeepAlive(parameters);
        TorchException.ThrowIfFailed(status, "zero_grad");
    }

    internal static Tensor ClipNorm(List<Tensor> parameters, double maxNorm)
    {
        var handles = Handles(parameters);
        nint norm;
        int status;
        fixed (nint* pointer = handles)
        {
            status = NativeMethods.sqs_optim_clip_grad_norm(pointer, handles.Length, maxNorm, &norm);
        }
        GC.KeepAlive(parameters);
        TorchException.ThrowIfFailed(status, "clip_grad_norm_");
        return Tensor.Adopt(norm);
    }

    internal static nint[] Handles(List<Tensor> tensors)
    {
        var handles = new nint[tensors.Count];
        Tensor.BorrowAll(CollectionsMarshal.AsSpan(tensors), handles);
        return handles;
    }
}
