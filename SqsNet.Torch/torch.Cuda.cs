namespace SqsNet.Torch;

public static unsafe partial class torch
{
    /// <summary>NVIDIA GPUs.</summary>
    public static class cuda
    {
        /// <summary>Whether libtorch can use a GPU here.</summary>
        public static bool is_available() => device_count() > 0;

        /// <summary>The number of GPUs; 0 where libtorch was built without CUDA.</summary>
        public static int device_count()
        {
            int result;
            TorchException.ThrowIfFailed(NativeMethods.sqs_cuda_device_count(&result), "device_count");
            return result;
        }

        /// <summary>Waits until the current GPU has done everything that the calling thread's stream was asked for.</summary>
        /// <remarks>Not what other threads ask of it on streams of their own: they may be recording.</remarks>
        /// <exception cref="TorchException">There is no GPU.</exception>
        public static void synchronize() =>
            TorchException.ThrowIfFailed(NativeMethods.sqs_cuda_synchronize(), "synchronize");

        /// <summary>Gives unused cached GPU memory back.</summary>
        /// <exception cref="TorchException">There is no GPU.</exception>
        public static void empty_cache() =>
            TorchException.ThrowIfFailed(NativeMethods.sqs_cuda_empty_cache(), "empty_cache");

        /// <summary>Memory of one GPU as libtorch's allocator sees it.</summary>
        /// <param name="device">The GPU's number.</param>
        /// <exception cref="TorchException">There is no such GPU.</exception>
        public static CudaMemory memory_stats(int device = 0)
        {
            var values = stackalloc long[5];
            TorchException.ThrowIfFailed(NativeMethods.sqs_cuda_memory_stats(device, values), "memory_stats");
            return new CudaMemory(values[0], values[1], values[2], values[3], values[4]);
        }

        /// <summary>Starts the search for the highest use anew.</summary>
        /// <param name="device">The GPU's number.</param>
        /// <exception cref="TorchException">There is no such GPU.</exception>
        public static void reset_peak_memory_stats(int device = 0) =>
            TorchException.ThrowIfFailed(
                NativeMethods.sqs_cuda_reset_peak_memory_stats(device),
                "reset_peak_memory_stats"
            );

        /// <summary>Bytes of one GPU that nobody has taken, and all of its bytes, as its driver knows them.</summary>
        /// <param name="device">The GPU's number.</param>
        /// <exception cref="TorchException">There is no such GPU.</exception>
        public static (long Free, long Total) mem_get_info(int device = 0)
        {
            var values = stackalloc long[2];
            TorchException.ThrowIfFailed(NativeMethods.sqs_cuda_mem_get_info(device, values), "mem_get_info");
            return (values[0], values[1]);
        }
    }

    /// <summary>Process-wide choices of the libraries underneath.</summary>
    public static class backends
    {
        /// <summary>Whether cuDNN tries its algorithms and keeps the fastest.</summary>
        public static bool cudnn_benchmark
        {
            set => SetOption(0, value);
        }

        /// <summary>Whether cuDNN uses only algorithms that give the same bits every time.</summary>
        public static bool cudnn_deterministic
        {
            set => SetOption(1, value);
        }

        /// <summary>Whether matrix products and convolutions on a GPU may round their inputs to TF32.</summary>
        public static bool allow_tf32
        {
            set
            {
                SetOption(2, value);
                SetOption(3, value);
            }
        }

        private static void SetOption(int option, bool value) =>
            TorchException.ThrowIfFailed(
                NativeMethods.sqs_cuda_set_option(option, (byte)(value ? 1 : 0)),
                "set_option"
            );
    }
}

/// <summary>GPU memory in bytes.</summary>
/// <param name="Allocated">Held by tensors.</param>
/// <param name="PeakAllocated">The most ever held by tensors.</param>
/// <param name="Reserved">Taken from the device, cached blocks included.</param>
/// <param name="PeakReserved">The most ever taken.</param>
/// <param name="OutOfMemoryEvents">How often memory ran out.</param>
public readonly record struct CudaMemory(
    long Allocated,
    long PeakAllocated,
    long Reserved,
    long PeakReserved,
    long OutOfMemoryEvents
);
