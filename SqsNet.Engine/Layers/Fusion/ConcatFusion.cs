using SqsNet.Torch;
using static SqsNet.Torch.torch;

namespace SqsNet.Engine.Layers.Fusion;

/// <summary>Concatenates the two branches at each location, the CNN first, and projects to the fused width (figure 2).</summary>
/// <remarks>Key: "proj". Where the maps differ in size, the transformer's is resized bilinearly to the CNN's.</remarks>
internal sealed class ConcatFusion : TokenFusion
{
    private readonly int _cnnGrid;
    private readonly int _transformerGrid;
    private readonly Module<Tensor, Tensor> _proj;

    /// <param name="cnn">Channels of the CNN's tokens.</param>
    /// <param name="cnnGrid">Side of the CNN's map.</param>
    /// <param name="transformer">Channels of the transformer's tokens.</param>
    /// <param name="transformerGrid">Side of the transformer's map.</param>
    /// <param name="width">Channels of the fused tokens.</param>
    internal ConcatFusion(int cnn, int cnnGrid, int transformer, int transformerGrid, int width)
    {
        _cnnGrid = cnnGrid;
        _transformerGrid = transformerGrid;
        _proj = register_module("proj", nn.Linear(cnn + transformer, width));
    }

    internal override Tensor Fuse(Tensor cnn, Tensor transformer)
    {
        using var scope = NewDisposeScope();
        if (_cnnGrid != _transformerGrid)
            transformer = Resize(transformer);
        return scope.MoveToOuter(_proj.call(cat([cnn, transformer], -1)));
    }

    internal static void Count(CostTally tally, int cnn, int transformer, int width, long locations) =>
        tally.Linear(cnn + transformer, width, locations);

    private Tensor Resize(Tensor tokens)
    {
        var (batch, channels) = (tokens.shape[0], tokens.shape[2]);
        var map = tokens.transpose(1, 2).reshape(batch, channels, _transformerGrid, _transformerGrid);
        map = nn.functional.interpolate(map, size: _cnnGrid, mode: InterpolationMode.Bilinear);
        return map.flatten(2).transpose(1, 2);
    }
}
