using SqsNet.Torch;
using static SqsNet.Torch.torch;

namespace SqsNet.Engine.Layers;

/// <summary>Cuts the image into square patches and projects each to a vector. Keys as in timm: "proj", "norm".</summary>
/// <remarks>Dosovitskiy et al. 2021 (ViT), section 3.1; with the norm, Liu et al. 2021 (Swin).</remarks>
internal sealed class PatchEmbed : Module<Tensor, Tensor>
{
    private readonly Module<Tensor, Tensor> _proj;
    private readonly Module<Tensor, Tensor>? _norm;

    internal PatchEmbed(int patchSize, int embedDim, bool norm)
    {
        _proj = register_module("proj", nn.Conv2d(3, embedDim, patchSize, stride: patchSize));
        if (norm)
            _norm = register_module("norm", nn.LayerNorm(embedDim));
    }

    /// <summary>Patches as a map with channels last.</summary>
    /// <param name="images">Shape (B, 3, S, S), S a multiple of the patch size.</param>
    /// <returns>Shape (B, S / patch, S / patch, C).</returns>
    public override Tensor forward(Tensor images)
    {
        var x = _proj.call(images).permute(0, 2, 3, 1); // (B, H, W, C)
        return _norm?.call(x) ?? x;
    }

    internal static void Count(CostTally tally, int patchSize, int embedDim, int grid, bool norm)
    {
        tally.Conv(3, embedDim, patchSize, grid, bias: true);
        if (norm)
            tally.LayerNorm(embedDim);
    }
}
