namespace SqsNet.Torch;

/// <summary>Adam with decoupled weight decay.</summary>
/// <remarks>
/// Loshchilov and Hutter 2019, algorithm 2, with PyTorch's defaults. One native loop runs over all parameters; those
/// without a gradient keep their state.
/// </remarks>
public sealed unsafe class AdamW : IDisposable
{
    private readonly List<GroupState> _groups;

    internal AdamW(
        IEnumerable<ParameterGroup> groups,
        double lr,
        double beta1,
        double beta2,
        double eps,
        double weight_decay
    )
    {
        ArgumentNullException.ThrowIfNull(groups);
        ArgumentOutOfRangeException.ThrowIfNegative(lr);
        ArgumentOutOfRangeException.ThrowIfNegative(eps);
        ArgumentOutOfRangeException.ThrowIfNegative(weight_decay);
        CheckBeta(beta1, nameof(beta1));
        CheckBeta(beta2, nameof(beta2));
        (Beta1, Beta2, Eps) = (beta1, beta2, eps);
        _groups = [.. groups.Select(group => new GroupState(group))];
        var seen = new HashSet<Tensor>(ReferenceEqualityComparer.Instance);
        foreach (var group in _groups.Select(state => state.Group))
        {
            group.lr ??= lr;
            group.weight_decay ??= weight_decay;
            if (!group.parameters.All(seen.Add))
            {
                throw new ArgumentException("A parameter stands in the list twice.", nameof(groups));
            }
        }
        if (seen.Count == 0)
        {
            throw new ArgumentException("There is no parameter to optimize.", nameof(groups));
        }
    }

    /// <summary>The groups, whose hyperparameters may be changed between steps.</summary>
    public IReadOnlyList<ParameterGroup> param_groups => _groups.ConvertAll(state => state.Group);

    /// <summary>Decay of the mean of gradients, 0 to 1 exclusive.</summary>
    public double Beta1 { get; }

    /// <summary>Decay of the mean of squared gradients, 0 to 1 exclusive.</summary>
    public double Beta2 { get; }

    /// <summary>Added to the root of the mean of squares.</summary>
    public double Eps { get; }

    /// <summary>The step size of the first group; setting it sets it for every group.</summary>
    public double lr
    {
        get => _groups[0].Group.lr.GetValueOrDefault();
        set
        {
            foreach (var state in _groups)
            {
                state.Group.lr = value;
            }
        }
    }

    /// <summary>Moves every parameter that has a gradient.</summary>
    /// <exception cref="TorchException">A gradient or the state does not fit its parameter.</exception>
    public void step()
    {
        foreach (var state in _groups)
        {
            state.EnsureMoments();
            var (group, means, squares) = (state.Group, state.Means!, state.Squares!);
            fixed (nint* parameters = Gradients.Handles([.. group.parameters]))
            fixed (nint* meanPointer = Gradients.Handles(means))
            fixed (nint* squarePointer = Gradients.Handles(squares))
            fixed (long* steps = state.Steps)
            {
                var status = NativeMethods.sqs_optim_adamw(
                    parameters,
                    meanPointer,
                    squarePointer,
                    steps,
                    means.Count,
                    group.lr.GetValueOrDefault(),
                    Beta1,
                    Beta2,
                    Eps,
                    group.weight_decay.GetValueOrDefault()
                );
                GC.KeepAlive(state);
                TorchException.ThrowIfFailed(status, "adamw");
            }
        }
    }

    /// <summary>Forgets the gradients of every parameter.</summary>
    /// <param name="set_to_none">False fills them with zeros instead.</param>
    public void zero_grad(bool set_to_none = true)
    {
        foreach (var state in _groups)
        {
            Gradients.Zero([.. state.Group.parameters], set_to_none);
        }
    }

    /// <summary>
    /// The state of every parameter, numbered over all groups: <c>0.step</c> (Int64, no dimensions), <c>0.exp_avg</c> and
    /// <c>0.exp_avg_sq</c> (shape and type of the parameter). The step counts are new tensors, the others the optimizer's own.
    /// </summary>
    public OrderedDictionary<string, Tensor> state_dict()
    {
        var result = new OrderedDictionary<string, Tensor>();
        var number = 0;
        foreach (var state in _groups)
        {
            state.EnsureMoments();
            for (var i = 0; i < state.Steps.Length; i++, number++)
            {
                result.Add($"{number}.step", torch.tensor(state.Steps[i]));
                result.Add($"{number}.exp_avg", state.Means![i]);
                result.Add($"{number}.exp_avg_sq", state.Squares![i]);
            }
        }
        return result;
    }

    /// <summary>Copies a state that <see cref="state_dict"/> gave; nothing is changed where something is wrong.</summary>
    /// <param name="state_dict">Values by key.</param>
    /// <exception cref="StateDictException">Keys are missing or unknown, or shapes differ.</exception>
    public void load_state_dict(IReadOnlyDictionary<string, Tensor> state_dict)
    {
        ArgumentNullException.ThrowIfNull(state_dict);
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        var own = this.state_dict();
        var missing = own.Keys.Where(key => !state_dict.ContainsKey(key)).ToList();
        var unexpected = state_dict.Keys.Where(key => !own.ContainsKey(key)).ToList();
        var misshapen = own.Where(pair =>
                state_dict.TryGetValue(pair.Key, out var given) && !given.shape.AsSpan().SequenceEqual(pair.Value.shape)
            )
            .Select(pair => $"{pair.Key}: {state_dict[pair.Key]} given, {pair.Value} needed")
            .ToList();
        if (missing.Count + unexpected.Count + misshapen.Count > 0)
        {
            throw new StateDictException(nameof(AdamW), missing, unexpected, misshapen);
        }
        var number = 0;
        foreach (var state in _groups)
        {
            for (var i = 0; i < state.Steps.Length; i++, number++)
            {
                state.Steps[i] = state_dict[$"{number}.step"].ToInt64();
                state.Means![i].copy_(state_dict[$"{number}.exp_avg"]);
                state.Squares![i].copy_(state_dict[$"{number}.exp_avg_sq"]);
            }
        }
    }

    /// <summary>Frees the state; the parameters belong to their module.</summary>
    public void Dispose()
    {
        foreach (var state in _groups)
        {
            state.Dispose();
        }
    }

    private static void CheckBeta(double beta, string name)
    {
        if (!(beta is >= 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(name, beta, "A decay lies in 0..1, 1 left out.");
        }
    }

    private sealed class GroupState(ParameterGroup group) : IDisposable
    {
        internal ParameterGroup Group { get; } = group;
        internal long[] Steps { get; } = new long[group.parameters.Count];
        internal List<Tensor>? Means { get; private set; }
        internal List<Tensor>? Squares { get; private set; }

        /// <summary>The moments lie where the parameters lie, which is known for sure only at the first step.</summary>
        internal void EnsureMoments()
        {
            using var noGrad = torch.no_grad();
            Means ??= Zeros();
            Squares ??= Zeros();
        }

        public void Dispose()
        {
            foreach (var tensor in (Means ?? []).Concat(Squares ?? []))
            {
                tensor.Dispose();
            }
        }

        private List<Tensor> Zeros() =>
            [.. Group.parameters.Select(parameter => torch.zeros_like(parameter).DetachFromDisposeScope())];
    }
}

public static partial class torch
{
    /// <summary>Optimizers.</summary>
    public static partial class optim
    {
        /// <summary>Adam with decoupled weight decay.</summary>
        /// <param name="parameters">Parameters of one group.</param>
        /// <param name="lr">Step size, not negative.</param>
        /// <param name="beta1">Decay of the mean of gradients, 0 to 1 exclusive.</param>
        /// <param name="beta2">Decay of the mean of squared gradients, 0 to 1 exclusive.</param>
        /// <param name="eps">Added to the root of the mean of squares, not negative.</param>
        /// <param name="weight_decay">Part of a weight taken away each step, times the step size; not negative.</param>
        /// <exception cref="ArgumentException">A number is out of its range, or there is no parameter or one twice.</exception>
        public static AdamW AdamW(
            IEnumerable<Tensor> parameters,
            double lr = 1e-3,
            double beta1 = 0.9,
            double beta2 = 0.999,
            double eps = 1e-8,
            double weight_decay = 1e-2
        ) => new([new ParameterGroup(parameters)], lr, beta1, beta2, eps, weight_decay);

        /// <summary>Adam with decoupled weight decay, over groups with hyperparameters of their own.</summary>
        /// <param name="groups">The groups.</param>
        /// <param name="lr">Step size of groups that have none, not negative.</param>
        /// <param name="beta1">Decay of the mean of gradients, 0 to 1 exclusive.</param>
        /// <param name="beta2">Decay of the mean of squared gradients, 0 to 1 exclusive.</param>
        /// <param name="eps">Added to the root of the mean of squares, not negative.</param>
        /// <param name="weight_decay">Weight decay of groups that have none, not negative.</param>
        /// <exception cref="ArgumentException">A number is out of its range, or there is no parameter or one twice.</exception>
        public static AdamW AdamW(
            IEnumerable<ParameterGroup> groups,
            double lr = 1e-3,
            double beta1 = 0.9,
            double beta2 = 0.999,
            double eps = 1e-8,
            double weight_decay = 1e-2
        ) => new(groups, lr, beta1, beta2, eps, weight_decay);
    }
}
