using MathNet.Numerics;

namespace SqsNet.Engine.Sweeps.Samplers;

/// <summary>How much a normal quantity is expected to exceed a threshold.</summary>
internal static class ExpectedImprovement
{
    /// <summary>Log of the expected improvement of a normal quantity over a threshold.</summary>
    /// <param name="mean">Its mean.</param>
    /// <param name="deviation">Its standard deviation, 0 or more.</param>
    /// <param name="threshold">What is to be exceeded.</param>
    /// <remarks>
    /// Ament et al. 2023: log EI = log σ + log(φ(z) + z Φ(z)), z = (μ - threshold) / σ. Far below the threshold the sum
    /// cancels to nothing; there φ(z) + z Φ(z) = φ(z) (1 - t R(t)), with t = -z and Mills' ratio R, and with R as a
    /// continued fraction 1 / (t + c) the bracket is c / (t + c), without a difference.
    /// </remarks>
    internal static double Log(double mean, double deviation, double threshold)
    {
        if (deviation <= 0)
            return mean > threshold ? Math.Log(mean - threshold) : double.NegativeInfinity;
        return Math.Log(deviation) + LogUnit((mean - threshold) / deviation);
    }

    /// <summary>log(φ(z) + z Φ(z)).</summary>
    internal static double LogUnit(double z)
    {
        var logDensity = (-0.5 * z * z) - Math.Log(Constants.Sqrt2Pi);
        if (z > -2)
            return Math.Log(Math.Exp(logDensity) + (z * 0.5 * SpecialFunctions.Erfc(-z / Constants.Sqrt2)));
        var (t, tail) = (-z, 0.0);
        // R(t) = 1 / (t + 1 / (t + 2 / (t + 3 / ...))): at t = 2, 200 terms are exact to the last digits.
        for (var k = 200; k >= 1; k--)
            tail = k / (t + tail);
        return logDensity + Math.Log(tail / (t + tail));
    }
}
