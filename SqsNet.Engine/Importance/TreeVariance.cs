namespace SqsNet.Engine.Importance;

/// <summary>How much of a tree's variance over a box each feature, and each pair of them, explains.</summary>
/// <remarks>
/// Hutter et al. 2014 ("An Efficient Approach for Assessing Hyperparameter Importance"): a tree is constant on boxes, so
/// its variance under the uniform law, and that of its means over all features but one or two, are sums over boxes. A
/// marginal is added up from the edges of the boxes: what a leaf adds begins at its low edge and ends at its high one.
/// </remarks>
internal sealed class TreeVariance
{
    private readonly List<Leaf> _leaves = [];
    private readonly int _features;
    private readonly double _mean;

    /// <summary>Measures a tree.</summary>
    /// <param name="tree">The tree.</param>
    /// <param name="low">Low end of each feature.</param>
    /// <param name="high">High end of each feature.</param>
    internal TreeVariance(RegressionTree tree, double[] low, double[] high)
    {
        _features = low.Length;
        Collect(tree, 0, (double[])low.Clone(), (double[])high.Clone(), low, high);
        _mean = _leaves.Sum(leaf => leaf.Volume * leaf.Value);
        Total = _leaves.Sum(leaf => leaf.Volume * Square(leaf.Value - _mean));
    }

    /// <summary>Variance of the tree over the box.</summary>
    internal double Total { get; }

    /// <summary>Variance of its mean over all features but one.</summary>
    internal double Marginal(int feature)
    {
        var edges = Edges(feature);
        var change = new double[edges.Length];
        foreach (var leaf in _leaves)
        {
            var share = leaf.Value * leaf.Volume / leaf.Width(feature);
            change[Place(edges, leaf.From[feature])] += share;
            change[Place(edges, leaf.To[feature])] -= share;
        }
        var (variance, mean) = (0.0, 0.0);
        for (var i = 0; i < edges.Length - 1; i++)
        {
            mean += change[i];
            variance += (edges[i + 1] - edges[i]) * Square(mean - _mean);
        }
        return variance;
    }

    /// <summary>Variance of its mean over all features but two.</summary>
    internal double Marginal(int first, int second)
    {
        var (rows, columns) = (Edges(first), Edges(second));
        var change = new double[rows.Length, columns.Length];
        foreach (var leaf in _leaves)
        {
            var share = leaf.Value * leaf.Volume / (leaf.Width(first) * leaf.Width(second));
            var (top, bottom) = (Place(rows, leaf.From[first]), Place(rows, leaf.To[first]));
            var (left, right) = (Place(columns, leaf.From[second]), Place(columns, leaf.To[second]));
            change[top, left] += share;
            change[top, right] -= share;
            change[bottom, left] -= share;
            change[bottom, right] += share;
        }
        var variance = 0.0;
        var means = new double[columns.Length];
        for (var i = 0; i < rows.Length - 1; i++)
        {
            var mean = 0.0;
            for (var j = 0; j < columns.Length - 1; j++)
            {
                mean += change[i, j];
                means[j] += mean;
                variance += (rows[i + 1] - rows[i]) * (columns[j + 1] - columns[j]) * Square(means[j] - _mean);
            }
        }
        return variance;
    }

    private void Collect(RegressionTree tree, int node, double[] from, double[] to, double[] low, double[] high)
    {
        if (tree.Left[node] < 0)
        {
            // In shares of the box, so that all volumes add up to 1.
            double[] start = [.. from.Select((x, d) => (x - low[d]) / (high[d] - low[d]))];
            double[] end = [.. to.Select((x, d) => (x - low[d]) / (high[d] - low[d]))];
            var volume = Enumerable.Range(0, _features).Aggregate(1.0, (product, d) => product * (end[d] - start[d]));
            if (volume > 0)
                _leaves.Add(new(tree.Value[node], volume, start, end));
            return;
        }
        var (feature, threshold) = (tree.Feature[node], tree.Threshold[node]);
        double[] left = [.. to];
        left[feature] = Math.Clamp(threshold, from[feature], to[feature]);
        double[] right = [.. from];
        right[feature] = left[feature];
        Collect(tree, tree.Left[node], from, left, low, high);
        Collect(tree, tree.Right[node], right, to, low, high);
    }

    private double[] Edges(int feature) =>
        [.. _leaves.SelectMany(leaf => new[] { leaf.From[feature], leaf.To[feature] }).Distinct().Order()];

    private static int Place(double[] edges, double edge) => Array.BinarySearch(edges, edge);

    private static double Square(double x) => x * x;

    /// <summary>A box on which the tree is constant, in shares of the whole.</summary>
    private sealed record Leaf(double Value, double Volume, double[] From, double[] To)
    {
        internal double Width(int feature) => To[feature] - From[feature];
    }
}
