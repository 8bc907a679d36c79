namespace SqsNet.Torch;

public static unsafe partial class torch
{
    /// <summary>Stops recording operations on the calling thread until disposed.</summary>
    public static IDisposable no_grad() => new GradMode(false);

    /// <summary>Records operations on the calling thread until disposed, also inside of <see cref="no_grad"/>.</summary>
    public static IDisposable enable_grad() => new GradMode(true);

    /// <summary>Whether the calling thread records operations.</summary>
    public static bool is_grad_enabled()
    {
        byte result;
        TorchException.ThrowIfFailed(NativeMethods.sqs_autograd_is_enabled(&result), "is_grad_enabled");
        return result != 0;
    }

    /// <summary>
    /// Lets the calling thread run matrix products and convolutions in a shorter type until disposed; what needs
    /// precision stays in single precision. Backward passes belong outside.
    /// </summary>
    /// <param name="device">The device whose operations change type.</param>
    /// <param name="dtype">The shorter type: BFloat16, or on a GPU also Float16.</param>
    /// <param name="enabled">False does nothing.</param>
    /// <exception cref="ArgumentException">The type is not a shorter one.</exception>
    public static IDisposable autocast(DeviceType device, ScalarType dtype, bool enabled = true) =>
        dtype == bfloat16 || (dtype == float16 && device == DeviceType.CUDA)
            ? new Autocast(device, dtype, enabled)
            : throw new ArgumentException($"Autocast on {device} does not run in {dtype}.", nameof(dtype));

    /// <summary>Gradients of given inputs, without touching any <c>grad</c>.</summary>
    public static class autograd
    {
        /// <summary>The gradients of one output with respect to inputs.</summary>
        /// <param name="output">What is differentiated.</param>
        /// <param name="inputs">With respect to what.</param>
        /// <param name="grad_output">Gradient of the final value with respect to the output; null for one element.</param>
        /// <param name="retain_graph">Whether the recorded operations are kept for another call.</param>
        /// <param name="create_graph">Whether the gradients themselves can be differentiated.</param>
        /// <param name="allow_unused">Whether an input that the output does not depend on gives null.</param>
        /// <returns>One gradient per input.</returns>
        /// <exception cref="TorchException">Nothing was recorded, or an input is not used and may not be.</exception>
        public static Tensor?[] grad(
            Tensor output,
            ReadOnlySpan<Tensor> inputs,
            Tensor? grad_output = null,
            bool retain_graph = false,
            bool create_graph = false,
            bool allow_unused = false
        )
        {
            var handles = new nint[inputs.Length];
            Tensor.BorrowAll(inputs, handles);
            var results = new nint[inputs.Length];
            int status;
            fixed (
                nint* inputPointer = handles,
                    resultPointer = results
            )
            {
                status = NativeMethods.sqs_autograd_gradients(
                    Tensor.Borrow(output),
                    Tensor.BorrowOptional(grad_output),
                    inputPointer,
                    inputs.Length,
                    (byte)(retain_graph || create_graph ? 1 : 0),
                    (byte)(create_graph ? 1 : 0),
                    (byte)(allow_unused ? 1 : 0),
                    resultPointer
                );
            }
            Tensor.KeepAlive(inputs);
            GC.KeepAlive(grad_output);
            TorchException.ThrowIfFailed(status, "grad", output);
            return Array.ConvertAll(results, Tensor.AdoptOptional);
        }
    }

    private sealed class GradMode : IDisposable
    {
        private readonly bool _before = is_grad_enabled();

        internal GradMode(bool enabled) => Set(enabled);

        public void Dispose() => Set(_before);

        private static void Set(bool enabled) =>
            TorchException.ThrowIfFailed(
                NativeMethods.sqs_autograd_set_enabled((byte)(enabled ? 1 : 0)),
                "set_grad_enabled"
            );
    }

    private sealed class Autocast : IDisposable
    {
        private readonly DeviceType _device;
        private readonly bool _before;
        private readonly int _dtypeBefore;

        internal Autocast(DeviceType device, ScalarType dtype, bool enabled)
        {
            _device = device;
            byte before;
            int dtypeBefore;
            TorchException.ThrowIfFailed(
                NativeMethods.sqs_autocast_get((int)device, &before, &dtypeBefore),
                "autocast"
            );
            (_before, _dtypeBefore) = (before != 0, dtypeBefore);
            if (enabled)
            {
                Set(true, (int)dtype);
            }
        }

        public void Dispose()
        {
            Set(_before, _dtypeBefore);
            if (!_before)
            {
                // The shorter copies of the weights are stale after the next optimizer step.
                TorchException.ThrowIfFailed(NativeMethods.sqs_autocast_clear_cache(), "autocast");
            }
        }

        private void Set(bool enabled, int dtype) =>
            TorchException.ThrowIfFailed(
                NativeMethods.sqs_autocast_set((int)_device, (byte)(enabled ? 1 : 0), dtype),
                "autocast"
            );
    }
}
