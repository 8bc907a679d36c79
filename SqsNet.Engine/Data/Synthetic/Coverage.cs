namespace SqsNet.Engine.Data;

/// <summary>Share of each pixel of a rectangle that a shape covers, 0..1; outside of the rectangle it covers nothing.</summary>
internal sealed class Coverage
{
    private Coverage(int left, int top, int width, int height)
    {
        (Left, Top, Width, Height) = (left, top, width, height);
        Values = new float[width * height];
    }

    public int Left { get; }
    public int Top { get; }
    public int Width { get; }
    public int Height { get; }
    public float[] Values { get; }

    /// <summary>The share of one pixel, 0 outside of the rectangle.</summary>
    public float this[int x, int y]
    {
        get
        {
            var (column, row) = (x - Left, y - Top);
            return (uint)column < (uint)Width && (uint)row < (uint)Height ? Values[(row * Width) + column] : 0;
        }
    }

    /// <summary>The coverage of a polygon.</summary>
    /// <param name="polygon">Corners in pixels; must not cross itself.</param>
    /// <param name="size">Side of the picture; what lies outside is not kept.</param>
    /// <param name="softness">Standard deviation of the edge's blur, in pixels; 0 gives a crisp edge.</param>
    public static Coverage Of(ReadOnlySpan<Point> polygon, int size, double softness = 0)
    {
        var (left, top, right, bottom) = (double.MaxValue, double.MaxValue, double.MinValue, double.MinValue);
        foreach (var p in polygon)
        {
            (left, right) = (Math.Min(left, p.X), Math.Max(right, p.X));
            (top, bottom) = (Math.Min(top, p.Y), Math.Max(bottom, p.Y));
        }
        var reach = Blur.Reach(softness);
        var x0 = Math.Clamp((int)Math.Floor(left) - reach, -reach, size);
        var y0 = Math.Clamp((int)Math.Floor(top) - reach, -reach, size);
        var x1 = Math.Clamp((int)Math.Ceiling(right) + reach, x0, size + reach);
        var y1 = Math.Clamp((int)Math.Ceiling(bottom) + reach, y0, size + reach);
        var coverage = new Coverage(x0, y0, x1 - x0, y1 - y0);
        if (coverage.Values.Length == 0)
            return coverage;
        coverage.Accumulate(polygon);
        if (softness > 0)
            Blur.Gaussian(coverage.Values, coverage.Width, channels: 1, softness);
        return coverage;
    }

    // Signed-area accumulation (as in Levien's font-rs): each edge adds, per row, the area to its right as differences
    // along x; the running sum of a row is then the coverage.
    private void Accumulate(ReadOnlySpan<Point> polygon)
    {
        var origin = new Point(Left, Top);
        for (var i = 0; i < polygon.Length; i++)
            AddEdge(polygon[i] - origin, polygon[(i + 1) % polygon.Length] - origin);
        for (var y = 0; y < Height; y++)
        {
            var sum = 0f;
            foreach (ref var value in Values.AsSpan(y * Width, Width))
            {
                sum += value;
                value = Math.Min(1, Math.Abs(sum));
            }
        }
    }

    private void AddEdge(Point p, Point q)
    {
        if (p.Y == q.Y)
            return;
        var (direction, top, bottom) = p.Y < q.Y ? (1.0, p, q) : (-1.0, q, p);
        var slope = (bottom.X - top.X) / (bottom.Y - top.Y);
        var first = (int)Math.Floor(Math.Max(top.Y, 0));
        var end = (int)Math.Ceiling(Math.Min(bottom.Y, Height));
        for (var y = first; y < end; y++)
        {
            var y0 = Math.Max(y, top.Y);
            var y1 = Math.Min(y + 1, bottom.Y);
            var xa = top.X + ((y0 - top.Y) * slope);
            var xb = top.X + ((y1 - top.Y) * slope);
            AddRow(y * Width, direction * (y1 - y0), Math.Min(xa, xb), Math.Max(xa, xb));
        }
    }

    private void AddRow(int row, double height, double x0, double x1)
    {
        x0 = Math.Clamp(x0, 0, Width);
        x1 = Math.Clamp(x1, 0, Width);
        var first = (int)Math.Floor(x0);
        if (x1 <= first + 1)
        {
            var inside = height * (first + 1 - (0.5 * (x0 + x1)));
            Add(row, first, inside);
            Add(row, first + 1, height - inside);
            return;
        }
        // The edge crosses several pixels of this row: the covered area of each, as the difference to the one before.
        var perPixel = height / (x1 - x0);
        var before = 0.0;
        var end = (int)Math.Ceiling(x1);
        for (var x = first; x <= end; x++)
        {
            var area = (RightOf(x + 1) - RightOf(x)) * perPixel;
            Add(row, x, area - before);
            before = area;
        }

        // Integral, over the edge's run from x0 to x1, of the length between the edge and x on its right.
        double RightOf(double x) => Half(x - x0) - Half(x - x1);
        static double Half(double v) => v > 0 ? 0.5 * v * v : 0;
    }

    private void Add(int row, int x, double value)
    {
        if (x < Width)
            Values[row + x] += (float)value;
    }
}
