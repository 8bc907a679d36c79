namespace SqsNet.Torch;

/// <summary>Whether the variance is kept going forward or backward.</summary>
public enum FanInOut
{
    /// <summary>Forward: by the inputs of one output.</summary>
    FanIn,

    /// <summary>Backward: by the outputs of one input.</summary>
    FanOut,
}

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>
        /// Fills parameters in place, without recording, from the calling thread's generator, and gives them back.
        /// </summary>
        public static class init
        {
            /// <summary>Zeros.</summary>
            /// <param name="tensor">What to fill.</param>
            public static Tensor zeros_(Tensor tensor) => constant_(tensor, 0);

            /// <summary>Ones.</summary>
            /// <param name="tensor">What to fill.</param>
            public static Tensor ones_(Tensor tensor) => constant_(tensor, 1);

            /// <summary>One value.</summary>
            /// <param name="tensor">What to fill.</param>
            /// <param name="value">The value.</param>
            public static Tensor constant_(Tensor tensor, Scalar value)
            {
                using var noGrad = no_grad();
                return Ops.fill_(tensor, value);
            }

            /// <summary>Uniform draws.</summary>
            /// <param name="tensor">What to fill.</param>
            /// <param name="a">The least value.</param>
            /// <param name="b">The end, itself left out.</param>
            public static Tensor uniform_(Tensor tensor, double a = 0, double b = 1)
            {
                using var noGrad = no_grad();
                return Ops.uniform_(tensor, a, b);
            }

            /// <summary>Normal draws.</summary>
            /// <param name="tensor">What to fill.</param>
            /// <param name="mean">Their mean.</param>
            /// <param name="std">Their standard deviation.</param>
            public static Tensor normal_(Tensor tensor, double mean = 0, double std = 1)
            {
                using var noGrad = no_grad();
                return Ops.normal_(tensor, mean, std);
            }

            /// <summary>Normal draws that lie in [a, b].</summary>
            /// <param name="tensor">What to fill.</param>
            /// <param name="mean">Mean of the whole distribution.</param>
            /// <param name="std">Standard deviation of the whole distribution.</param>
            /// <param name="a">The least value, absolute as in PyTorch.</param>
            /// <param name="b">The largest value, absolute as in PyTorch.</param>
            /// <exception cref="ArgumentException">The interval is empty.</exception>
            public static Tensor trunc_normal_(
                Tensor tensor,
                double mean = 0,
                double std = 1,
                double a = -2,
                double b = 2
            )
            {
                if (!(a < b))
                {
                    throw new ArgumentException($"[{a}, {b}] is empty.", nameof(a));
                }
                // Uniform draws between the distribution's values at a and b, through its inverse.
                using var noGrad = no_grad();
                var low = NormalDistribution((a - mean) / std);
                var high = NormalDistribution((b - mean) / std);
                Ops.uniform_(tensor, 2 * low - 1, 2 * high - 1);
                Ops.erfinv_(tensor);
                Ops.mul_(tensor, std * Math.Sqrt(2));
                Ops.add_(tensor, mean);
                return Ops.clamp_(tensor, a, b);
            }

            /// <summary>Uniform draws that keep the variance (Glorot and Bengio 2010).</summary>
            /// <param name="tensor">At least two dimensions.</param>
            /// <param name="gain">Factor.</param>
            /// <exception cref="ArgumentException">The tensor has fewer dimensions.</exception>
            public static Tensor xavier_uniform_(Tensor tensor, double gain = 1)
            {
                var (fanIn, fanOut) = Fans(tensor);
                var bound = gain * Math.Sqrt(6.0 / (fanIn + fanOut));
                return uniform_(tensor, -bound, bound);
            }

            /// <summary>Uniform draws that keep the variance through leaky ReLU (He et al. 2015).</summary>
            /// <param name="tensor">At least two dimensions.</param>
            /// <param name="a">Slope of the leaky ReLU below zero; 0 for ReLU.</param>
            /// <param name="mode">Which way the variance is kept.</param>
            /// <exception cref="ArgumentException">The tensor has fewer dimensions.</exception>
            public static Tensor kaiming_uniform_(Tensor tensor, double a = 0, FanInOut mode = FanInOut.FanIn)
            {
                var bound = Math.Sqrt(3) * KaimingDeviation(tensor, a, mode);
                return uniform_(tensor, -bound, bound);
            }

            /// <summary>Normal draws that keep the variance through leaky ReLU (He et al. 2015).</summary>
            /// <param name="tensor">At least two dimensions.</param>
            /// <param name="a">Slope of the leaky ReLU below zero; 0 for ReLU.</param>
            /// <param name="mode">Which way the variance is kept.</param>
            /// <exception cref="ArgumentException">The tensor has fewer dimensions.</exception>
            public static Tensor kaiming_normal_(Tensor tensor, double a = 0, FanInOut mode = FanInOut.FanIn) =>
                normal_(tensor, 0, KaimingDeviation(tensor, a, mode));

            /// <summary>PyTorch's default for linear and convolution layers.</summary>
            internal static void DefaultWeights(Tensor weight, Tensor? bias)
            {
                kaiming_uniform_(weight, Math.Sqrt(5));
                if (bias is not null)
                {
                    var bound = 1 / Math.Sqrt(Fans(weight).FanIn);
                    uniform_(bias, -bound, bound);
                }
            }

            private static double KaimingDeviation(Tensor tensor, double a, FanInOut mode)
            {
                var (fanIn, fanOut) = Fans(tensor);
                return Math.Sqrt(2 / (1 + a * a) / (mode == FanInOut.FanIn ? fanIn : fanOut));
            }

            private static (long FanIn, long FanOut) Fans(Tensor tensor)
            {
                ArgumentNullException.ThrowIfNull(tensor);
                var shape = tensor.shape;
                if (shape.Length < 2)
                {
                    throw new ArgumentException($"Fans need at least two dimensions, not {tensor}.", nameof(tensor));
                }
                var field = shape.Skip(2).Aggregate(1L, (product, size) => product * size);
                return (shape[1] * field, shape[0] * field);
            }

            private static double NormalDistribution(double x)
            {
                using var scope = NewDisposeScope();
                return 0.5 * (1 + Ops.erf(tensor(x / Math.Sqrt(2), float64)).ToDouble());
            }
        }
    }
}
