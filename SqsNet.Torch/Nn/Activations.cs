namespace SqsNet.Torch;

/// <summary>max(x, 0).</summary>
public sealed class ReLU : Module<Tensor, Tensor>
{
    internal ReLU() { }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => torch.nn.functional.relu(input);
}

/// <summary>min(max(x, 0), 6).</summary>
public sealed class ReLU6 : Module<Tensor, Tensor>
{
    internal ReLU6() { }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => torch.nn.functional.relu6(input);
}

/// <summary>x * sigmoid(x).</summary>
public sealed class SiLU : Module<Tensor, Tensor>
{
    internal SiLU() { }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => torch.nn.functional.silu(input);
}

/// <summary>1 / (1 + exp(-x)).</summary>
public sealed class Sigmoid : Module<Tensor, Tensor>
{
    internal Sigmoid() { }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => torch.nn.functional.sigmoid(input);
}

/// <summary>The hyperbolic tangent.</summary>
public sealed class Tanh : Module<Tensor, Tensor>
{
    internal Tanh() { }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => torch.nn.functional.tanh(input);
}

/// <summary>x * relu6(x + 3) / 6.</summary>
public sealed class Hardswish : Module<Tensor, Tensor>
{
    internal Hardswish() { }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => torch.nn.functional.hardswish(input);
}

/// <summary>relu6(x + 3) / 6.</summary>
public sealed class Hardsigmoid : Module<Tensor, Tensor>
{
    internal Hardsigmoid() { }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => torch.nn.functional.hardsigmoid(input);
}

/// <summary>x times the normal distribution function.</summary>
public sealed class GELU : Module<Tensor, Tensor>
{
    private readonly string _approximate;

    internal GELU(string approximate) => _approximate = approximate;

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => torch.nn.functional.gelu(input, _approximate);
}

/// <summary>exp(x) / sum(exp(x)) along one dimension.</summary>
public sealed class Softmax : Module<Tensor, Tensor>
{
    private readonly long _dim;

    internal Softmax(long dim) => _dim = dim;

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => torch.nn.functional.softmax(input, _dim);
}

/// <summary>Gives its input back.</summary>
public sealed class Identity : Module<Tensor, Tensor>
{
    internal Identity() { }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => input;
}

/// <summary>Joins dimensions.</summary>
public sealed class Flatten : Module<Tensor, Tensor>
{
    private readonly long _startDim;
    private readonly long _endDim;

    internal Flatten(long startDim, long endDim) => (_startDim, _endDim) = (startDim, endDim);

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => torch.flatten(input, _startDim, _endDim);
}

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>max(x, 0).</summary>
        public static ReLU ReLU() => new();

        /// <summary>min(max(x, 0), 6).</summary>
        public static ReLU6 ReLU6() => new();

        /// <summary>x * sigmoid(x).</summary>
        public static SiLU SiLU() => new();

        /// <summary>1 / (1 + exp(-x)).</summary>
        public static Sigmoid Sigmoid() => new();

        /// <summary>The hyperbolic tangent.</summary>
        public static Tanh Tanh() => new();

        /// <summary>x * relu6(x + 3) / 6.</summary>
        public static Hardswish Hardswish() => new();

        /// <summary>relu6(x + 3) / 6.</summary>
        public static Hardsigmoid Hardsigmoid() => new();

        /// <summary>x times the normal distribution function.</summary>
        /// <param name="approximate">none or tanh.</param>
        public static GELU GELU(string approximate = "none") => new(approximate);

        /// <summary>exp(x) / sum(exp(x)).</summary>
        /// <param name="dim">Along which dimension.</param>
        public static Softmax Softmax(long dim) => new(dim);

        /// <summary>Gives its input back.</summary>
        public static Identity Identity() => new();

        /// <summary>Joins dimensions.</summary>
        /// <param name="startDim">The first.</param>
        /// <param name="endDim">The last.</param>
        public static Flatten Flatten(long startDim = 1, long endDim = -1) => new(startDim, endDim);
    }
}
