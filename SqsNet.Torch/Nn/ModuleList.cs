using System.Collections;

namespace SqsNet.Torch;

/// <summary>Modules under the names 0, 1, 2...; whoever holds the list says how they are connected.</summary>
/// <typeparam name="T">The modules' type.</typeparam>
public sealed class ModuleList<T> : Module, IReadOnlyList<T>
    where T : Module
{
    private readonly List<T> _items = [];

    /// <summary>A list of modules.</summary>
    /// <param name="modules">In order.</param>
    public ModuleList(params IEnumerable<T> modules)
    {
        ArgumentNullException.ThrowIfNull(modules);
        foreach (var module in modules)
        {
            append(module);
        }
    }

    /// <summary>The number of modules.</summary>
    public int Count => _items.Count;

    /// <summary>The module at one place.</summary>
    /// <param name="index">From 0.</param>
    public T this[int index] => _items[index];

    /// <summary>Adds a module at the end.</summary>
    /// <param name="module">The module.</param>
    public void append(T module) => _items.Add(register_module(_items.Count.ToString(), module));

    /// <inheritdoc/>
    public IEnumerator<T> GetEnumerator() => _items.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
