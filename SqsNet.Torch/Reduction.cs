namespace SqsNet.Torch;

/// <summary>What becomes of a loss's elements; the first three have libtorch's numbers.</summary>
public enum Reduction
{
    /// <summary>They stay.</summary>
    None = 0,

    /// <summary>Their mean.</summary>
    Mean = 1,

    /// <summary>Their sum.</summary>
    Sum = 2,

    /// <summary>Their sum divided by the batch size; only <c>kl_div</c> knows it.</summary>
    BatchMean = 3,
}
