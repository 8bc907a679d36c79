namespace SqsNet.Engine.Evaluation;

/// <summary>Counts of true against predicted classes, and every metric that follows from them.</summary>
/// <remarks>
/// Equal to scikit-learn's: an undefined precision, recall or F1 counts as 0, macro F1 averages over all classes, balanced
/// accuracy over the classes that occur. With equally many faces of each class accuracy and balanced accuracy are
/// equal, and so are macro and weighted F1: the paper's Table 6 breaks that for AffectNet.
/// </remarks>
public sealed class ConfusionMatrix
{
    private readonly int[,] _counts;

    /// <summary>An empty matrix.</summary>
    /// <param name="classes">Number of classes, 1 or more.</param>
    public ConfusionMatrix(int classes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        _counts = new int[classes, classes];
    }

    /// <summary>Number of classes.</summary>
    public int Classes => _counts.GetLength(0);

    /// <summary>Number of faces counted.</summary>
    public int Total { get; private set; }

    /// <summary>Faces of class <paramref name="truth"/> that were taken for class <paramref name="predicted"/>.</summary>
    public int this[int truth, int predicted] => _counts[truth, predicted];

    /// <summary>Share of faces that were recognised, 0 to 1; NaN without faces.</summary>
    public double Accuracy =>
        Total == 0 ? double.NaN : (double)Enumerable.Range(0, Classes).Sum(k => _counts[k, k]) / Total;

    /// <summary>Mean F1 over all classes, 0 to 1; NaN without faces.</summary>
    public double MacroF1 => Total == 0 ? double.NaN : Enumerable.Range(0, Classes).Average(F1);

    /// <summary>Mean F1 weighted by the number of faces of each class, 0 to 1; NaN without faces.</summary>
    public double WeightedF1 =>
        Total == 0 ? double.NaN : Enumerable.Range(0, Classes).Sum(k => F1(k) * Support(k)) / Total;

    /// <summary>Mean recall over the classes that occur, 0 to 1; NaN without faces.</summary>
    public double BalancedAccuracy =>
        Total == 0 ? double.NaN : Enumerable.Range(0, Classes).Where(k => Support(k) > 0).Average(Recall);

    /// <summary>Cohen's kappa: agreement beyond chance, -1 to 1; NaN without faces or where chance alone agrees fully.</summary>
    public double Kappa
    {
        get
        {
            var chance =
                Enumerable.Range(0, Classes).Sum(k => (double)Support(k) * Predicted(k)) / ((double)Total * Total);
            return (Accuracy - chance) / (1 - chance);
        }
    }

    /// <summary>A matrix from its rows (one per true class).</summary>
    /// <exception cref="ArgumentException">The rows are not square or hold a negative count.</exception>
    public static ConfusionMatrix FromCounts(IReadOnlyList<IReadOnlyList<int>> rows)
    {
        var matrix = new ConfusionMatrix(rows.Count);
        for (var truth = 0; truth < rows.Count; truth++)
        {
            if (rows[truth].Count != rows.Count)
                throw new ArgumentException(
                    $"Row {truth} has {rows[truth].Count} counts; {rows.Count} classes need as many.",
                    nameof(rows)
                );
            for (var predicted = 0; predicted < rows.Count; predicted++)
            {
                if (rows[truth][predicted] < 0)
                    throw new ArgumentException($"The count {rows[truth][predicted]} is negative.", nameof(rows));
                matrix.Add(truth, predicted, rows[truth][predicted]);
            }
        }
        return matrix;
    }

    /// <summary>Counts faces.</summary>
    /// <param name="truth">Their class.</param>
    /// <param name="predicted">The class they were taken for.</param>
    /// <param name="count">How many, 0 or more.</param>
    public void Add(int truth, int predicted, int count = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        _counts[truth, predicted] += count;
        Total += count;
    }

    /// <summary>Faces of a class.</summary>
    public int Support(int k) => Enumerable.Range(0, Classes).Sum(predicted => _counts[k, predicted]);

    /// <summary>Faces that were taken for a class.</summary>
    public int Predicted(int k) => Enumerable.Range(0, Classes).Sum(truth => _counts[truth, k]);

    /// <summary>Share of the faces taken for a class that are of it, 0 to 1; 0 when none was.</summary>
    public double Precision(int k) => Ratio(_counts[k, k], Predicted(k));

    /// <summary>Share of a class's faces that were recognised, 0 to 1; 0 when it has none.</summary>
    public double Recall(int k) => Ratio(_counts[k, k], Support(k));

    /// <summary>Harmonic mean of precision and recall, 0 to 1; 0 when both are.</summary>
    public double F1(int k) => Ratio(2 * _counts[k, k], Support(k) + Predicted(k));

    /// <summary>The counts by row, one row per true class.</summary>
    public IReadOnlyList<IReadOnlyList<int>> ToCounts() =>
        [
            .. Enumerable
                .Range(0, Classes)
                .Select(truth =>
                    (IReadOnlyList<int>)[.. Enumerable.Range(0, Classes).Select(predicted => _counts[truth, predicted])]
                ),
        ];

    private static double Ratio(int part, int whole) => whole == 0 ? 0 : (double)part / whole;
}
