namespace SqsNet.Torch;

/// <summary>How values between pixels are found when an image changes size.</summary>
public enum InterpolationMode
{
    /// <summary>The pixel at the place rounded down.</summary>
    Nearest,

    /// <summary>Between 2 x 2 pixels.</summary>
    Bilinear,

    /// <summary>Between 4 x 4 pixels.</summary>
    Bicubic,
}

/// <summary>How values between pixels are found at a grid of points, with libtorch's numbers.</summary>
public enum GridSampleMode
{
    /// <summary>Between 2 x 2 pixels.</summary>
    Bilinear = 0,

    /// <summary>The nearest pixel.</summary>
    Nearest = 1,

    /// <summary>Between 4 x 4 pixels.</summary>
    Bicubic = 2,
}

/// <summary>What lies outside of an image, with libtorch's numbers.</summary>
public enum GridSamplePaddingMode
{
    /// <summary>Zeros.</summary>
    Zeros = 0,

    /// <summary>The pixels of the border.</summary>
    Border = 1,

    /// <summary>The image, mirrored.</summary>
    Reflection = 2,
}

public static partial class torch
{
    public static partial class nn
    {
        public static unsafe partial class functional
        {
            /// <summary>Images in another size; give the size or a factor.</summary>
            /// <param name="input">Shape (B, C, H, W).</param>
            /// <param name="size">Height and width of the output.</param>
            /// <param name="scale_factor">Factor of both sides, positive.</param>
            /// <param name="mode">How values between pixels are found.</param>
            /// <param name="align_corners">Whether the corner pixels' centres stay in place.</param>
            /// <param name="antialias">Whether a smaller image averages all of its pixels; not for nearest.</param>
            /// <exception cref="ArgumentException">Both or neither of size and factor are given, or they do not fit.</exception>
            public static Tensor interpolate(
                Tensor input,
                Size2? size = null,
                double? scale_factor = null,
                InterpolationMode mode = InterpolationMode.Nearest,
                bool align_corners = false,
                bool antialias = false
            )
            {
                ArgumentNullException.ThrowIfNull(input);
                if (size is null == scale_factor is null)
                {
                    throw new ArgumentException("Give either a size or a scale factor.", nameof(size));
                }
                if (input.ndim != 4)
                {
                    throw new ArgumentException($"Images have the shape (B, C, H, W), not {input}.", nameof(input));
                }
                if (scale_factor is not null and not > 0)
                {
                    throw new ArgumentOutOfRangeException(nameof(scale_factor), scale_factor, "A factor is positive.");
                }
                var target = size ?? Scaled(input, scale_factor.GetValueOrDefault());
                var factor = scale_factor;
                return (mode, antialias) switch
                {
                    (InterpolationMode.Nearest, false) => Ops.upsample_nearest2d(input, target, factor, factor),
                    (InterpolationMode.Bilinear, false) => Ops.upsample_bilinear2d(
                        input,
                        target,
                        align_corners,
                        factor,
                        factor
                    ),
                    (InterpolationMode.Bicubic, false) => Ops.upsample_bicubic2d(
                        input,
                        target,
                        align_corners,
                        factor,
                        factor
                    ),
                    (InterpolationMode.Bilinear, true) => Ops._upsample_bilinear2d_aa(
                        input,
                        target,
                        align_corners,
                        factor,
                        factor
                    ),
                    (InterpolationMode.Bicubic, true) => Ops._upsample_bicubic2d_aa(
                        input,
                        target,
                        align_corners,
                        factor,
                        factor
                    ),
                    _ => throw new ArgumentException($"{mode} knows no antialiasing.", nameof(antialias)),
                };
            }

            /// <summary>Values of images at a grid of points.</summary>
            /// <param name="input">Shape (B, C, H, W).</param>
            /// <param name="grid">Points (x, y), -1 to 1 from border to border, shape (B, outH, outW, 2).</param>
            /// <param name="mode">How values between pixels are found.</param>
            /// <param name="padding_mode">What lies outside.</param>
            /// <param name="align_corners">Whether -1 and 1 are the centres of the corner pixels, not their edges.</param>
            /// <returns>Shape (B, C, outH, outW).</returns>
            public static Tensor grid_sample(
                Tensor input,
                Tensor grid,
                GridSampleMode mode = GridSampleMode.Bilinear,
                GridSamplePaddingMode padding_mode = GridSamplePaddingMode.Zeros,
                bool align_corners = false
            ) => Ops.grid_sampler(input, grid, (long)mode, (long)padding_mode, align_corners);

            /// <summary>The grid of points that an affine map makes of an image's pixels.</summary>
            /// <param name="theta">Maps from output to input points, shape (B, 2, 3).</param>
            /// <param name="size">Shape of the output: B, C, H, W.</param>
            /// <param name="align_corners">Whether -1 and 1 are the centres of the corner pixels, not their edges.</param>
            /// <returns>Shape (B, H, W, 2).</returns>
            public static Tensor affine_grid(Tensor theta, ReadOnlySpan<long> size, bool align_corners = false) =>
                Ops.affine_grid_generator(theta, size, align_corners);

            private static Size2 Scaled(Tensor input, double factor) =>
                new((long)Math.Floor(input.size(2) * factor), (long)Math.Floor(input.size(3) * factor));
        }
    }
}
