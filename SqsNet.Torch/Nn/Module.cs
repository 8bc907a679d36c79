namespace SqsNet.Torch;

/// <summary>
/// A part of a network: parameters, buffers and other modules, each registered under the name that its key in the state
/// dictionary has. The order is the order of registration, as in PyTorch.
/// </summary>
/// <remarks>
/// Parameters and buffers belong to the module, never to a dispose scope; disposing the outermost module frees all.
/// </remarks>
public abstract partial class Module : IDisposable
{
    private readonly OrderedDictionary<string, Tensor> _parameters = [];
    private readonly OrderedDictionary<string, (Tensor Tensor, bool Persistent)> _buffers = [];
    private readonly OrderedDictionary<string, Module> _modules = [];

    /// <summary>Whether the module trains: dropout drops and batch normalisation uses and gathers batch statistics.</summary>
    public bool training { get; private set; } = true;

    /// <summary>Adds a part.</summary>
    /// <typeparam name="T">The part's type.</typeparam>
    /// <param name="name">The next word of its keys, without a point.</param>
    /// <param name="module">The part; one module may be registered under several names, which ties its weights.</param>
    /// <returns>The part.</returns>
    /// <exception cref="ArgumentException">The name is empty, holds a point, or is taken.</exception>
    public T register_module<T>(string name, T module)
        where T : Module
    {
        ArgumentNullException.ThrowIfNull(module);
        CheckName(name);
        _modules.Add(name, module);
        return module;
    }

    /// <summary>Adds a parameter, which takes part in training.</summary>
    /// <param name="name">The last word of its key, without a point.</param>
    /// <param name="parameter">A tensor of fractions that no operation made; the module owns it from now on.</param>
    /// <param name="requires_grad">False for a parameter that stays as it is.</param>
    /// <returns>The same tensor.</returns>
    /// <exception cref="ArgumentException">The name is empty, holds a point, or is taken.</exception>
    /// <exception cref="TorchException">The tensor cannot require a gradient.</exception>
    public Tensor register_parameter(string name, Tensor parameter, bool requires_grad = true)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        CheckName(name);
        parameter.requires_grad_(requires_grad);
        parameter.DetachFromDisposeScope();
        _parameters.Add(name, parameter);
        return parameter;
    }

    /// <summary>Adds a tensor that moves with the module but is not trained.</summary>
    /// <param name="name">The last word of its key, without a point.</param>
    /// <param name="tensor">The tensor; the module owns it from now on.</param>
    /// <param name="persistent">Whether it is part of the state dictionary.</param>
    /// <returns>The same tensor.</returns>
    /// <exception cref="ArgumentException">The name is empty, holds a point, or is taken.</exception>
    public Tensor register_buffer(string name, Tensor tensor, bool persistent = true)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        CheckName(name);
        tensor.DetachFromDisposeScope();
        _buffers.Add(name, (tensor, persistent));
        return tensor;
    }

    /// <summary>The parts directly below, by name.</summary>
    public IEnumerable<(string name, Module module)> named_children() =>
        _modules.Select(pair => (pair.Key, pair.Value));

    /// <summary>The parts directly below.</summary>
    public IEnumerable<Module> children() => _modules.Values;

    /// <summary>This module (with an empty name) and everything below, each once, outer before inner.</summary>
    public IEnumerable<(string name, Module module)> named_modules() =>
        Walk("", []).Select(found => (found.Prefix.TrimEnd('.'), found.Module));

    /// <summary>This module and everything below, each once, outer before inner.</summary>
    public IEnumerable<Module> modules() => named_modules().Select(found => found.module);

    /// <summary>Every parameter once, with its key.</summary>
    public IEnumerable<(string name, Tensor parameter)> named_parameters()
    {
        var seen = new HashSet<Tensor>(ReferenceEqualityComparer.Instance);
        return Walk("", [])
            .SelectMany(found => found.Module._parameters.Select(pair => (found.Prefix + pair.Key, pair.Value)))
            .Where(found => seen.Add(found.Value))
            .ToList();
    }

    /// <summary>Every parameter once.</summary>
    public IEnumerable<Tensor> parameters() => named_parameters().Select(found => found.parameter);

    /// <summary>Every buffer once, with its key, also those that are not part of the state dictionary.</summary>
    public IEnumerable<(string name, Tensor buffer)> named_buffers()
    {
        var seen = new HashSet<Tensor>(ReferenceEqualityComparer.Instance);
        return Walk("", [])
            .SelectMany(found => found.Module._buffers.Select(pair => (found.Prefix + pair.Key, pair.Value.Tensor)))
            .Where(found => seen.Add(found.Tensor))
            .ToList();
    }

    /// <summary>Every buffer once.</summary>
    public IEnumerable<Tensor> buffers() => named_buffers().Select(found => found.buffer);

    /// <summary>Calls a function with this module and everything below, inner before outer.</summary>
    /// <param name="function">What to do with each.</param>
    public void apply(Action<Module> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        foreach (var module in modules().Reverse())
        {
            function(module);
        }
    }

    /// <summary>Says whether this module and everything below trains.</summary>
    /// <param name="on">False for evaluation.</param>
    public void train(bool on = true)
    {
        foreach (var module in modules())
        {
            module.training = on;
        }
    }

    /// <summary>The same as <c>train(false)</c>.</summary>
    public void eval() => train(false);

    /// <summary>Moves every parameter and buffer to a device. The tensors stay the same objects; gradients are dropped.</summary>
    /// <param name="device">Where to.</param>
    /// <exception cref="TorchException">There is no such device, or its memory is exhausted.</exception>
    public void to(Device device) => Convert(tensor => tensor.to(device));

    /// <summary>
    /// Converts every parameter and every buffer of fractions. The tensors stay the same objects; gradients are dropped.
    /// </summary>
    /// <param name="dtype">A type of fractions.</param>
    /// <exception cref="ArgumentException">The type is one of integers.</exception>
    public void to(ScalarType dtype)
    {
        if (!ScalarTypes.IsFloatingPoint(dtype))
        {
            throw new ArgumentException($"A module's parameters cannot be {dtype}.", nameof(dtype));
        }
        Convert(tensor => tensor.is_floating_point() ? tensor.to(dtype) : tensor.alias());
    }

    /// <summary>Lays every parameter and buffer of four dimensions out in another order.</summary>
    /// <param name="memory_format">The order.</param>
    public void to(MemoryFormat memory_format) =>
        Convert(tensor => tensor.ndim == 4 ? tensor.contiguous(memory_format) : tensor.alias());

    /// <summary>Forgets the gradients of every parameter.</summary>
    /// <param name="set_to_none">False fills them with zeros instead.</param>
    public void zero_grad(bool set_to_none = true) => Gradients.Zero([.. parameters()], set_to_none);

    /// <summary>Says whether every parameter takes part in training.</summary>
    /// <param name="requires_grad">Whether they do.</param>
    public void requires_grad_(bool requires_grad = true)
    {
        foreach (var parameter in parameters())
        {
            parameter.requires_grad_(requires_grad);
        }
    }

    /// <summary>Frees every parameter and buffer of this module and everything below.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees what the module owns.</summary>
    /// <param name="disposing">True: there is no finalizer.</param>
    protected virtual void Dispose(bool disposing)
    {
        foreach (var tensor in _parameters.Values.Concat(_buffers.Values.Select(buffer => buffer.Tensor)))
        {
            tensor.Dispose();
        }
        foreach (var module in _modules.Values)
        {
            module.Dispose();
        }
    }

    private IEnumerable<(string Prefix, Module Module)> Walk(string prefix, HashSet<Module> seen)
    {
        if (!seen.Add(this))
        {
            yield break;
        }
        yield return (prefix, this);
        foreach (var (name, module) in _modules)
        {
            foreach (var found in module.Walk($"{prefix}{name}.", seen))
            {
                yield return found;
            }
        }
    }

    private void Convert(Func<Tensor, Tensor> convert)
    {
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        zero_grad();
        foreach (var tensor in parameters().Concat(buffers()))
        {
            tensor.SetData(convert(tensor));
        }
    }

    private void CheckName(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (name.Contains('.'))
        {
            throw new ArgumentException($"'{name}' holds a point, which separates the words of a key.", nameof(name));
        }
        if (_parameters.ContainsKey(name) || _buffers.ContainsKey(name) || _modules.ContainsKey(name))
        {
            throw new ArgumentException($"'{name}' is registered already.", nameof(name));
        }
    }
}

/// <summary>A module that makes one thing of another.</summary>
/// <typeparam name="TIn">What it takes.</typeparam>
/// <typeparam name="TOut">What it gives.</typeparam>
public abstract class Module<TIn, TOut> : Module
{
    /// <summary>The module's computation.</summary>
    /// <param name="input">Its input.</param>
    public abstract TOut forward(TIn input);

    /// <summary>The same as <see cref="forward"/>; TorchSharp's name.</summary>
    /// <param name="input">Its input.</param>
    public TOut call(TIn input) => forward(input);
}

/// <summary>A module that makes one thing of two.</summary>
/// <typeparam name="T1">What it takes first.</typeparam>
/// <typeparam name="T2">What it takes second.</typeparam>
/// <typeparam name="TOut">What it gives.</typeparam>
public abstract class Module<T1, T2, TOut> : Module
{
    /// <summary>The module's computation.</summary>
    /// <param name="input1">Its first input.</param>
    /// <param name="input2">Its second input.</param>
    public abstract TOut forward(T1 input1, T2 input2);

    /// <summary>The same as <see cref="forward"/>; TorchSharp's name.</summary>
    /// <param name="input1">Its first input.</param>
    /// <param name="input2">Its second input.</param>
    public TOut call(T1 input1, T2 input2) => forward(input1, input2);
}
