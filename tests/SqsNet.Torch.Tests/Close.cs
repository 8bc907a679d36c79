namespace SqsNet.Torch.Tests;

internal static class Close
{
    /// <summary>Asserts |actual - expected| &lt;= atol + rtol |expected| for every element.</summary>
    internal static void ShouldBeClose(
        this Tensor actual,
        ReadOnlySpan<double> expected,
        double rtol = 1e-5,
        double atol = 1e-6
    )
    {
        using var doubles = actual.detach().to(ScalarType.Float64);
        var values = doubles.ToArray<double>();
        values.Length.ShouldBe(expected.Length);
        for (var i = 0; i < values.Length; i++)
        {
            var allowed = atol + rtol * Math.Abs(expected[i]);
            if (!(Math.Abs(values[i] - expected[i]) <= allowed))
            {
                throw new ShouldAssertException(
                    $"Element {i} is {values[i]:R}, not {expected[i]:R} within {allowed:R}."
                );
            }
        }
    }

    internal static void ShouldBeClose(this Tensor actual, Tensor expected, double rtol = 1e-5, double atol = 1e-6)
    {
        actual.shape.ShouldBe(expected.shape);
        using var doubles = expected.detach().to(ScalarType.Float64);
        actual.ShouldBeClose(doubles.ToArray<double>(), rtol, atol);
    }
}
