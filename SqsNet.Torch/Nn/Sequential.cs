namespace SqsNet.Torch;

/// <summary>Modules one after the other; each takes what the one before gave.</summary>
public sealed class Sequential : Module<Tensor, Tensor>
{
    private readonly List<Module<Tensor, Tensor>> _layers = [];

    /// <summary>Modules under names of their own.</summary>
    /// <param name="layers">Names and modules in order.</param>
    public Sequential(params IEnumerable<(string name, Module<Tensor, Tensor> module)> layers)
    {
        ArgumentNullException.ThrowIfNull(layers);
        foreach (var (name, module) in layers)
        {
            _layers.Add(register_module(name, module));
        }
    }

    /// <summary>The modules in order.</summary>
    public IReadOnlyList<Module<Tensor, Tensor>> Layers => _layers;

    /// <summary>The module at one place.</summary>
    /// <param name="index">From 0.</param>
    public Module<Tensor, Tensor> this[int index] => _layers[index];

    /// <summary>The number of modules.</summary>
    public int Count => _layers.Count;

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        foreach (var layer in _layers)
        {
            input = layer.forward(input);
        }
        return input;
    }
}
