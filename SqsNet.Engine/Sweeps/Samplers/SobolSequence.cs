using SqsNet.Engine.Randomness;

namespace SqsNet.Engine.Sweeps.Samplers;

/// <summary>Points that fill the unit cube evenly: Sobol's sequence, Owen-scrambled.</summary>
/// <remarks>
/// Sobol 1967 with the direction numbers of Joe and Kuo 2008 (their set D6). Scrambled by nested uniform flips (Owen
/// 1995): each binary digit is flipped by a random bit that depends on the digits before it, which keeps the evenness,
/// makes every point uniform by itself and takes the first point out of the corner. A point is a function of the seed
/// and its index alone, so a sweep that goes on later goes on with the next point.
/// </remarks>
internal sealed class SobolSequence
{
    /// <summary>Most dimensions.</summary>
    internal const int MaxDimensions = 50;

    private const int Bits = 32;

    private static readonly Row[] _rows =
    [
        new(0, [1]),
        new(1, [1, 3]),
        new(1, [1, 3, 1]),
        new(2, [1, 1, 1]),
        new(1, [1, 1, 3, 3]),
        new(4, [1, 3, 5, 13]),
        new(2, [1, 1, 5, 5, 17]),
        new(4, [1, 1, 5, 5, 5]),
        new(7, [1, 1, 7, 11, 19]),
        new(11, [1, 1, 5, 1, 1]),
        new(13, [1, 1, 1, 3, 11]),
        new(14, [1, 3, 5, 5, 31]),
        new(1, [1, 3, 3, 9, 7, 49]),
        new(13, [1, 1, 1, 15, 21, 21]),
        new(16, [1, 3, 1, 13, 27, 49]),
        new(19, [1, 1, 1, 15, 7, 5]),
        new(22, [1, 3, 1, 15, 13, 25]),
        new(25, [1, 1, 5, 5, 19, 61]),
        new(1, [1, 3, 7, 11, 23, 15, 103]),
        new(4, [1, 3, 7, 13, 13, 15, 69]),
        new(7, [1, 1, 3, 13, 7, 35, 63]),
        new(8, [1, 3, 5, 9, 1, 25, 53]),
        new(14, [1, 3, 1, 13, 9, 35, 107]),
        new(19, [1, 3, 1, 5, 27, 61, 31]),
        new(21, [1, 1, 5, 11, 19, 41, 61]),
        new(28, [1, 3, 5, 3, 3, 13, 69]),
        new(31, [1, 1, 7, 13, 1, 19, 1]),
        new(32, [1, 3, 7, 5, 13, 19, 59]),
        new(37, [1, 1, 3, 9, 25, 29, 41]),
        new(41, [1, 3, 5, 13, 23, 1, 55]),
        new(42, [1, 3, 7, 3, 13, 59, 17]),
        new(50, [1, 3, 1, 3, 5, 53, 69]),
        new(55, [1, 1, 5, 5, 23, 33, 13]),
        new(56, [1, 1, 7, 7, 1, 61, 123]),
        new(59, [1, 1, 7, 9, 13, 61, 49]),
        new(62, [1, 3, 3, 5, 3, 55, 33]),
        new(14, [1, 3, 1, 15, 31, 13, 49, 245]),
        new(21, [1, 3, 5, 15, 31, 59, 63, 97]),
        new(22, [1, 3, 1, 11, 11, 11, 77, 249]),
        new(38, [1, 3, 1, 11, 27, 43, 71, 9]),
        new(47, [1, 1, 7, 15, 21, 11, 81, 45]),
        new(49, [1, 3, 7, 3, 25, 31, 65, 79]),
        new(50, [1, 3, 1, 1, 19, 11, 3, 205]),
        new(52, [1, 1, 5, 9, 19, 21, 29, 157]),
        new(56, [1, 3, 7, 11, 1, 33, 89, 185]),
        new(67, [1, 3, 3, 3, 15, 9, 79, 71]),
        new(70, [1, 3, 7, 11, 15, 39, 119, 27]),
        new(84, [1, 1, 3, 1, 11, 31, 97, 225]),
        new(97, [1, 1, 1, 3, 23, 43, 57, 177]),
    ];

    private readonly uint[][] _directions;
    private readonly Rng? _scramble;

    /// <summary>A sequence.</summary>
    /// <param name="dimensions">1 to <see cref="MaxDimensions"/>.</param>
    /// <param name="scramble">Key of the scrambling; null for the plain sequence.</param>
    internal SobolSequence(int dimensions, Rng? scramble)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimensions, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(dimensions, MaxDimensions);
        _directions = [.. Enumerable.Range(0, dimensions).Select(Directions)];
        _scramble = scramble;
    }

    /// <summary>The point of an index, 0 or more: each coordinate from 0 to below 1.</summary>
    internal double[] Point(int index)
    {
        // Gray code: neighbours differ in one direction number, as in the usual implementations.
        var gray = (uint)index ^ ((uint)index >> 1);
        var point = new double[_directions.Length];
        for (var d = 0; d < point.Length; d++)
        {
            var digits = 0u;
            for (var bit = 0; bit < Bits; bit++)
                if ((gray >> bit & 1) != 0)
                    digits ^= _directions[d][bit];
            point[d] = (_scramble is null ? digits : Scramble(digits, d)) * (1.0 / (1UL << Bits));
        }
        return point;
    }

    private uint Scramble(uint digits, int dimension)
    {
        var scrambled = 0u;
        for (var bit = 0; bit < Bits; bit++)
        {
            var before = bit == 0 ? 0 : digits >> (Bits - bit);
            var flip = (uint)(_scramble!.Derive("owen", dimension, bit, before).NextUInt64() & 1);
            scrambled = (scrambled << 1) | (((digits >> (Bits - 1 - bit)) & 1) ^ flip);
        }
        return scrambled;
    }

    /// <summary>Direction numbers of a dimension, the leading digit first.</summary>
    private static uint[] Directions(int dimension)
    {
        var v = new uint[Bits];
        if (dimension == 0)
        {
            for (var k = 0; k < Bits; k++)
                v[k] = 1u << (Bits - 1 - k);
            return v;
        }
        var (polynomial, initial) = _rows[dimension - 1];
        var degree = initial.Length;
        for (var k = 0; k < Bits; k++)
            if (k < degree)
                v[k] = initial[k] << (Bits - 1 - k);
            else
            {
                v[k] = v[k - degree] ^ (v[k - degree] >> degree);
                for (var i = 1; i < degree; i++)
                    if ((polynomial >> (degree - 1 - i) & 1) != 0)
                        v[k] ^= v[k - i];
            }
        return v;
    }

    /// <summary>One dimension of Joe and Kuo's table.</summary>
    /// <param name="Polynomial">Inner coefficients of the primitive polynomial, as bits.</param>
    /// <param name="Initial">The first direction numbers, as odd integers.</param>
    private sealed record Row(uint Polynomial, uint[] Initial);
}
