using SqsNet.Torch;

namespace SqsNet.Engine.Tests.Fixtures;

/// <summary>The feature maps of a quad as sqs_*.json makes them: a near positive, a far and a middling negative.</summary>
internal static class QuadRecipe
{
    /// <summary>Leaves A, P, N1, N2 in 64 bits, and an upstream gradient for the refined map.</summary>
    internal static (Tensor[] Leaves, Tensor Upstream) Leaves(long[] shape)
    {
        var count = shape.Aggregate(1L, (product, size) => product * size);
        var a = Draw("fA").Select(u => 0.5 * u).ToArray();
        var p = Draw("fP").Zip(a, (u, anchor) => anchor + (0.2 * u)).ToArray();
        var n1 = Draw("fN1").Select(u => 0.5 * u).ToArray();
        var n2 = Draw("fN2").Zip(a, (u, anchor) => (0.6 * anchor) + (0.4 * u)).ToArray();
        var leaves = new[] { a, p, n1, n2 }.Select(values => Tensors.Leaf(values, shape)).ToArray();
        return (leaves, torch.tensor<double>(Draw("G"), shape));

        double[] Draw(string name) => FormulaWeights.Doubles($"sqs/{name}", count);
    }
}
