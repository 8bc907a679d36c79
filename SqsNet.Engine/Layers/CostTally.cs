using SqsNet.Engine.Models;

namespace SqsNet.Engine.Layers;

/// <summary>
/// Counts a network from its shapes alone: nothing is allocated and nothing runs. Every layer says what it costs in
/// a <c>Count</c> method beside its constructor; the tests hold both against each other.
/// </summary>
/// <remarks>
/// One multiply-accumulate is one MAC, for one image. Convolutions, linear layers and the two products of attention
/// are counted; biases, norms, activations, softmax, pooling and residual additions are not.
/// </remarks>
internal sealed class CostTally
{
    private long _parameters;
    private long _convolution;
    private long _linear;
    private long _attention;
    private int _keys;
    private long _stateBytes;

    /// <summary>What has been counted so far.</summary>
    internal ModelCost Total => new(_parameters, _convolution, _linear, _attention, _keys, _stateBytes);

    /// <summary>A convolution with square kernels whose output has <paramref name="side"/> * <paramref name="side"/> places.</summary>
    internal void Conv(int input, int output, int kernel, int side, int groups = 1, bool bias = false)
    {
        var weights = (long)output * (input / groups) * kernel * kernel;
        Parameter(weights);
        if (bias)
            Parameter(output);
        _convolution += weights * side * side;
    }

    /// <summary>A linear layer applied to <paramref name="tokens"/> vectors.</summary>
    internal void Linear(int input, int output, long tokens = 1, bool bias = true)
    {
        Parameter((long)input * output);
        if (bias)
            Parameter(output);
        _linear += (long)input * output * tokens;
    }

    /// <summary>Batch normalisation: scale and shift, and three buffers that are keys but not parameters.</summary>
    internal void BatchNorm(int channels)
    {
        Parameter(channels);
        Parameter(channels);
        _keys += 3;
        // Running mean and variance, and a count of batches in 64 bits.
        _stateBytes += (2L * channels * sizeof(float)) + sizeof(long);
    }

    /// <summary>Layer normalisation: scale and shift.</summary>
    internal void LayerNorm(int channels)
    {
        Parameter(channels);
        Parameter(channels);
    }

    /// <summary>The two products of attention, QK' and AV, of <paramref name="queries"/> over <paramref name="keys"/> vectors.</summary>
    internal void Attention(long queries, long keys, int channels) => _attention += 2 * queries * keys * channels;

    /// <summary>A network that has been counted before.</summary>
    internal void Add(ModelCost cost)
    {
        _parameters += cost.Parameters;
        _convolution += cost.ConvolutionMacs;
        _linear += cost.LinearMacs;
        _attention += cost.AttentionMacs;
        _keys += cost.Keys;
        _stateBytes += cost.StateBytes;
    }

    /// <summary>One parameter tensor.</summary>
    internal void Parameter(long elements)
    {
        _parameters += elements;
        _keys++;
        _stateBytes += elements * sizeof(float);
    }
}
