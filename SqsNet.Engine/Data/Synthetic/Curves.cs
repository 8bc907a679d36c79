namespace SqsNet.Engine.Data;

/// <summary>Smooth curves through given points.</summary>
internal static class Curves
{
    private const int StepsPerPiece = 6;

    /// <summary>A closed curve through the points (uniform Catmull-Rom), as a polygon.</summary>
    public static Point[] Closed(params ReadOnlySpan<Point> through)
    {
        var n = through.Length;
        var curve = new Point[n * StepsPerPiece];
        for (var i = 0; i < n; i++)
        {
            for (var k = 0; k < StepsPerPiece; k++)
                curve[(i * StepsPerPiece) + k] = Between(
                    through[(i + n - 1) % n],
                    through[i],
                    through[(i + 1) % n],
                    through[(i + 2) % n],
                    (double)k / StepsPerPiece
                );
        }
        return curve;
    }

    /// <summary>An open curve through the points, its ends included.</summary>
    public static Point[] Open(params ReadOnlySpan<Point> through)
    {
        var n = through.Length;
        var curve = new Point[((n - 1) * StepsPerPiece) + 1];
        for (var i = 0; i < curve.Length; i++)
        {
            var piece = Math.Min(i / StepsPerPiece, n - 2);
            curve[i] = Between(
                through[Math.Max(piece - 1, 0)],
                through[piece],
                through[piece + 1],
                through[Math.Min(piece + 2, n - 1)],
                ((double)i / StepsPerPiece) - piece
            );
        }
        return curve;
    }

    /// <summary>An ellipse as a polygon.</summary>
    public static Point[] Ellipse(Point centre, double radiusX, double radiusY, int corners = 28)
    {
        var polygon = new Point[corners];
        for (var i = 0; i < corners; i++)
        {
            var (sin, cos) = Math.SinCos(2 * Math.PI * i / corners);
            polygon[i] = new(centre.X + (radiusX * cos), centre.Y + (radiusY * sin));
        }
        return polygon;
    }

    /// <summary>The first curve, then the second backwards: the region between two curves with common ends.</summary>
    public static Point[] Region(ReadOnlySpan<Point> first, ReadOnlySpan<Point> second)
    {
        var polygon = new Point[first.Length + second.Length];
        first.CopyTo(polygon);
        for (var i = 0; i < second.Length; i++)
            polygon[first.Length + i] = second[second.Length - 1 - i];
        return polygon;
    }

    private static Point Between(Point before, Point from, Point to, Point after, double t)
    {
        double At(double a, double b, double c, double d) =>
            0.5
            * (
                (2 * b)
                + ((c - a) * t)
                + (((2 * a) - (5 * b) + (4 * c) - d) * t * t)
                + (((3 * b) - a - (3 * c) + d) * t * t * t)
            );
        return new(At(before.X, from.X, to.X, after.X), At(before.Y, from.Y, to.Y, after.Y));
    }
}
