namespace SqsNet.Torch;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>Layers as functions. Those of one native operation are in the generated part.</summary>
        public static unsafe partial class functional
        {
            /// <summary>Zeroes elements at random and scales the rest by 1 / (1 - p).</summary>
            /// <param name="input">Any shape.</param>
            /// <param name="p">Probability of zero, 0 to 1.</param>
            /// <param name="training">False gives the input back.</param>
            /// <exception cref="TorchException">The probability is outside of 0..1.</exception>
            public static Tensor dropout(Tensor input, double p = 0.5, bool training = true) =>
                training ? Drop(input, p, false) : input;

            /// <summary>Zeroes whole channels at random and scales the rest by 1 / (1 - p).</summary>
            /// <param name="input">Shape (B, C, ...).</param>
            /// <param name="p">Probability of zero, 0 to 1.</param>
            /// <param name="training">False gives the input back.</param>
            /// <exception cref="TorchException">The probability is outside of 0..1.</exception>
            public static Tensor dropout2d(Tensor input, double p = 0.5, bool training = true) =>
                training ? Drop(input, p, true) : input;

            /// <summary>Normalises each channel over batch and place.</summary>
            /// <param name="input">Shape (B, C, ...).</param>
            /// <param name="running_mean">Shape (C); updated in training, used otherwise.</param>
            /// <param name="running_var">Shape (C); updated in training, used otherwise.</param>
            /// <param name="weight">Scale, shape (C).</param>
            /// <param name="bias">Shift, shape (C).</param>
            /// <param name="training">Whether the batch's own statistics count.</param>
            /// <param name="momentum">Weight of the batch in the running statistics, 0 to 1.</param>
            /// <param name="eps">Added to the variance.</param>
            public static Tensor batch_norm(
                Tensor input,
                Tensor? running_mean,
                Tensor? running_var,
                Tensor? weight = null,
                Tensor? bias = null,
                bool training = false,
                double momentum = 0.1,
                double eps = 1e-5
            ) => Ops.batch_norm(input, weight, bias, running_mean, running_var, training, momentum, eps, true);

            /// <summary>Normalises over the last dimensions.</summary>
            /// <param name="input">Shape (..., *normalized_shape).</param>
            /// <param name="normalized_shape">Sizes of the last dimensions.</param>
            /// <param name="weight">Scale, in the normalised shape.</param>
            /// <param name="bias">Shift, in the normalised shape.</param>
            /// <param name="eps">Added to the variance.</param>
            public static Tensor layer_norm(
                Tensor input,
                ReadOnlySpan<long> normalized_shape,
                Tensor? weight = null,
                Tensor? bias = null,
                double eps = 1e-5
            ) => Ops.layer_norm(input, normalized_shape, weight, bias, eps);

            /// <summary>Normalises over groups of channels.</summary>
            /// <param name="input">Shape (B, C, ...).</param>
            /// <param name="num_groups">Groups, which divide the channels.</param>
            /// <param name="weight">Scale, shape (C).</param>
            /// <param name="bias">Shift, shape (C).</param>
            /// <param name="eps">Added to the variance.</param>
            public static Tensor group_norm(
                Tensor input,
                long num_groups,
                Tensor? weight = null,
                Tensor? bias = null,
                double eps = 1e-5
            ) => Ops.group_norm(input, num_groups, weight, bias, eps);

            /// <summary>Normalises each channel of each example over place.</summary>
            /// <param name="input">Shape (B, C, ...).</param>
            /// <param name="eps">Added to the variance.</param>
            public static Tensor instance_norm(Tensor input, double eps = 1e-5) =>
                Ops.instance_norm(input, null, null, null, null, true, 0.1, eps, true);

            /// <summary>Rows of a table.</summary>
            /// <param name="input">Row numbers (Int64), any shape.</param>
            /// <param name="weight">The table, shape (N, D).</param>
            /// <returns>Shape (*input, D).</returns>
            public static Tensor embedding(Tensor input, Tensor weight) => Ops.embedding(weight, input);

            /// <summary>Columns of sliding windows.</summary>
            /// <param name="input">Shape (B, C, H, W).</param>
            /// <param name="kernel_size">Size of the window.</param>
            /// <param name="dilation">Distance between the window's taps.</param>
            /// <param name="padding">Zeros added at every border.</param>
            /// <param name="stride">Step of the window.</param>
            /// <returns>Shape (B, C kH kW, windows).</returns>
            public static Tensor unfold(
                Tensor input,
                Size2 kernel_size,
                Size2? dilation = null,
                Size2? padding = null,
                Size2? stride = null
            ) => Ops.im2col(input, kernel_size, dilation ?? 1, padding ?? 0, stride ?? 1);

            /// <summary>Divides by the norm along one dimension.</summary>
            /// <param name="input">Any shape.</param>
            /// <param name="p">The norm's exponent.</param>
            /// <param name="dim">The dimension.</param>
            /// <param name="eps">Least divisor.</param>
            public static Tensor normalize(Tensor input, double p = 2, long dim = 1, double eps = 1e-12)
            {
                using var norm = Ops.norm(input, p, [dim], true);
                using var divisor = Ops.clamp_min(norm, eps);
                return Ops.div(input, divisor);
            }

            /// <summary>Kullback-Leibler divergence of targets from log-probabilities: t (log t - input).</summary>
            /// <param name="input">Log-probabilities.</param>
            /// <param name="target">Probabilities, or their logarithms.</param>
            /// <param name="reduction"><see cref="Reduction.BatchMean"/> is the mathematical value.</param>
            /// <param name="log_target">Whether the targets are logarithms.</param>
            public static Tensor kl_div(
                Tensor input,
                Tensor target,
                Reduction reduction = Reduction.Mean,
                bool log_target = false
            )
            {
                if (reduction != Reduction.BatchMean)
                {
                    return Ops.kl_div(input, target, reduction, log_target);
                }
                using var sum = Ops.kl_div(input, target, Reduction.Sum, log_target);
                return sum / (input.ndim == 0 ? 1 : input.size(0));
            }

            /// <summary>softmax(query @ key.T * scale + mask) @ value.</summary>
            /// <param name="query">Shape (..., L, E).</param>
            /// <param name="key">Shape (..., S, E).</param>
            /// <param name="value">Shape (..., S, V).</param>
            /// <param name="attn_mask">Broadcasts to (..., L, S): true where attention may go, or numbers to add.</param>
            /// <param name="dropout_p">Probability with which a weight is dropped, 0 to 1 exclusive.</param>
            /// <param name="is_causal">Whether position i sees only positions up to i.</param>
            /// <param name="scale">1 / sqrt(E) where none is given.</param>
            /// <returns>Shape (..., L, V).</returns>
            public static Tensor scaled_dot_product_attention(
                Tensor query,
                Tensor key,
                Tensor value,
                Tensor? attn_mask = null,
                double dropout_p = 0,
                bool is_causal = false,
                double? scale = null
            )
            {
                nint handle;
                var status = NativeMethods.sqs_nn_scaled_dot_product_attention(
                    Tensor.Borrow(query),
                    Tensor.Borrow(key),
                    Tensor.Borrow(value),
                    Tensor.BorrowOptional(attn_mask),
                    dropout_p,
                    (byte)(is_causal ? 1 : 0),
                    scale ?? double.NaN,
                    &handle
                );
                GC.KeepAlive(query);
                GC.KeepAlive(key);
                GC.KeepAlive(value);
                GC.KeepAlive(attn_mask);
                return status == 0
                    ? Tensor.Adopt(handle)
                    : throw TorchException.Of(status, "scaled_dot_product_attention", query, key, value, attn_mask);
            }

            private static Tensor Drop(Tensor input, double p, bool wholeChannels)
            {
                nint handle;
                var status = NativeMethods.sqs_random_dropout(
                    Tensor.Borrow(input),
                    p,
                    (byte)(wholeChannels ? 1 : 0),
                    &handle
                );
                TorchException.ThrowIfFailed(status, "dropout", input);
                return Tensor.Adopt(handle);
            }
        }
    }
}
