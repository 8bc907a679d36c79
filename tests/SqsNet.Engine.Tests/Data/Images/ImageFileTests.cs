using System.Buffers.Binary;
using SqsNet.Engine.Data;

namespace SqsNet.Engine.Tests.Data.Images;

public class ImageFileTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Png_comes_back_as_it_was_encoded(int channels)
    {
        var pixels = SomeFace.Pixels(13, 7, channels);
        var file = Png.Encode(pixels, 13, 7, channels);
        ImageFile.Probe(file).ShouldBe(new(13, 7, channels));
        ImageFile.Decode(file, channels, 13, 7).ShouldBe(pixels);
    }

    [Fact]
    public void Opacity_is_dropped()
    {
        var file = Png.Encode([10, 20, 30, 128], 1, 1, 4);
        ImageFile.Decode(file, 3, 1, 1).ShouldBe([10, 20, 30]);
    }

    // One pixel (200, 100, 50) as 24-bit BMP: blue first, rows padded to four bytes.
    [Fact]
    public void Bmp_is_read()
    {
        var file = new byte[58];
        "BM"u8.CopyTo(file);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(2), 58);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(10), 54);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(14), 40);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(18), 1);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(22), 1);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(26), 1);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(28), 24);
        (file[54], file[55], file[56]) = (50, 100, 200);
        ImageFile.Decode(file, 3, 1, 1).ShouldBe([200, 100, 50]);
    }

    [Fact]
    public void Jpeg_is_read_in_gray_and_colour()
    {
        ImageFile.Probe(SomeFace.Jpeg).ShouldBe(new(16, 16, 3));
        // The left half is red, the right half blue; JPEG keeps that to within a few steps away from the edge.
        var colour = ImageFile.Decode(SomeFace.Jpeg, 3, 16, 16);
        ShouldBeNear(colour[..3], [220, 40, 30], 6);
        ShouldBeNear(colour[^3..], [30, 60, 200], 6);
        var luma = (0.299 * 220) + (0.587 * 40) + (0.114 * 30);
        ((double)ImageFile.Decode(SomeFace.Jpeg, 1, 16, 16)[0]).ShouldBe(luma, 6);
    }

    [Fact]
    public void Progressive_and_gray_jpegs_are_the_same_picture()
    {
        var progressive = ImageFile.Decode(SomeFace.ProgressiveJpeg, 3, 16, 16);
        ShouldBeNear(progressive[..3], [220, 40, 30], 6);
        ShouldBeNear(progressive[^3..], [30, 60, 200], 6);
        ImageFile.Probe(SomeFace.GrayJpeg).Channels.ShouldBe(1);
        var gray = ImageFile.Decode(SomeFace.GrayJpeg, 3, 16, 16);
        ShouldBeNear(gray[..3], [93, 93, 93], 3);
        ShouldBeNear(gray[^3..], [67, 67, 67], 3);
    }

    // Inverted inks with Adobe's segment; without the segment the same bytes are inks as they are, so light is what is left.
    [Fact]
    public void Cmyk_jpegs_become_light()
    {
        ImageFile.Probe(SomeFace.CmykJpeg).ShouldBe(new(16, 16, 3));
        var colour = ImageFile.Decode(SomeFace.CmykJpeg, 3, 16, 16);
        ShouldBeNear(colour[..3], [220, 40, 30], 6);
        ShouldBeNear(colour[^3..], [30, 60, 200], 6);
        ((double)ImageFile.Decode(SomeFace.CmykJpeg, 1, 16, 16)[0]).ShouldBe(93, 4);
        var plain = (byte[])SomeFace.CmykJpeg.Clone();
        "Other"u8.CopyTo(plain.AsSpan(plain.AsSpan().IndexOf("Adobe"u8)));
        ShouldBeNear(ImageFile.Decode(plain, 3, 16, 16)[..3], [0, 0, 0], 6);
    }

    [Fact]
    public void Jpeg_that_shrinks_a_lot_is_still_the_same_picture()
    {
        // To 2 x 2 the decoder itself reduces by four first.
        var small = ImageFile.Decode(SomeFace.Jpeg, 3, 2, 2);
        ShouldBeNear(small[..3], [220, 40, 30], 12);
        ShouldBeNear(small[3..6], [30, 60, 200], 12);
    }

    [Fact]
    public void Part_of_an_image_is_cut_out()
    {
        var file = Png.Encode(SomeFace.Pixels(8, 8, 1), 8, 8, 1);
        var part = ImageFile.Decode(file, 1, 2, 3, new(5, 1, 2, 3));
        var whole = SomeFace.Pixels(8, 8, 1);
        part.ShouldBe([whole[13], whole[14], whole[21], whole[22], whole[29], whole[30]]);
        // A box that reaches over the edge is cut to the image.
        ImageFile.Decode(file, 1, 2, 2, new(6, 6, 100, 100)).ShouldBe([whole[54], whole[55], whole[62], whole[63]]);
        Should.Throw<FaceProblemException>(() => ImageFile.Decode(file, 1, 2, 2, new(9, 9, 4, 4)));
        Should.Throw<FaceProblemException>(() => ImageFile.Decode(file, 1, 2, 2, new(double.NaN, 0, 4, 4)));
    }

    [Fact]
    public void Shrinking_averages_areas()
    {
        byte[] pixels = [10, 20, 30, 40, 50, 60];
        ImageFile.Resize(pixels, 6, 1, 1, 3, 1).ShouldBe([15, 35, 55]);
        // 6 to 4: each takes one pixel and a half.
        ImageFile.Resize(pixels, 6, 1, 1, 4, 1).ShouldBe([13, 27, 43, 57]);
        ImageFile.Resize(pixels, 1, 6, 1, 1, 1).ShouldBe([35]);
    }

    // torch.nn.functional.interpolate(mode="bilinear", align_corners=False) of [0, 10, 40] to 5 gives [0, 4, 10, 28, 40].
    [Fact]
    public void Growing_interpolates_between_pixel_centres() =>
        ImageFile.Resize([0, 10, 40], 3, 1, 1, 5, 1).ShouldBe([0, 4, 10, 28, 40]);

    [Fact]
    public void Same_size_changes_nothing() =>
        ImageFile.Resize(SomeFace.Pixels(5, 4, 3), 5, 4, 3, 5, 4).ShouldBe(SomeFace.Pixels(5, 4, 3));

    [Fact]
    public void A_single_pixel_fills_any_size() =>
        ImageFile.Resize([7, 8, 9], 1, 1, 3, 2, 2).ShouldBe([7, 8, 9, 7, 8, 9, 7, 8, 9, 7, 8, 9]);

    public static TheoryData<string, byte[], string> Hostile =>
        new()
        {
            { "empty", [], "empty" },
            { "zeros", new byte[500], "not a JPEG, PNG or BMP" },
            { "text", "hello, world"u8.ToArray(), "not a JPEG, PNG or BMP" },
            { "webp", "RIFF\x10\0\0\0WEBPVP8 "u8.ToArray(), "WebP" },
            { "gif", "GIF89a\x01\0\x01\0"u8.ToArray(), "GIF" },
            { "jpeg start only", [0xFF, 0xD8, 0xFF], "no pixels" },
            { "truncated jpeg", SomeFace.Jpeg[..^20], "Premature end" },
            { "jpeg without data", SomeFace.Jpeg[..200], "JPEG" },
            { "png start only", Png.Encode([1], 1, 1, 1)[..8], "header" },
            { "truncated png", Png.Encode(SomeFace.Pixels(40, 40, 3), 40, 40, 3)[..200], "data" },
            { "png of 60000 x 60000", PngHeader(60000, 60000), "at most 64 million" },
            { "jpeg of 60000 x 60000", JpegOfSize(60000, 60000), "60000 x 60000 pixels" },
            { "cut cmyk jpeg", SomeFace.CmykJpeg[..^40], "JPEG" },
            { "png of a gigapixel", PngHeader(30000, 30000), "at most 64 million" },
            { "png of no width", PngHeader(0, 10), "no pixels" },
            { "png of negative width", PngHeader(-5, 10), "" },
            { "jpeg of 65500 x 65500", JpegOfSize(65500, 65500), "at most 64 million" },
        };

    [Theory]
    [MemberData(nameof(Hostile))]
    public void A_file_that_is_no_good_image_is_refused_with_a_reason(string name, byte[] file, string reason)
    {
        var error = Should.Throw<FaceProblemException>(() => ImageFile.Decode(file, 3, 8, 8), name);
        error.Message.ShouldContain(reason);
        error.Message.ShouldNotBeEmpty();
    }

    [Fact]
    public void Stray_bytes_between_segments_do_no_harm_but_hide_no_cut()
    {
        // Behind the first segment, which is 16 bytes long after its marker.
        byte[] stray = [.. SomeFace.Jpeg[..20], 0, 0, 0, .. SomeFace.Jpeg[20..]];
        ImageFile.Decode(stray, 3, 8, 8).ShouldBe(ImageFile.Decode(SomeFace.Jpeg, 3, 8, 8));
        Should
            .Throw<FaceProblemException>(() => ImageFile.Decode(stray.AsSpan(0, stray.Length - 12), 3, 8, 8))
            .Message.ShouldContain("ends before the image does");
    }

    [Fact]
    public void No_cut_or_changed_byte_of_an_image_does_harm()
    {
        var png = Png.Encode(SomeFace.Pixels(12, 12, 3), 12, 12, 3);
        foreach (var file in new[] { SomeFace.Jpeg, SomeFace.ProgressiveJpeg, SomeFace.CmykJpeg, png })
        {
            for (var i = 0; i < file.Length; i++)
            {
                var changed = (byte[])file.Clone();
                changed[i] ^= 0x55;
                TryDecode(changed);
                TryDecode(file[..i]);
            }
        }
        static void TryDecode(byte[] file)
        {
            try
            {
                ImageFile.Decode(file, 3, 8, 8).Length.ShouldBe(192);
            }
            catch (FaceProblemException e)
            {
                e.Message.ShouldNotBeEmpty();
            }
        }
    }

    private static void ShouldBeNear(byte[] pixel, byte[] expected, int tolerance)
    {
        for (var i = 0; i < expected.Length; i++)
            ((int)pixel[i]).ShouldBeInRange(expected[i] - tolerance, expected[i] + tolerance);
    }

    private static byte[] PngHeader(int width, int height)
    {
        var file = Png.Encode([1], 1, 1, 1);
        BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(16), width);
        BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(20), height);
        return file;
    }

    private static byte[] JpegOfSize(ushort width, ushort height)
    {
        var file = (byte[])SomeFace.Jpeg.Clone();
        var frame = file.AsSpan().IndexOf([(byte)0xFF, (byte)0xC0]);
        BinaryPrimitives.WriteUInt16BigEndian(file.AsSpan(frame + 5), height);
        BinaryPrimitives.WriteUInt16BigEndian(file.AsSpan(frame + 7), width);
        return file;
    }
}
