using System.Text.Json;
using SqsNet.Torch;

namespace SqsNet.Engine.Tests.Fixtures;

/// <summary>Moves numbers between the reference files and tensors.</summary>
internal static class Tensors
{
    /// <summary>A 64-bit tensor that takes part in autograd.</summary>
    internal static Tensor Leaf(double[] values, params long[] shape) =>
        torch.tensor<double>(values, shape).requires_grad_(true);

    /// <summary>Holds a tensor against values that are given whole, or as every n-th with sum and norm.</summary>
    internal static void ShouldMatch(this Tensor? tensor, JsonElement expected, double relative, string what)
    {
        tensor.ShouldNotBeNull(what);
        var actual = tensor.Values();
        var largest = actual.Length == 0 ? 0 : actual.Max(Math.Abs);
        if (expected.ValueKind != JsonValueKind.Object)
        {
            actual.ShouldBeClose(expected.Numbers(), relative, relative * largest, what);
            return;
        }
        tensor.shape.ShouldBe(expected.GetProperty("shape").Shape(), what);
        var every = expected.GetProperty("every").GetInt32();
        var sampled = actual.Where((_, i) => i % every == 0).ToArray();
        sampled.ShouldBeClose(expected.GetProperty("values").Numbers(), relative, relative * largest, what);
        tensor.Norm().ShouldBeClose(expected.Number("l2"), relative, 1e-12, $"{what}, norm");
        actual
            .Sum()
            .ShouldBeClose(expected.Number("sum"), relative, relative * largest * actual.Length, $"{what}, sum");
    }
}
