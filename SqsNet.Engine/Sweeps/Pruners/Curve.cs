namespace SqsNet.Engine.Sweeps.Pruners;

/// <summary>The objective of a trial at the end of an epoch.</summary>
/// <param name="Epoch">1-based.</param>
/// <param name="Step">Optimizer steps so far.</param>
/// <param name="Seconds">Training time of the trial so far, in seconds.</param>
/// <param name="Value">The objective; may be NaN.</param>
public readonly record struct CurvePoint(int Epoch, long Step, double Seconds, double Value);

/// <summary>The objective of a trial over its epochs: what pruners judge by.</summary>
/// <param name="TrialId">The trial.</param>
/// <param name="Configuration">0-based number of its configuration.</param>
/// <param name="Completed">Whether it trained to its end.</param>
/// <param name="Points">By rising epoch, each once.</param>
public sealed record Curve(long TrialId, int Configuration, bool Completed, IReadOnlyList<CurvePoint> Points)
{
    /// <summary>The value at an epoch, or null.</summary>
    public double? At(int epoch)
    {
        // Epochs come without gaps: the point of epoch e is the e-th, unless the curve begins later.
        var guess = epoch - 1;
        if (guess >= 0 && guess < Points.Count && Points[guess].Epoch == epoch)
            return Points[guess].Value;
        foreach (var point in Points)
            if (point.Epoch == epoch)
                return point.Value;
        return null;
    }

    /// <summary>The first point at an epoch or after it, or null.</summary>
    public CurvePoint? FirstFrom(int epoch)
    {
        foreach (var point in Points)
            if (point.Epoch >= epoch)
                return point;
        return null;
    }

    /// <summary>The curve as it was when an epoch had ended.</summary>
    public Curve Until(int epoch) =>
        this with
        {
            Completed = false,
            Points = [.. Points.TakeWhile(p => p.Epoch <= epoch)],
        };
}
