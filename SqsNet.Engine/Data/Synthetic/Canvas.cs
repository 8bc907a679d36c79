namespace SqsNet.Engine.Data;

/// <summary>A point, in whatever unit its user says.</summary>
internal readonly record struct Point(double X, double Y)
{
    public static Point operator +(Point a, Point b) => new(a.X + b.X, a.Y + b.Y);

    public static Point operator -(Point a, Point b) => new(a.X - b.X, a.Y - b.Y);

    public static Point operator *(Point a, double k) => new(a.X * k, a.Y * k);
}

/// <summary>A colour, each part 0..1, in the encoding of the stored pixels (sRGB).</summary>
internal readonly record struct Colour(float R, float G, float B)
{
    public static Colour FromHex(int rgb) =>
        new(((rgb >> 16) & 255) / 255f, ((rgb >> 8) & 255) / 255f, (rgb & 255) / 255f);

    /// <summary>This colour at 0, the other at 1.</summary>
    public Colour Towards(Colour other, double share)
    {
        var k = (float)share;
        return new(R + ((other.R - R) * k), G + ((other.G - G) * k), B + ((other.B - B) * k));
    }

    public Colour Times(double factor) => new((float)(R * factor), (float)(G * factor), (float)(B * factor));
}

/// <summary>
/// A square picture to paint on. Shapes are closed polygons in pixels; coverage is the exact area of each pixel that a
/// shape covers, so edges are smooth at any size.
/// </summary>
internal sealed class Canvas(int size)
{
    public int Size { get; } = size;

    /// <summary>RGB, row by row, 0..1.</summary>
    public float[] Pixels { get; } = new float[size * size * 3];

    /// <summary>How far each pixel has been painted over, 0..1; for whoever wants to know where the background shows.</summary>
    public float[] Painted { get; } = new float[size * size];

    /// <summary>Covers a polygon with a colour.</summary>
    /// <param name="polygon">Corners in pixels; must not cross itself.</param>
    /// <param name="colour">Colour.</param>
    /// <param name="alpha">Opacity, 0..1.</param>
    /// <param name="softness">Standard deviation of the edge's blur, in pixels; 0 gives a crisp edge.</param>
    /// <param name="clip">Where it may paint; null allows everywhere.</param>
    public void Fill(
        ReadOnlySpan<Point> polygon,
        Colour colour,
        double alpha = 1,
        double softness = 0,
        Coverage? clip = null
    )
    {
        if (alpha > 0)
            Blend(Coverage.Of(polygon, Size, softness), colour, alpha, clip);
    }

    /// <summary>Draws a line of changing width.</summary>
    /// <param name="line">Points in pixels, two or more.</param>
    /// <param name="startWidth">Width at its first point, in pixels.</param>
    /// <param name="endWidth">Width at its last point, in pixels.</param>
    /// <param name="colour">Colour.</param>
    /// <param name="alpha">Opacity, 0..1.</param>
    /// <param name="softness">Standard deviation of the edge's blur, in pixels.</param>
    /// <param name="clip">Where it may paint; null allows everywhere.</param>
    public void Stroke(
        ReadOnlySpan<Point> line,
        double startWidth,
        double endWidth,
        Colour colour,
        double alpha = 1,
        double softness = 0,
        Coverage? clip = null
    )
    {
        if (alpha > 0)
            Blend(Coverage.Of(Outline(line, startWidth, endWidth), Size, softness), colour, alpha, clip);
    }

    /// <summary>Mixes a colour in where a coverage says.</summary>
    public void Blend(Coverage coverage, Colour colour, double alpha, Coverage? clip = null)
    {
        var right = Math.Min(Size, coverage.Left + coverage.Width);
        var bottom = Math.Min(Size, coverage.Top + coverage.Height);
        for (var y = Math.Max(0, coverage.Top); y < bottom; y++)
        {
            for (var x = Math.Max(0, coverage.Left); x < right; x++)
            {
                var k = coverage[x, y] * (float)alpha;
                if (k > 0 && clip is not null)
                    k *= clip[x, y];
                if (k > 0)
                    Mix((y * Size) + x, colour, k);
            }
        }
    }

    private void Mix(int pixel, Colour colour, float k)
    {
        var rgb = Pixels.AsSpan(3 * pixel, 3);
        rgb[0] += (colour.R - rgb[0]) * k;
        rgb[1] += (colour.G - rgb[1]) * k;
        rgb[2] += (colour.B - rgb[2]) * k;
        Painted[pixel] = Math.Max(Painted[pixel], k);
    }

    // The line's two sides as one polygon, with half-round ends.
    private static Point[] Outline(ReadOnlySpan<Point> line, double startWidth, double endWidth)
    {
        var n = line.Length;
        var polygon = new List<Point>(2 * (n + 5));
        for (var i = 0; i < n; i++)
            polygon.Add(line[i] + (Normal(line, i) * HalfWidth(i)));
        AddCap(polygon, line[n - 1], Normal(line, n - 1), endWidth / 2);
        for (var i = n - 1; i >= 0; i--)
            polygon.Add(line[i] - (Normal(line, i) * HalfWidth(i)));
        AddCap(polygon, line[0], Normal(line, 0) * -1, startWidth / 2);
        return [.. polygon];

        double HalfWidth(int i) => 0.5 * (startWidth + ((endWidth - startWidth) * i / (n - 1)));
    }

    private static void AddCap(List<Point> polygon, Point end, Point normal, double radius)
    {
        for (var k = 1; k < 5; k++)
        {
            var (sin, cos) = Math.SinCos(Math.PI * k / 5);
            polygon.Add(
                end + new Point((normal.X * cos) + (normal.Y * sin), (normal.Y * cos) - (normal.X * sin)) * radius
            );
        }
    }

    private static Point Normal(ReadOnlySpan<Point> line, int i)
    {
        var along = line[Math.Min(i + 1, line.Length - 1)] - line[Math.Max(i - 1, 0)];
        var length = Math.Max(1e-9, Math.Sqrt((along.X * along.X) + (along.Y * along.Y)));
        return new(-along.Y / length, along.X / length);
    }
}
