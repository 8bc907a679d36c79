namespace SqsNet.Torch;

public sealed partial class Tensor
{
    /// <summary>Element-wise sum, broadcasting.</summary>
    public static Tensor operator +(Tensor left, Tensor right) => Ops.add(left, right);

    /// <summary>Adds a number.</summary>
    public static Tensor operator +(Tensor left, Scalar right) => Ops.add(left, right);

    /// <summary>Adds a number.</summary>
    public static Tensor operator +(Scalar left, Tensor right) => Ops.add(right, left);

    /// <summary>Element-wise difference, broadcasting.</summary>
    public static Tensor operator -(Tensor left, Tensor right) => Ops.sub(left, right);

    /// <summary>Subtracts a number.</summary>
    public static Tensor operator -(Tensor left, Scalar right) => Ops.sub(left, right);

    /// <summary>Subtracts from a number.</summary>
    public static Tensor operator -(Scalar left, Tensor right) => Ops.rsub(right, left);

    /// <summary>Negates.</summary>
    public static Tensor operator -(Tensor operand) => Ops.neg(operand);

    /// <summary>Element-wise product, broadcasting.</summary>
    public static Tensor operator *(Tensor left, Tensor right) => Ops.mul(left, right);

    /// <summary>Multiplies by a number.</summary>
    public static Tensor operator *(Tensor left, Scalar right) => Ops.mul(left, right);

    /// <summary>Multiplies by a number.</summary>
    public static Tensor operator *(Scalar left, Tensor right) => Ops.mul(right, left);

    /// <summary>Element-wise quotient, broadcasting.</summary>
    public static Tensor operator /(Tensor left, Tensor right) => Ops.div(left, right);

    /// <summary>Divides by a number.</summary>
    public static Tensor operator /(Tensor left, Scalar right) => Ops.div(left, right);

    /// <summary>Divides a number.</summary>
    public static Tensor operator /(Scalar left, Tensor right)
    {
        using var reciprocal = Ops.reciprocal(right);
        return Ops.mul(reciprocal, left);
    }

    /// <summary>Element-wise not.</summary>
    public static Tensor operator !(Tensor operand) => Ops.logical_not(operand);

    /// <summary>Element-wise and.</summary>
    public static Tensor operator &(Tensor left, Tensor right) => Ops.bitwise_and(left, right);

    /// <summary>Element-wise or.</summary>
    public static Tensor operator |(Tensor left, Tensor right) => Ops.bitwise_or(left, right);

    /// <summary>Element-wise greater.</summary>
    public static Tensor operator >(Tensor left, Tensor right) => Ops.gt(left, right);

    /// <summary>Greater than a number.</summary>
    public static Tensor operator >(Tensor left, Scalar right) => Ops.gt(left, right);

    /// <summary>Element-wise less.</summary>
    public static Tensor operator <(Tensor left, Tensor right) => Ops.lt(left, right);

    /// <summary>Less than a number.</summary>
    public static Tensor operator <(Tensor left, Scalar right) => Ops.lt(left, right);

    /// <summary>Element-wise greater or equal.</summary>
    public static Tensor operator >=(Tensor left, Tensor right) => Ops.ge(left, right);

    /// <summary>Greater than or equal to a number.</summary>
    public static Tensor operator >=(Tensor left, Scalar right) => Ops.ge(left, right);

    /// <summary>Element-wise less or equal.</summary>
    public static Tensor operator <=(Tensor left, Tensor right) => Ops.le(left, right);

    /// <summary>Less than or equal to a number.</summary>
    public static Tensor operator <=(Tensor left, Scalar right) => Ops.le(left, right);

    /// <summary>The entry at one index of the first dimension; the dimension disappears.</summary>
    /// <param name="index">Negative numbers count from the last.</param>
    public Tensor this[long index] => Ops.select(this, 0, index);

    /// <summary>Advanced indexing along the first dimension: by positions (Int64) or by a mask (Bool).</summary>
    /// <param name="index">The positions or the mask.</param>
    public Tensor this[Tensor index] => Ops.index(this, [index]);
}
