namespace SqsNet.Engine.Importance;

/// <summary>A regression tree as arrays: node 0 is the root; a point goes left where its feature is at most the threshold.</summary>
/// <param name="Left">Left child of each node; -1 for a leaf.</param>
/// <param name="Right">Right child of each node; -1 for a leaf.</param>
/// <param name="Feature">Feature that each node splits; any number for a leaf.</param>
/// <param name="Threshold">Where it splits; any number for a leaf.</param>
/// <param name="Value">What each node predicts.</param>
/// <remarks>Breiman et al. 1984 (CART): each split takes the most variance away; a leaf holds one value, or equal points.</remarks>
internal sealed record RegressionTree(int[] Left, int[] Right, int[] Feature, double[] Threshold, double[] Value)
{
    private const int MaxDepth = 64;

    /// <summary>Grows a tree.</summary>
    /// <param name="points">Points, each with the same number of features.</param>
    /// <param name="values">Value of each point.</param>
    /// <param name="sample">Which points count, some more than once.</param>
    internal static RegressionTree Grow(IReadOnlyList<double[]> points, IReadOnlyList<double> values, int[] sample) =>
        new Grower(points, values).Grow(sample);

    /// <summary>What the tree predicts at a point.</summary>
    internal double Predict(double[] point)
    {
        var node = 0;
        while (Left[node] >= 0)
            node = point[Feature[node]] <= Threshold[node] ? Left[node] : Right[node];
        return Value[node];
    }

    private sealed class Grower(IReadOnlyList<double[]> points, IReadOnlyList<double> values)
    {
        private readonly List<int> _left = [];
        private readonly List<int> _right = [];
        private readonly List<int> _feature = [];
        private readonly List<double> _threshold = [];
        private readonly List<double> _value = [];

        internal RegressionTree Grow(int[] sample)
        {
            Add(sample, 0);
            return new([.. _left], [.. _right], [.. _feature], [.. _threshold], [.. _value]);
        }

        private int Add(int[] sample, int depth)
        {
            var node = _value.Count;
            _left.Add(-1);
            _right.Add(-1);
            _feature.Add(-1);
            _threshold.Add(0);
            _value.Add(sample.Average(i => values[i]));
            if (depth == MaxDepth || Split(sample) is not var (feature, threshold))
                return node;
            (_feature[node], _threshold[node]) = (feature, threshold);
            _left[node] = Add([.. sample.Where(i => points[i][feature] <= threshold)], depth + 1);
            _right[node] = Add([.. sample.Where(i => points[i][feature] > threshold)], depth + 1);
            return node;
        }

        /// <summary>The split that leaves the least variance; null where none takes any away.</summary>
        private (int Feature, double Threshold)? Split(int[] sample)
        {
            var (total, count) = (sample.Sum(i => values[i]), sample.Length);
            // The sum of squares is the same for every split, so the largest sum of n mean^2 wins.
            var start = total * total / count;
            var most = start + (1e-12 * (Math.Abs(start) + 1e-12));
            (int, double)? best = null;
            var keys = new double[count];
            var order = new int[count];
            for (var feature = 0; feature < points[0].Length; feature++)
            {
                for (var i = 0; i < count; i++)
                    (keys[i], order[i]) = (points[sample[i]][feature], sample[i]);
                Array.Sort(keys, order);
                var left = 0.0;
                for (var i = 0; i < count - 1; i++)
                {
                    left += values[order[i]];
                    if (keys[i] == keys[i + 1])
                        continue;
                    var right = total - left;
                    var gain = (left * left / (i + 1)) + (right * right / (count - i - 1));
                    if (gain <= most)
                        continue;
                    (most, best) = (gain, (feature, (keys[i] + keys[i + 1]) / 2));
                }
            }
            return best;
        }
    }
}
