namespace SqsNet.Torch;

/// <summary>A recorded sequence of GPU work, replayed with a single launch.</summary>
/// <remarks>
/// What the calling thread runs between <see cref="Begin"/> and <see cref="End"/> is recorded and not run; nothing there may
/// wait for the GPU (no <c>item</c>) or copy from or to the host. Each replay reads and writes the memory of the tensors that
/// were used then: they must stay alive as long as the graph. Random draws are new at each replay, from the thread's own
/// generator as it then stands.
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

    /// <summary>Starts recording the current stream.</summary>
    /// <param name="sharing">A graph that never runs at the same time, whose free memory this one may use too.</param>
    /// <exception cref="TorchException">The stream is the default one: enter a <see cref="CudaStream"/> first.</exception>
    public void Begin(CudaGraph? sharing = null) =>
        TorchException.ThrowIfFailed(
            NativeMethods.sqs_cuda_graph_begin(Graph, sharing is null ? null : sharing.Graph),
            "capture_begin"
        );

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
