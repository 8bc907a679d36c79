namespace SqsNet.Torch;

public static unsafe partial class torch
{
    /// <summary>Uniform draws from [0, 1).</summary>
    /// <param name="size">The size of each dimension, not negative.</param>
    /// <param name="dtype">The element type, a fraction.</param>
    /// <param name="device">Where it lives; the processor where none is given.</param>
    /// <exception cref="TorchException">A size is negative, or the type is no fraction.</exception>
    public static Tensor rand(ReadOnlySpan<long> size, ScalarType dtype = float32, Device? device = null)
    {
        var (type, index) = Where(device);
        nint handle;
        fixed (long* pointer = size)
        {
            Check(NativeMethods.sqs_random_rand(pointer, size.Length, (int)dtype, type, index, &handle), "rand", size);
        }
        return Tensor.Adopt(handle);
    }

    /// <summary>Uniform draws from [0, 1) in single precision.</summary>
    /// <param name="size">The size of each dimension, not negative.</param>
    public static Tensor rand(params ReadOnlySpan<long> size) => rand(size, float32);

    /// <summary>Draws from the standard normal distribution.</summary>
    /// <inheritdoc cref="rand(ReadOnlySpan{long}, ScalarType, Device?)"/>
    public static Tensor randn(ReadOnlySpan<long> size, ScalarType dtype = float32, Device? device = null)
    {
        var (type, index) = Where(device);
        nint handle;
        fixed (long* pointer = size)
        {
            Check(
                NativeMethods.sqs_random_randn(pointer, size.Length, (int)dtype, type, index, &handle),
                "randn",
                size
            );
        }
        return Tensor.Adopt(handle);
    }

    /// <summary>Draws from the standard normal distribution in single precision.</summary>
    /// <param name="size">The size of each dimension, not negative.</param>
    public static Tensor randn(params ReadOnlySpan<long> size) => randn(size, float32);

    /// <summary>Uniform integers from [low, high).</summary>
    /// <param name="low">The least.</param>
    /// <param name="high">The end, itself left out.</param>
    /// <param name="size">The size of each dimension, not negative.</param>
    /// <param name="dtype">The element type.</param>
    /// <param name="device">Where it lives; the processor where none is given.</param>
    /// <exception cref="TorchException">The range is empty, or a size is negative.</exception>
    public static Tensor randint(
        long low,
        long high,
        ReadOnlySpan<long> size,
        ScalarType dtype = int64,
        Device? device = null
    )
    {
        var (type, index) = Where(device);
        nint handle;
        fixed (long* pointer = size)
        {
            Check(
                NativeMethods.sqs_random_randint(low, high, pointer, size.Length, (int)dtype, type, index, &handle),
                "randint",
                size
            );
        }
        return Tensor.Adopt(handle);
    }

    /// <summary>Uniform integers from [0, high).</summary>
    /// <param name="high">The end, itself left out.</param>
    /// <param name="size">The size of each dimension, not negative.</param>
    /// <param name="dtype">The element type.</param>
    /// <param name="device">Where it lives; the processor where none is given.</param>
    /// <exception cref="TorchException">The range is empty, or a size is negative.</exception>
    public static Tensor randint(long high, ReadOnlySpan<long> size, ScalarType dtype = int64, Device? device = null) =>
        randint(0, high, size, dtype, device);

    /// <summary>The integers 0 to n - 1 in random order.</summary>
    /// <param name="n">How many, not negative.</param>
    /// <param name="device">Where it lives; the processor where none is given.</param>
    /// <exception cref="TorchException">The number is negative.</exception>
    public static Tensor randperm(long n, Device? device = null)
    {
        var (type, index) = Where(device);
        nint handle;
        TorchException.ThrowIfFailed(NativeMethods.sqs_random_randperm(n, type, index, &handle), "randperm");
        return Tensor.Adopt(handle);
    }

    /// <summary>Uniform draws from [0, 1) in the shape, type and place of another tensor.</summary>
    /// <param name="self">The tensor to resemble.</param>
    public static Tensor rand_like(Tensor self) => Ops.empty_like(self).uniform_();

    /// <summary>Standard normal draws in the shape, type and place of another tensor.</summary>
    /// <param name="self">The tensor to resemble.</param>
    public static Tensor randn_like(Tensor self) => Ops.empty_like(self).normal_();

    /// <summary>Restarts the calling thread's generator; the same as <see cref="random.manual_seed"/>.</summary>
    /// <param name="seed">Any number.</param>
    public static void manual_seed(long seed) => random.manual_seed(seed);

    /// <summary>
    /// The calling thread's random generator. Unlike PyTorch's it is the thread's own, so that trials side by side do
    /// not disturb each other: the same seed gives the same draws, bit by bit, whatever other threads do.
    /// </summary>
    public static class random
    {
        /// <summary>Restarts the calling thread's generators, of every device.</summary>
        /// <param name="seed">Any number.</param>
        public static void manual_seed(long seed) =>
            TorchException.ThrowIfFailed(NativeMethods.sqs_random_manual_seed(seed), "manual_seed");

        /// <summary>The state of the calling thread's generator, to be kept in a checkpoint.</summary>
        /// <param name="device">Whose generator; the processor's where none is given.</param>
        /// <returns>Bytes, one dimension, on the processor.</returns>
        public static Tensor get_rng_state(Device? device = null)
        {
            var (type, index) = Where(device);
            nint handle;
            TorchException.ThrowIfFailed(NativeMethods.sqs_random_get_state(type, index, &handle), "get_rng_state");
            return Tensor.Adopt(handle);
        }

        /// <summary>Continues where a kept state was taken.</summary>
        /// <param name="new_state">What <see cref="get_rng_state"/> gave.</param>
        /// <param name="device">Whose generator; the processor's where none is given.</param>
        /// <exception cref="TorchException">The bytes are no state of such a generator.</exception>
        public static void set_rng_state(Tensor new_state, Device? device = null)
        {
            var (type, index) = Where(device);
            var status = NativeMethods.sqs_random_set_state(type, index, Tensor.Borrow(new_state));
            TorchException.ThrowIfFailed(status, "set_rng_state", new_state);
        }
    }
}
