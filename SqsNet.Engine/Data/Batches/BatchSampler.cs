using SqsNet.Engine.Randomness;
using SqsNet.Engine.Training;

namespace SqsNet.Engine.Data;

/// <summary>
/// Draws the batches of an epoch so that quads can be formed in each: at least two faces of every class that is in it. A
/// pure function of seed and epoch: a trial that resumes at any step goes on with the very batches it would have had.
/// </summary>
/// <remarks>
/// A batch that has room for two faces of every class holds every class; a smaller one holds half as many classes as
/// faces, by turns. What room is left goes to the classes by the square root of their size, midway between the collection's
/// own balance and an even one, so that rare expressions are learned and common ones stay common, or evenly. An epoch draws
/// about as many faces as there are; a class that runs out within an epoch is shuffled and drawn from again,
/// and a class of a single face brings it twice.
/// </remarks>
public sealed class BatchSampler
{
    private const int PerClass = 2;

    private readonly FacePool _pool;
    private readonly int _batchSize;
    private readonly long _seed;
    private readonly Sampling _sampling;

    /// <summary>A sampler of a trial.</summary>
    /// <param name="pool">The training faces.</param>
    /// <param name="batchSize">Faces in each batch, 2 or more.</param>
    /// <param name="seed">The trial's seed.</param>
    /// <param name="facesPerEpoch">About how many faces an epoch draws; null, or more than there are, takes all.</param>
    /// <param name="sampling">How often the classes are drawn.</param>
    /// <exception cref="ArgumentOutOfRangeException">The batch has room for fewer than two faces.</exception>
    /// <exception cref="ArgumentException">There are no faces.</exception>
    public BatchSampler(
        FacePool pool,
        int batchSize,
        long seed,
        int? facesPerEpoch = null,
        Sampling sampling = Sampling.SquareRoot
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, PerClass);
        if (pool.Count == 0)
            throw new ArgumentException("There are no faces to draw from.", nameof(pool));
        _pool = pool;
        _batchSize = batchSize;
        _seed = seed;
        _sampling = sampling;
        var faces = Math.Clamp(facesPerEpoch ?? pool.Count, 1, pool.Count);
        BatchesPerEpoch = Math.Max(1, (int)Math.Round((double)faces / batchSize));
    }

    /// <summary>Batches in an epoch.</summary>
    public int BatchesPerEpoch { get; }

    /// <summary>All batches of an epoch, in order.</summary>
    /// <param name="epoch">Epoch; any number gives an order of its own.</param>
    /// <returns>Indices of faces, as many in each batch as its size.</returns>
    public IReadOnlyList<IReadOnlyList<int>> Epoch(int epoch)
    {
        var rng = new Rng(_seed, "batches", epoch);
        if (_sampling == Sampling.Weighted)
            return DrawWeighted(rng);
        var queues = _pool.Classes.Select(c => new Queue(_pool.Of(c), rng.Derive("class", c))).ToArray();
        var shares = new Shares(
            [.. queues.Select(q => _sampling == Sampling.Balanced ? 1 : Math.Sqrt(q.Size))],
            rng.Derive("classes")
        );
        var order = rng.Derive("order");
        var batches = new int[BatchesPerEpoch][];
        for (var b = 0; b < batches.Length; b++)
        {
            var counts = shares.Next(_batchSize);
            var batch = new List<int>(_batchSize);
            for (var c = 0; c < queues.Length; c++)
                queues[c].Take(counts[c], batch);
            batches[b] = [.. batch];
            order.Shuffle<int>(batches[b]);
        }
        return batches;
    }

    // A weight of one over the class's size for each face: any class, then any face of it.
    private int[][] DrawWeighted(Rng rng)
    {
        var batches = new int[BatchesPerEpoch][];
        for (var b = 0; b < batches.Length; b++)
        {
            batches[b] = new int[_batchSize];
            for (var i = 0; i < _batchSize; i++)
                batches[b][i] = rng.Pick(_pool.Of(rng.Pick(_pool.Classes)));
        }
        return batches;
    }

    /// <summary>Faces in their order, cut into batches; the last one may be smaller. For evaluation.</summary>
    /// <param name="faces">Indices of faces.</param>
    /// <param name="batchSize">Faces in each batch, 1 or more.</param>
    public static IEnumerable<IReadOnlyList<int>> InOrder(IReadOnlyList<int> faces, int batchSize) =>
        faces.Chunk(batchSize);

    /// <summary>How many faces of each class the next batch gets, so that over an epoch every class gets its share.</summary>
    private sealed class Shares
    {
        private readonly double[] _shares;

        // What each class is owed: its share so far less what it got. Random at first, so that epochs differ.
        private readonly double[] _owed;

        public Shares(double[] weights, Rng rng)
        {
            var sum = weights.Sum();
            _shares = [.. weights.Select(w => w / sum)];
            _owed = [.. weights.Select(_ => rng.NextDouble() - 0.5)];
        }

        public int[] Next(int batchSize)
        {
            var counts = new int[_shares.Length];
            var present = Math.Min(counts.Length, batchSize / PerClass);
            var rest = batchSize - (present * PerClass);
            if (present < counts.Length)
            {
                // By turns. An odd face goes to the one of them whose turn it is most.
                var turns = Owe(present).Take(present).ToArray();
                foreach (var c in turns)
                    Give(c, PerClass);
                counts[turns[0]] += rest;
                return counts;
            }
            Array.Fill(counts, PerClass);
            for (; rest > 0; rest--)
                Give(Owe(1).First(), 1);
            return counts;

            void Give(int c, int faces)
            {
                counts[c] += faces;
                _owed[c]--;
            }
        }

        /// <summary>Hands out turns in the ratio of the shares; returns the classes, those that are owed most first.</summary>
        private IEnumerable<int> Owe(int turns)
        {
            for (var c = 0; c < _shares.Length; c++)
                _owed[c] += turns * _shares[c];
            return Enumerable.Range(0, _shares.Length).OrderByDescending(c => _owed[c]);
        }
    }

    /// <summary>The faces of a class in random order, again and again.</summary>
    private sealed class Queue(IReadOnlyList<int> faces, Rng rng)
    {
        private int[] _order = [];
        private int _next;

        public int Size => faces.Count;

        public void Take(int count, List<int> batch)
        {
            var start = batch.Count;
            while (count-- > 0)
            {
                if (_next == _order.Length)
                    Refill(batch[start..]);
                batch.Add(_order[_next++]);
            }
        }

        // Faces that this batch has already come last, so that it holds none twice while the class has others.
        private void Refill(List<int> used)
        {
            var order = faces.ToArray();
            rng.Shuffle<int>(order);
            _order = [.. order.OrderBy(face => used.Contains(face))];
            _next = 0;
        }
    }
}
