namespace SqsNet.Torch;

/// <summary>Rows of a learned table.</summary>
public sealed class Embedding : Module<Tensor, Tensor>
{
    internal Embedding(long numEmbeddings, long embeddingDim)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(numEmbeddings);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(embeddingDim);
        weight = register_parameter("weight", torch.randn(numEmbeddings, embeddingDim));
    }

    /// <summary>The table, shape (N, D).</summary>
    public Tensor weight { get; }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => torch.nn.functional.embedding(input, weight);
}

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>A table of standard normal rows.</summary>
        /// <param name="numEmbeddings">Rows.</param>
        /// <param name="embeddingDim">Columns.</param>
        /// <exception cref="ArgumentOutOfRangeException">A size is not positive.</exception>
        public static Embedding Embedding(long numEmbeddings, long embeddingDim) => new(numEmbeddings, embeddingDim);
    }
}
