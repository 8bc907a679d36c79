using System.Text;

namespace SqsNet.Engine.Randomness;

/// <summary>
/// A random stream that is a pure function of its key and its position: two streams with the same key give the same
/// numbers, and a stream continues exactly where its position says. Not safe for two threads at once.
/// </summary>
/// <remarks>
/// Counter-based: number i is SplitMix64's output i for the key (Steele, Lea and Flood 2014, "Fast splittable
/// pseudorandom number generators"). Keys are derived from words and numbers by FNV-1a, so that the streams of a
/// trial, an epoch or a purpose never meet. There is no global stream.
/// </remarks>
public sealed class Rng
{
    private const ulong Golden = 0x9E3779B97F4A7C15;
    private const ulong FnvOffset = 0xCBF29CE484222325;
    private const ulong FnvPrime = 0x100000001B3;

    private readonly ulong _key;

    /// <summary>A stream of its own for a seed and a purpose.</summary>
    /// <param name="seed">Any number; usually the trial's or the sweep's seed.</param>
    /// <param name="purpose">What it is for, such as "quads"; different purposes never share numbers.</param>
    /// <param name="path">Where in training it stands, such as the epoch.</param>
    public Rng(long seed, string purpose, params ReadOnlySpan<long> path)
        : this(Mix(Hash(FnvOffset, seed, purpose, path))) { }

    private Rng(ulong key) => _key = key;

    /// <summary>How many 64-bit numbers have been drawn; settable, to continue a stream that was interrupted.</summary>
    public ulong Position { get; set; }

    /// <summary>A stream of its own, a function of this stream's key alone (not of its position).</summary>
    public Rng Derive(string purpose, params ReadOnlySpan<long> path) =>
        new(Mix(Hash(FnvOffset, unchecked((long)_key), purpose, path)));

    /// <summary>64 random bits.</summary>
    public ulong NextUInt64() => Mix(unchecked(_key + (++Position * Golden)));

    /// <summary>Uniform in [0, 1), 53 bits.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in [<paramref name="low"/>, <paramref name="high"/>).</summary>
    public double NextDouble(double low, double high) => low + ((high - low) * NextDouble());

    /// <summary>Uniform in 0 .. <paramref name="count"/> - 1, without bias.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is less than 1.</exception>
    public int NextInt(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var bound = (ulong)count;
        var rejectBelow = unchecked(0UL - bound) % bound;
        while (true)
        {
            var product = Math.BigMul(NextUInt64(), bound, out var low);
            if (low >= rejectBelow)
                return (int)product;
        }
    }

    /// <summary>True with the given probability, 0 to 1.</summary>
    public bool NextBool(double probability) => NextDouble() < probability;

    /// <summary>Standard normal, by Box and Muller's method.</summary>
    public double NextNormal()
    {
        var radius = Math.Sqrt(-2 * Math.Log(1 - NextDouble()));
        return radius * Math.Cos(2 * Math.PI * NextDouble());
    }

    /// <summary>Gamma distributed with the given shape (greater than 0) and scale 1.</summary>
    /// <remarks>Marsaglia and Tsang 2000; shapes below 1 by their boost.</remarks>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="shape"/> is not greater than 0.</exception>
    public double NextGamma(double shape)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(shape);
        if (shape < 1)
            return NextGamma(shape + 1) * Math.Pow(1 - NextDouble(), 1 / shape);
        var d = shape - (1.0 / 3);
        var c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            var x = NextNormal();
            var v = Math.Pow(1 + (c * x), 3);
            if (v > 0 && Math.Log(1 - NextDouble()) < (0.5 * x * x) + d - (d * v) + (d * Math.Log(v)))
                return d * v;
        }
    }

    /// <summary>Beta distributed with the given parameters, each greater than 0.</summary>
    public double NextBeta(double a, double b)
    {
        var x = NextGamma(a);
        var y = NextGamma(b);
        return x + y > 0 ? x / (x + y) : 0.5;
    }

    /// <summary>Puts the items in random order (Fisher and Yates).</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (var i = items.Length - 1; i > 0; i--)
        {
            var j = NextInt(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    /// <summary>One of the items.</summary>
    public T Pick<T>(IReadOnlyList<T> items) => items[NextInt(items.Count)];

    private static ulong Hash(ulong hash, long seed, string purpose, ReadOnlySpan<long> path)
    {
        hash = HashNumber(hash, seed);
        foreach (var b in Encoding.UTF8.GetBytes(purpose))
            hash = unchecked((hash ^ b) * FnvPrime);
        foreach (var number in path)
            hash = HashNumber(hash, number);
        return hash;
    }

    private static ulong HashNumber(ulong hash, long number)
    {
        for (var shift = 0; shift < 64; shift += 8)
            hash = unchecked((hash ^ (byte)(number >> shift)) * FnvPrime);
        return hash;
    }

    private static ulong Mix(ulong z)
    {
        z = unchecked((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9);
        z = unchecked((z ^ (z >> 27)) * 0x94D049BB133111EB);
        return z ^ (z >> 31);
    }
}
