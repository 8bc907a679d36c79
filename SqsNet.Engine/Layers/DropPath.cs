using SqsNet.Torch;

namespace SqsNet.Engine.Layers;

/// <summary>Stochastic depth: in training, the whole residual branch of an image is dropped with some probability.</summary>
/// <remarks>Huang et al. 2016, "Deep networks with stochastic depth". Kept branches are scaled by 1 / (1 - p), as in timm.</remarks>
internal static class DropPath
{
    /// <summary>The branch with whole images of it zeroed; the branch itself when nothing is to be dropped.</summary>
    /// <param name="branch">Output of a residual branch, shape (B, ...).</param>
    /// <param name="probability">Probability of dropping, 0 to 1 exclusive.</param>
    /// <param name="training">False leaves the branch alone.</param>
    internal static Tensor Apply(Tensor branch, double probability, bool training)
    {
        if (!training || probability == 0)
            return branch;
        var shape = Enumerable.Repeat(1L, branch.shape.Length).ToArray();
        shape[0] = branch.shape[0];
        using var keep = torch.empty(shape, dtype: branch.dtype, device: branch.device);
        return branch * keep.bernoulli_(1 - probability).div_(1 - probability);
    }
}
