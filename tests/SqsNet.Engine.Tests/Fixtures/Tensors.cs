using System.Text.Json;
using SqsNet.Torch;

namespace SqsNet.Engine.Tests.Fixtures;

/// <summary>Moves numbers between the reference files and tensors.</summary>
internal static class Tensors
{
    /// <summary>A 64-bit tensor that takes part in autograd.</summary>
    internal static Tensor Leaf(double[] values, params long[] shape) =>
        torch.tensor<double>(values, shape).requires_grad_(true);

    /// <summary>Every element, widened to double, in row-major order.</summary>
    internal static double[] Values(this Tensor tensor)
    {
        using var scope = torch.NewDisposeScope();
        return tensor.detach().to(ScalarType.Float64).contiguous().ToArray<double>();
    }

    /// <summary>The Euclidean norm, computed in double.</summary>
    internal static double Norm(this Tensor tensor) => Math.Sqrt(tensor.Values().Sum(value => value * value));

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

    /// <summary>
    /// Holds a tensor against its summary in the reference: shape, mean, standard deviation, norm and first elements.
    /// Tolerances are relative to the root mean square of the tensor.
    /// </summary>
    internal static void ShouldMatchSummary(this Tensor? tensor, JsonElement expected, double tolerance, string what)
    {
        tensor.ShouldNotBeNull(what);
        tensor.shape.ShouldBe(expected.GetProperty("shape").Shape(), what);
        ShouldMatchSummary(
            tensor.Values(),
            expected.Number("mean"),
            expected.Number("std"),
            expected.GetProperty("first").Numbers(),
            tolerance,
            what
        );
        tensor.Norm().ShouldBeClose(expected.Number("l2"), tolerance, 1e-12, $"{what}, norm");
    }

    /// <summary>The same for the short form [shape, mean, standard deviation, first elements].</summary>
    internal static void ShouldMatchSummary(
        double[] actual,
        double mean,
        double deviation,
        double[] first,
        double tolerance,
        string what
    )
    {
        var scale = Math.Sqrt((mean * mean) + (deviation * deviation));
        var average = actual.Average();
        average.ShouldBeClose(mean, 0, (tolerance * scale) + 1e-12, $"{what}, mean");
        Math.Sqrt(actual.Average(value => (value - average) * (value - average)))
            .ShouldBeClose(deviation, 0, (tolerance * scale) + 1e-12, $"{what}, standard deviation");
        actual[..first.Length].ShouldBeClose(first, tolerance, (tolerance * scale) + 1e-12, $"{what}, first elements");
    }

    /// <summary>Fills every parameter and floating-point buffer of a state dictionary by the formula of its key.</summary>
    internal static void Fill(Module module)
    {
        using var noGrad = torch.no_grad();
        foreach (var (key, tensor) in module.state_dict())
        {
            if (tensor.dtype == ScalarType.Int64)
                continue;
            using var values = torch.tensor<float>(FormulaWeights.Weights(key, tensor.shape), tensor.shape);
            tensor.copy_(values);
        }
    }

    /// <summary>Holds a state dictionary's keys, order, shapes and formula values against the reference's.</summary>
    internal static void ShouldHaveKeys(this Module module, JsonElement keys)
    {
        var state = module.state_dict();
        state.Select(entry => entry.Key).ShouldBe(keys.EnumerateObject().Select(key => key.Name));
        foreach (var key in keys.EnumerateObject())
        {
            var tensor = state[key.Name];
            tensor.shape.ShouldBe(key.Value[0].Shape(), key.Name);
            var check = key.Value[1].GetString()!;
            if (check == "torch.int64")
                tensor.dtype.ShouldBe(ScalarType.Int64, key.Name);
            else
                FormulaWeights.Crc(tensor.ToArray<float>()).ShouldBe(check, key.Name);
        }
    }
}
