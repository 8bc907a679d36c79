namespace SqsNet.Torch;

/// <summary>Until disposed, the calling thread works on one GPU and on a stream of its own.</summary>
/// <remarks>
/// Threads that share a GPU run side by side there only on different streams, and only such a stream can be recorded into a
/// <see cref="CudaGraph"/>. Dispose on the same thread.
/// </remarks>
public sealed unsafe class CudaStream : IDisposable
{
    private void* _stream;

    /// <summary>Enters a new stream.</summary>
    /// <param name="device">The GPU; the current one where it has no number.</param>
    /// <exception cref="TorchException">libtorch has no CUDA here, or there is no such GPU.</exception>
    public CudaStream(Device device)
    {
        void* stream;
        TorchException.ThrowIfFailed(NativeMethods.sqs_cuda_stream_enter(device.index, &stream), "stream");
        _stream = stream;
    }

    /// <summary>Goes back to the GPU and the stream of before.</summary>
    public void Dispose()
    {
        if (_stream != null)
        {
            _ = NativeMethods.sqs_cuda_stream_exit(_stream);
            _stream = null;
        }
    }
}
