using System.Runtime.InteropServices;

namespace SqsNet.Torch;

/// <summary>
/// A number that remembers whether it was an integer, a fraction or a truth value, because the element type of a result
/// depends on it. Numbers convert to it by themselves.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public readonly struct Scalar : IEquatable<Scalar>
{
    private readonly long _bits;
    private readonly long _tag;

    private Scalar(long bits, long tag) => (_bits, _tag) = (bits, tag);

    /// <summary>A fraction.</summary>
    public static implicit operator Scalar(double value) => new(BitConverter.DoubleToInt64Bits(value), 1);

    /// <summary>A fraction.</summary>
    public static implicit operator Scalar(float value) => (double)value;

    /// <summary>An integer.</summary>
    public static implicit operator Scalar(long value) => new(value, 2);

    /// <summary>An integer.</summary>
    public static implicit operator Scalar(int value) => new(value, 2);

    /// <summary>A truth value.</summary>
    public static implicit operator Scalar(bool value) => new(value ? 1 : 0, 3);

    /// <summary>Whether both are the same kind of number with the same value.</summary>
    public static bool operator ==(Scalar left, Scalar right) => left.Equals(right);

    /// <summary>Whether they differ.</summary>
    public static bool operator !=(Scalar left, Scalar right) => !left.Equals(right);

    /// <summary>The element type that a tensor made of this number has.</summary>
    internal ScalarType NaturalType =>
        _tag switch
        {
            1 => ScalarType.Float32,
            3 => ScalarType.Bool,
            _ => ScalarType.Int64,
        };

    /// <inheritdoc/>
    public bool Equals(Scalar other) => _bits == other._bits && _tag == other._tag;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Scalar other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_bits, _tag);

    /// <summary>The number as text.</summary>
    public override string ToString() =>
        _tag switch
        {
            1 => BitConverter.Int64BitsToDouble(_bits).ToString("R"),
            3 => _bits != 0 ? "true" : "false",
            _ => _bits.ToString(),
        };
}
