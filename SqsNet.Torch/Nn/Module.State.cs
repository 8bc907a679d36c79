namespace SqsNet.Torch;

public abstract partial class Module
{
    /// <summary>
    /// Every parameter and persistent buffer under its key, in PyTorch's order. The tensors are the module's own, not
    /// copies; a module registered under two names appears under both.
    /// </summary>
    public OrderedDictionary<string, Tensor> state_dict()
    {
        var state = new OrderedDictionary<string, Tensor>();
        CollectState("", state);
        return state;
    }

    /// <summary>Copies values into the parameters and persistent buffers; nothing is changed where something is wrong.</summary>
    /// <param name="state_dict">Values by key, of any element type and on any device.</param>
    /// <param name="strict">Whether every key must be there and no other.</param>
    /// <returns>The keys that were missing and those that were not expected; both empty where strict.</returns>
    /// <exception cref="StateDictException">Keys are missing or unknown (where strict), or shapes differ (always).</exception>
    public (IReadOnlyList<string> missing_keys, IReadOnlyList<string> unexpected_keys) load_state_dict(
        IReadOnlyDictionary<string, Tensor> state_dict,
        bool strict = true
    )
    {
        ArgumentNullException.ThrowIfNull(state_dict);
        var own = this.state_dict();
        var missing = own.Keys.Where(key => !state_dict.ContainsKey(key)).ToList();
        var unexpected = state_dict.Keys.Where(key => !own.ContainsKey(key)).ToList();
        var misshapen = own.Where(pair =>
                state_dict.TryGetValue(pair.Key, out var given) && !given.shape.AsSpan().SequenceEqual(pair.Value.shape)
            )
            .Select(pair => $"{pair.Key}: {Shape(state_dict[pair.Key])} given, {Shape(pair.Value)} needed")
            .ToList();
        if (misshapen.Count > 0 || (strict && missing.Count + unexpected.Count > 0))
        {
            throw new StateDictException(GetType().Name, missing, unexpected, misshapen);
        }
        using var noGrad = torch.no_grad();
        foreach (var (key, tensor) in own)
        {
            if (state_dict.TryGetValue(key, out var given))
            {
                tensor.copy_(given);
            }
        }
        return (missing, unexpected);
    }

    private void CollectState(string prefix, OrderedDictionary<string, Tensor> state)
    {
        foreach (var (name, parameter) in _parameters)
        {
            state.Add(prefix + name, parameter);
        }
        foreach (var (name, buffer) in _buffers)
        {
            if (buffer.Persistent)
            {
                state.Add(prefix + name, buffer.Tensor);
            }
        }
        foreach (var (name, module) in _modules)
        {
            module.CollectState($"{prefix}{name}.", state);
        }
    }

    private static string Shape(Tensor tensor) => $"({string.Join(", ", tensor.shape)})";
}

/// <summary>A state dictionary does not fit a module.</summary>
public sealed class StateDictException : Exception
{
    private const int Shown = 10;

    internal StateDictException(
        string module,
        IReadOnlyList<string> missing,
        IReadOnlyList<string> unexpected,
        IReadOnlyList<string> misshapen
    )
        : base(
            $"The state dictionary does not fit {module}."
                + List("Missing keys", missing)
                + List("Unexpected keys", unexpected)
                + List("Other shapes", misshapen)
        ) => (Missing, Unexpected, Misshapen) = (missing, unexpected, misshapen);

    /// <summary>Keys of the module that were not given.</summary>
    public IReadOnlyList<string> Missing { get; }

    /// <summary>Given keys that the module does not have.</summary>
    public IReadOnlyList<string> Unexpected { get; }

    /// <summary>Keys whose given shape is another, with both shapes.</summary>
    public IReadOnlyList<string> Misshapen { get; }

    private static string List(string title, IReadOnlyList<string> items) =>
        items.Count == 0
            ? ""
            : $" {title} ({items.Count}): {string.Join(", ", items.Take(Shown))}"
                + (items.Count > Shown ? ", ..." : ".");
}
