namespace SqsNet.Torch;

/// <summary>Element types of tensors, with libtorch's numbers.</summary>
public enum ScalarType
{
    /// <summary>Unsigned 8-bit integers.</summary>
    Byte = 0,

    /// <summary>Signed 8-bit integers.</summary>
    Int8 = 1,

    /// <summary>16-bit integers.</summary>
    Int16 = 2,

    /// <summary>32-bit integers.</summary>
    Int32 = 3,

    /// <summary>64-bit integers: class indices and positions.</summary>
    Int64 = 4,

    /// <summary>IEEE half precision.</summary>
    Float16 = 5,

    /// <summary>IEEE single precision: the default.</summary>
    Float32 = 6,

    /// <summary>IEEE double precision.</summary>
    Float64 = 7,

    /// <summary>Truth values, one byte each.</summary>
    Bool = 11,

    /// <summary>The upper half of single precision.</summary>
    BFloat16 = 15,
}

/// <summary>What C# types and libtorch's element types have to do with each other.</summary>
internal static class ScalarTypes
{
    /// <summary>The element type that a C# type stands for.</summary>
    /// <exception cref="NotSupportedException">There is none.</exception>
    internal static ScalarType Of<T>()
        where T : unmanaged =>
        typeof(T) == typeof(float) ? ScalarType.Float32
        : typeof(T) == typeof(double) ? ScalarType.Float64
        : typeof(T) == typeof(long) ? ScalarType.Int64
        : typeof(T) == typeof(int) ? ScalarType.Int32
        : typeof(T) == typeof(byte) ? ScalarType.Byte
        : typeof(T) == typeof(bool) ? ScalarType.Bool
        : typeof(T) == typeof(short) ? ScalarType.Int16
        : typeof(T) == typeof(sbyte) ? ScalarType.Int8
        : typeof(T) == typeof(Half) ? ScalarType.Float16
        : throw new NotSupportedException($"No tensor has elements of type {typeof(T).Name}.");

    /// <summary>Whether values of this type are fractions.</summary>
    internal static bool IsFloatingPoint(ScalarType type) =>
        type is ScalarType.Float32 or ScalarType.Float64 or ScalarType.Float16 or ScalarType.BFloat16;
}
