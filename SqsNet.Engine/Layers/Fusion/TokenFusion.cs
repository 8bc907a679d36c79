using SqsNet.Torch;

namespace SqsNet.Engine.Layers.Fusion;

/// <summary>Joins the tokens of the two branches into one map of tokens.</summary>
internal abstract class TokenFusion : Module
{
    /// <summary>Joins the two branches.</summary>
    /// <param name="cnn">Tokens of the CNN, shape (B, Nq, C1).</param>
    /// <param name="transformer">Tokens of the transformer, shape (B, Nk, C2).</param>
    /// <returns>Fused tokens, one for each of the CNN's, shape (B, Nq, D).</returns>
    internal abstract Tensor Fuse(Tensor cnn, Tensor transformer);
}
