using MathNet.Numerics;

namespace SqsNet.Engine.Statistics;

/// <summary>Which departures from the null hypothesis count.</summary>
public enum Alternative
{
    /// <summary>Any difference.</summary>
    TwoSided,

    /// <summary>The first sample is larger.</summary>
    Greater,

    /// <summary>The first sample is smaller.</summary>
    Less,
}

/// <summary>Student's t distribution.</summary>
public static class StudentT
{
    /// <summary>Probability of at most <paramref name="t"/>.</summary>
    /// <param name="t">Any number; infinities give 0 and 1.</param>
    /// <param name="degrees">Degrees of freedom, greater than 0, whole or not.</param>
    public static double Cdf(double t, double degrees)
    {
        if (double.IsNaN(t))
            return double.NaN;
        var tail = Tail(Math.Abs(t), degrees);
        return t > 0 ? 1 - tail : tail;
    }

    /// <summary>The value below which lies the share <paramref name="probability"/>, 0 to 1 exclusive.</summary>
    public static double Quantile(double probability, double degrees) =>
        MathNet.Numerics.Distributions.StudentT.InvCDF(0, 1, degrees, probability);

    /// <summary>Probability of a value as far out as <paramref name="t"/> where there is no difference.</summary>
    public static double PValue(double t, double degrees, Alternative alternative = Alternative.TwoSided) =>
        double.IsNaN(t) ? double.NaN
        : alternative == Alternative.TwoSided ? Math.Min(1, 2 * Tail(Math.Abs(t), degrees))
        : alternative == Alternative.Greater ? Upper(t, degrees)
        : Upper(-t, degrees);

    private static double Upper(double t, double degrees) => t >= 0 ? Tail(t, degrees) : 1 - Tail(-t, degrees);

    /// <summary>Mass above t, t at least 0; computed as a tail, so that small ones keep their digits.</summary>
    private static double Tail(double t, double degrees) =>
        double.IsInfinity(t)
            ? 0
            : 0.5 * SpecialFunctions.BetaRegularized(degrees / 2, 0.5, degrees / (degrees + (t * t)));
}
