using System.Buffers.Binary;
using System.IO.Compression;
using SqsNet.Engine.Data;

namespace SqsNet.Engine.Tests.Data.Images;

public class PngTests
{
    [Fact]
    public void A_single_gray_pixel_is_the_file_that_the_specification_says()
    {
        var png = Png.Encode([0x80], 1, 1, 1);
        png[..8].ShouldBe([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]);
        BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(16)).ShouldBe(1);
        // The checksum of an 8-bit gray 1 x 1 header, and of an empty end, as in any PNG of that kind.
        BinaryPrimitives.ReadUInt32BigEndian(png.AsSpan(29)).ShouldBe(0x3A7E9B55u);
        png[^12..].ShouldBe([0, 0, 0, 0, 0x49, 0x45, 0x4E, 0x44, 0xAE, 0x42, 0x60, 0x82]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    public void Pixels_come_back_when_the_rows_are_inflated(int channels)
    {
        var pixels = Enumerable.Range(0, 5 * 3 * channels).Select(i => (byte)(i * 37)).ToArray();
        var png = Png.Encode(pixels, 5, 3, channels);
        var length = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(33));
        using var zlib = new ZLibStream(new MemoryStream(png, 41, length), CompressionMode.Decompress);
        var rows = new MemoryStream();
        zlib.CopyTo(rows);
        var stride = 5 * channels;
        var back = new List<byte>();
        for (var y = 0; y < 3; y++)
        {
            var row = rows.ToArray().AsSpan(y * (stride + 1), stride + 1);
            row[0].ShouldBe((byte)1);
            for (var x = 0; x < stride; x++)
                back.Add((byte)(row[x + 1] + (x < channels ? 0 : back[^channels])));
        }
        back.ShouldBe(pixels);
    }

    [Fact]
    public void Refuses_pixels_that_do_not_fill_the_picture()
    {
        Should.Throw<ArgumentException>(() => Png.Encode(new byte[11], 2, 2, 3));
        Should.Throw<ArgumentOutOfRangeException>(() => Png.Encode(new byte[8], 2, 2, 2));
        Should.Throw<ArgumentOutOfRangeException>(() => Png.Encode([], 0, 0, 1));
    }
}
