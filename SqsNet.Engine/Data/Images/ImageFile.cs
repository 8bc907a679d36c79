using System.Runtime.InteropServices;

namespace SqsNet.Engine.Data;

/// <summary>Decodes image files: JPEG by libjpeg-turbo, PNG and BMP by stb_image. Safe for several threads.</summary>
/// <remarks>The native half is native/image; the status codes and the layouts are those of sqsimage.h.</remarks>
internal static partial class ImageFile
{
    /// <summary>Makes sure that images can be decoded at all.</summary>
    /// <exception cref="DatasetException">The native library has not been built.</exception>
    public static void RequireLibrary()
    {
        try
        {
            unsafe
            {
                _ = sqs_image_error();
            }
        }
        catch (DllNotFoundException e)
        {
            throw new DatasetException(
                "Images cannot be decoded: libsqsimage.so is not beside the program. Run native/build.sh, then build again.",
                e
            );
        }
    }

    /// <summary>Reads an image's header.</summary>
    /// <exception cref="FaceProblemException">The header is damaged or of a kind that is not read.</exception>
    public static unsafe ImageHeader Probe(ReadOnlySpan<byte> file)
    {
        ImageHeader header;
        fixed (byte* bytes = file)
            Check(sqs_image_probe(bytes, file.Length, &header));
        return header;
    }

    /// <summary>Decodes an image and resizes it: area averages where it shrinks, linear where it grows.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="channels">1 (gray) or 3 (RGB).</param>
    /// <param name="width">Width of the result in pixels, 1 or more.</param>
    /// <param name="height">Height of the result in pixels, 1 or more.</param>
    /// <param name="box">Part of the image to take, cut to it; null takes all.</param>
    /// <returns>Pixels, HWC.</returns>
    /// <exception cref="FaceProblemException">The image is damaged, too large or of a kind that is not read.</exception>
    public static unsafe byte[] Decode(
        ReadOnlySpan<byte> file,
        int channels,
        int width,
        int height,
        ImageBox? box = null
    )
    {
        var pixels = new byte[width * height * channels];
        var part = box.GetValueOrDefault();
        fixed (byte* bytes = file)
        fixed (byte* target = pixels)
            Check(sqs_image_decode(bytes, file.Length, channels, box is null ? null : &part, width, height, target));
        return pixels;
    }

    /// <summary>Resizes pixels as <see cref="Decode"/> does.</summary>
    /// <param name="pixels">Pixels, HWC.</param>
    /// <param name="width">Width in pixels.</param>
    /// <param name="height">Height in pixels.</param>
    /// <param name="channels">1 or 3.</param>
    /// <param name="newWidth">Width of the result in pixels.</param>
    /// <param name="newHeight">Height of the result in pixels.</param>
    public static unsafe byte[] Resize(
        ReadOnlySpan<byte> pixels,
        int width,
        int height,
        int channels,
        int newWidth,
        int newHeight
    )
    {
        if (pixels.Length != width * height * channels)
            throw new ArgumentException(
                $"{pixels.Length} bytes are not {width} x {height} x {channels}",
                nameof(pixels)
            );
        var resized = new byte[newWidth * newHeight * channels];
        fixed (byte* source = pixels)
        fixed (byte* target = resized)
            Check(sqs_image_resize(source, width, height, channels, null, newWidth, newHeight, target));
        return resized;
    }

    private static unsafe void Check(int status)
    {
        if (status == 0)
            return;
        var reason = Marshal.PtrToStringUTF8((nint)sqs_image_error()) ?? "";
        throw status switch
        {
            1 => new FaceProblemException(ImportProblemKind.BrokenImage, reason),
            2 => new FaceProblemException(ImportProblemKind.UnsupportedFormat, reason),
            3 => new FaceProblemException(ImportProblemKind.ImageTooLarge, reason),
            _ => new FaceProblemException(ImportProblemKind.BadRow, reason),
        };
    }

    [LibraryImport("sqsimage")]
    private static unsafe partial int sqs_image_probe(byte* bytes, long length, ImageHeader* header);

    [LibraryImport("sqsimage")]
    private static unsafe partial int sqs_image_decode(
        byte* bytes,
        long length,
        int channels,
        ImageBox* box,
        int width,
        int height,
        byte* target
    );

    [LibraryImport("sqsimage")]
    private static unsafe partial int sqs_image_resize(
        byte* pixels,
        int width,
        int height,
        int channels,
        ImageBox* box,
        int newWidth,
        int newHeight,
        byte* target
    );

    [LibraryImport("sqsimage")]
    private static unsafe partial byte* sqs_image_error();
}

/// <summary>What an image's header says.</summary>
/// <param name="Width">Width in pixels.</param>
/// <param name="Height">Height in pixels.</param>
/// <param name="Channels">Channels in the file: 1 or 2 (gray), 3 or 4 (colour).</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct ImageHeader(int Width, int Height, int Channels);

/// <summary>Part of an image, in pixels; may start and end between pixels.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct ImageBox(double Left, double Top, double Width, double Height);
