namespace SqsNet.Torch;

/// <summary>A recorded sequence of GPU work, replayed with a single launch.</summary>
/// <remarks>
/// Between <see cref="Begin"/> and <see cref="End"/> nothing may wait for the GPU (no <c>item</c>, no copies to the
/// host). Tensors made there must stay alive as long as the graph.
/// </remarks>
public sealed unsafe class CudaGraph : IDisposable
{
    private void* _graph;

    /// <summary>An empty graph.</summary>
    /// <exception cref="TorchException">libtorch has no CUDA here.</exception>
    public CudaGraph()
    {
        void* graph;
        TorchException.ThrowIfFailed(NativeMethods.sqs_cuda_graph_create(&graph), "cuda_graph");
        _graph = graph;
    }

    /// <summary>Starts recording on a stream of its own.</summary>
    public void Begin() => TorchException.ThrowIfFailed(NativeMethods.sqs_cuda_graph_begin(Graph), "capture_begin");

    /// <summary>Ends recording.</summary>
    public void End() => TorchException.ThrowIfFailed(NativeMethods.sqs_cuda_graph_end(Graph), "capture_end");

    /// <summary>Runs what was recorded.</summary>
    public void Replay() => TorchException.ThrowIfFailed(NativeMethods.sqs_cuda_graph_replay(Graph), "replay");

    /// <summary>Frees the graph and the memory it reserved.</summary>
    public void Dispose()
    {
        if (_graph != null)
        {
            _ = NativeMethods.sqs_cuda_graph_free(_graph);
            _graph = null;
        }
    }

    private void* Graph => _graph != null ? _graph : throw new ObjectDisposedException(nameof(CudaGraph));
}
