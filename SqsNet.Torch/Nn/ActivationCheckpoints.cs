namespace SqsNet.Torch;

/// <summary>
/// Trades time for memory: of the modules called through it, a forward pass keeps only what went in, and the backward pass
/// computes the rest again, module by module.
/// </summary>
/// <remarks>
/// Chen et al. 2016, "Training deep nets with sublinear memory cost"; PyTorch's <c>torch.utils.checkpoint</c>. Unlike
/// there, the second pass does not move the running statistics of batch norms again. Draws are repeated exactly, so the
/// gradients are those of a step without checkpoints. Belongs to one thread and one step.
/// </remarks>
public sealed class ActivationCheckpoints : IDisposable
{
    [ThreadStatic]
    private static ActivationCheckpoints? _current;

    private readonly List<Segment> _segments = [];
    private bool _ended;
    private bool _recomputes;

    private ActivationCheckpoints() { }

    /// <summary>Whether the calling thread computes something a second time.</summary>
    internal static bool Recomputes => _current?._recomputes ?? false;

    /// <summary>From now on <see cref="Call"/> keeps little on this thread, until disposed.</summary>
    /// <exception cref="InvalidOperationException">Another step of this thread does so already.</exception>
    public static ActivationCheckpoints Begin() =>
        _current is null
            ? _current = new()
            : throw new InvalidOperationException("This thread keeps activation checkpoints already.");

    /// <summary>A module's output; within <see cref="Begin"/>, where gradients are recorded, without what led to it.</summary>
    /// <param name="module">A module that is called once a step, such as a block of a network.</param>
    /// <param name="input">What goes in; nothing but the module uses it.</param>
    public static Tensor Call(Module<Tensor, Tensor> module, Tensor input)
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(input);
        return _current is { _recomputes: false } current && torch.is_grad_enabled()
            ? current.Keep(module, input)
            : module.call(input);
    }

    /// <summary>Carries the gradients on from the outputs of the modules to their parameters and inputs.</summary>
    /// <remarks>Follows the loss's own <see cref="Tensor.backward"/>, which ends at those outputs.</remarks>
    /// <param name="arithmetic">Opens the arithmetic of the forward pass: its autocast.</param>
    public void Backward(Func<IDisposable> arithmetic)
    {
        ArgumentNullException.ThrowIfNull(arithmetic);
        _recomputes = true;
        while (_segments.Count > 0)
        {
            using var scope = torch.NewDisposeScope();
            using var segment = _segments[^1];
            _segments.RemoveAt(_segments.Count - 1);
            if (segment.Output.grad is not { } gradient)
                continue;
            var input = segment.Input.detach();
            input.requires_grad = segment.Input.requires_grad;
            var after = torch.random.get_rng_state(input.device);
            torch.random.set_rng_state(segment.Draws, input.device);
            Tensor output;
            using (arithmetic())
                output = segment.Module.call(input);
            torch.random.set_rng_state(after, input.device);
            output.backward(gradient);
            if (input.grad is { } onwards)
                segment.Input.backward(onwards);
        }
        _recomputes = false;
    }

    /// <summary>Ends it, and frees what no backward pass has asked for.</summary>
    public void Dispose()
    {
        if (_ended)
            return;
        _ended = true;
        _current = null;
        foreach (var segment in _segments)
            segment.Dispose();
        _segments.Clear();
    }

    private Tensor Keep(Module<Tensor, Tensor> module, Tensor input)
    {
        using var scope = torch.NewDisposeScope();
        var draws = torch.random.get_rng_state(input.device).DetachFromDisposeScope();
        Tensor output;
        using (torch.no_grad())
            output = module.call(input).detach();
        output.requires_grad = true;
        _segments.Add(new(module, input.alias().DetachFromDisposeScope(), draws, output.DetachFromDisposeScope()));
        return output.alias().MoveToOuterDisposeScope();
    }

    private sealed record Segment(Module<Tensor, Tensor> Module, Tensor Input, Tensor Draws, Tensor Output)
        : IDisposable
    {
        public void Dispose()
        {
            Input.Dispose();
            Draws.Dispose();
            Output.Dispose();
        }
    }
}
