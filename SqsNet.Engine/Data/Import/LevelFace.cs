namespace SqsNet.Engine.Data;

/// <summary>Cuts a face out of a photograph and turns it until its eyes are level.</summary>
internal static class LevelFace
{
    // Below this (half a degree) the turn moves no pixel that anyone would see.
    private const double SmallestTilt = 0.009;

    /// <summary>Pixels of the box around a face.</summary>
    /// <param name="file">The photograph.</param>
    /// <param name="shape">Size and channels of the result.</param>
    /// <param name="box">The face in the photograph, in pixels.</param>
    /// <param name="tilt">Angle of the line through the eyes, in radians, clockwise.</param>
    /// <exception cref="FaceProblemException">The photograph cannot be read, or the box lies outside of it.</exception>
    public static byte[] Cut(byte[] file, FaceShape shape, ImageBox box, double tilt)
    {
        if (Math.Abs(tilt) < SmallestTilt)
            return ImageFile.Decode(file, shape.Channels, shape.Width, shape.Height, box);
        // Twice as large as needed, then two by two samples for each pixel: an area average that can be turned.
        var header = ImageFile.Probe(file);
        if (
            box.Left >= header.Width
            || box.Top >= header.Height
            || box.Left + box.Width <= 0
            || box.Top + box.Height <= 0
        )
            throw new FaceProblemException(ImportProblemKind.BadRow, "the box of the face lies outside of the image");
        var scale = Math.Min(1, Math.Max(2 * shape.Width / box.Width, 2 * shape.Height / box.Height));
        var width = Math.Max(1, (int)Math.Round(header.Width * scale));
        var height = Math.Max(1, (int)Math.Round(header.Height * scale));
        var source = ImageFile.Decode(file, shape.Channels, width, height);
        var (scaleX, scaleY) = ((double)width / header.Width, (double)height / header.Height);
        var part = new ImageBox(box.Left * scaleX, box.Top * scaleY, box.Width * scaleX, box.Height * scaleY);
        return Turn(source, width, height, shape, part, tilt);
    }

    private static byte[] Turn(byte[] source, int width, int height, FaceShape shape, ImageBox box, double tilt)
    {
        var (sin, cos) = Math.SinCos(tilt);
        var middle = new Point(box.Left + (box.Width / 2), box.Top + (box.Height / 2));
        var target = new byte[shape.PixelBytes];
        Span<double> sum = stackalloc double[shape.Channels];
        for (var y = 0; y < shape.Height; y++)
        {
            for (var x = 0; x < shape.Width; x++)
            {
                sum.Clear();
                for (var k = 0; k < 4; k++)
                {
                    var u = (((x + 0.25 + (0.5 * (k & 1))) / shape.Width) - 0.5) * box.Width;
                    var v = (((y + 0.25 + (0.5 * (k >> 1))) / shape.Height) - 0.5) * box.Height;
                    var at = middle + new Point((u * cos) - (v * sin), (u * sin) + (v * cos));
                    AddSample(source, width, height, at, sum);
                }
                for (var c = 0; c < sum.Length; c++)
                    target[(((y * shape.Width) + x) * shape.Channels) + c] = (byte)((sum[c] / 4) + 0.5);
            }
        }
        return target;
    }

    /// <summary>Adds the bilinear value at a place, with the edge going on beyond the image.</summary>
    private static void AddSample(byte[] source, int width, int height, Point at, Span<double> sum)
    {
        var x = Math.Clamp(at.X - 0.5, 0, width - 1);
        var y = Math.Clamp(at.Y - 0.5, 0, height - 1);
        var (x0, y0) = ((int)x, (int)y);
        var (x1, y1) = (Math.Min(x0 + 1, width - 1), Math.Min(y0 + 1, height - 1));
        var (fx, fy) = (x - x0, y - y0);
        var channels = sum.Length;
        for (var c = 0; c < channels; c++)
        {
            double Value(int column, int row) => source[(((row * width) + column) * channels) + c];
            var top = Value(x0, y0) + ((Value(x1, y0) - Value(x0, y0)) * fx);
            var bottom = Value(x0, y1) + ((Value(x1, y1) - Value(x0, y1)) * fx);
            sum[c] += top + ((bottom - top) * fy);
        }
    }
}
