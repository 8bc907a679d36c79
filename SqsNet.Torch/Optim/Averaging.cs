namespace SqsNet.Torch;

public static partial class torch
{
    public static partial class optim
    {
        /// <summary>Moves exponential moving averages of tensors by one step: average = kept * average + (1 - kept) * value.</summary>
        /// <param name="averages">The averages; those that are no fractions become copies.</param>
        /// <param name="values">As many values, of the same shapes and types.</param>
        /// <param name="kept">Share of the averages that is kept, 0 to 1.</param>
        /// <remarks>
        /// One native call; on a GPU a few launches for all tensors, as <c>torch.optim.swa_utils.get_ema_multi_avg_fn</c>.
        /// </remarks>
        /// <exception cref="ArgumentException">There are more of the one than of the other.</exception>
        /// <exception cref="TorchException">A value does not fit its average.</exception>
        public static unsafe void average_(IReadOnlyList<Tensor> averages, IReadOnlyList<Tensor> values, double kept)
        {
            ArgumentNullException.ThrowIfNull(averages);
            ArgumentNullException.ThrowIfNull(values);
            if (averages.Count != values.Count)
            {
                throw new ArgumentException($"{averages.Count} averages of {values.Count} values", nameof(values));
            }
            fixed (nint* averagePointer = Gradients.Handles([.. averages]))
            fixed (nint* valuePointer = Gradients.Handles([.. values]))
            {
                var status = NativeMethods.sqs_optim_average(averagePointer, valuePointer, averages.Count, kept);
                GC.KeepAlive(averages);
                GC.KeepAlive(values);
                TorchException.ThrowIfFailed(status, "average_");
            }
        }
    }
}
