using SqsNet.Torch;

namespace SqsNet.Engine.Parity;

/// <summary>A tensor's elements as numbers.</summary>
internal static class TensorNumbers
{
    /// <summary>Every element, widened to double, in row-major order.</summary>
    internal static double[] Values(this Tensor tensor)
    {
        using var scope = torch.NewDisposeScope();
        return tensor.detach().to(ScalarType.Float64).contiguous().ToArray<double>();
    }

    /// <summary>The Euclidean norm, computed in double.</summary>
    internal static double Norm(this Tensor tensor) => Math.Sqrt(tensor.Values().Sum(value => value * value));
}
