namespace SqsNet.Engine.Data;

/// <summary>Paints a face: background, body, head, features, what covers them; then light.</summary>
/// <remarks>Lengths and places are those of <see cref="FaceIdentity"/>: half heads, y downwards.</remarks>
internal sealed partial class FacePainter
{
    private readonly FaceIdentity _who;
    private readonly ActionUnits _units;
    private readonly FaceScene _scene;
    private readonly Canvas _canvas;
    private readonly Colour _shade;
    private readonly Colour _line;
    private readonly double _jawDrop;
    private readonly Coverage _head;

    private FacePainter(FaceIdentity who, ActionUnits units, FaceScene scene)
    {
        _who = who;
        _units = units;
        _scene = scene;
        _canvas = new(scene.Size);
        _shade = who.Skin.Times(0.72).Towards(new(0.45f, 0.18f, 0.12f), 0.18);
        _line = who.Skin.Times(0.45).Towards(new(0.25f, 0.1f, 0.07f), 0.35);
        _jawDrop = units[ActionUnit.JawDrop];
        _head = Coverage.Of(OnHead(HeadOutline()), scene.Size);
    }

    /// <summary>The face without noise, RGB, 0..1 (a little over is possible in bright light).</summary>
    public static float[] Paint(FaceIdentity who, ActionUnits units, FaceScene scene)
    {
        var painter = new FacePainter(who, units, scene);
        painter.PaintAll();
        return painter._canvas.Pixels;
    }

    private void PaintAll()
    {
        PaintWall();
        PaintHairBehind();
        PaintBody();
        PaintHead();
        PaintFolds();
        PaintMouth();
        PaintNose();
        PaintEye(-1);
        PaintEye(1);
        PaintBeard();
        PaintHairInFront();
        PaintBrow(-1);
        PaintBrow(1);
        PaintCover();
        PaintLight();
    }

    private Point[] OnFace(ReadOnlySpan<Point> points, double lift = 0)
    {
        var pixels = new Point[points.Length];
        for (var i = 0; i < points.Length; i++)
            pixels[i] = _scene.Project(points[i].X, points[i].Y, lift);
        return pixels;
    }

    private Point[] OnHead(ReadOnlySpan<Point> points)
    {
        var pixels = new Point[points.Length];
        for (var i = 0; i < points.Length; i++)
            pixels[i] = _scene.ProjectFlat(points[i].X, points[i].Y);
        return pixels;
    }

    private double Pixels(double length) => length * _scene.Unit;

    private void Fill(Point[] polygon, Colour colour, double alpha = 1, double softness = 0, Coverage? clip = null) =>
        _canvas.Fill(OnFace(polygon), colour, alpha, Pixels(softness), clip);

    private void Line(
        Point[] line,
        double startWidth,
        double endWidth,
        Colour colour,
        double alpha = 1,
        double softness = 0,
        Coverage? clip = null
    ) => _canvas.Stroke(OnFace(line), Pixels(startWidth), Pixels(endWidth), colour, alpha, Pixels(softness), clip);

    private void PaintWall()
    {
        var size = _scene.Size;
        for (var y = 0; y < size; y++)
        {
            for (var x = 0; x < size; x++)
            {
                var k =
                    0.9 + (0.25 * (0.5 - ((double)y / size))) + (0.12 * _scene.Light.X * (0.5 - ((double)x / size)));
                var colour = _scene.Wall.Times(k);
                var at = 3 * ((y * size) + x);
                (_canvas.Pixels[at], _canvas.Pixels[at + 1], _canvas.Pixels[at + 2]) = (colour.R, colour.G, colour.B);
            }
        }
    }

    private void PaintBody()
    {
        var neck = _who.JawWidth * 0.72;
        Point[] shoulders =
        [
            new(-1.6, 2.2),
            new(-1.3, 1.42),
            new(-neck, 1.16),
            new(0, 1.22),
            new(neck, 1.16),
            new(1.3, 1.42),
            new(1.6, 2.2),
        ];
        Point[] throat = [new(-neck, 0.4), new(neck, 0.4), new(neck * 1.02, 1.2), new(0, 1.42), new(-neck * 1.02, 1.2)];
        _canvas.Fill(OnHead(shoulders), _who.Cloth);
        _canvas.Fill(OnHead(throat), _who.Skin.Times(0.82).Towards(_shade, 0.35), 1, Pixels(0.01));
        foreach (var side in (ReadOnlySpan<int>)[-1, 1])
        {
            var ear = new Point(side * (_who.HeadWidth + 0.015), 0.06);
            _canvas.Fill(OnHead(Curves.Ellipse(ear, 0.1, 0.19)), _who.Skin.Times(0.93));
            _canvas.Fill(OnHead(Curves.Ellipse(ear, 0.045, 0.11)), _shade, 0.6, Pixels(0.02));
        }
    }

    /// <summary>The outline of the head; the chin goes down with the jaw.</summary>
    private Point[] HeadOutline()
    {
        var drop = 0.13 * _jawDrop;
        var chinUp = -0.02 * _units[ActionUnit.ChinRaiser];
        Point[] right =
        [
            new(0.42 * _who.HeadWidth, -0.93),
            new(0.86 * _who.HeadWidth, -0.62),
            new(_who.HeadWidth, -0.1),
            new(0.96 * _who.HeadWidth, 0.3),
            new(_who.JawWidth, 0.66 + (0.5 * drop)),
            new(_who.ChinWidth, 0.95 + drop + chinUp),
        ];
        var outline = new List<Point> { new(0, -1.0) };
        outline.AddRange(right);
        outline.Add(new(0, 1.01 + drop + chinUp));
        outline.AddRange(right.Reverse().Select(p => p with { X = -p.X }));
        return Curves.Closed([.. outline]);
    }

    private void PaintHead()
    {
        // The head's shadow on the neck, then the head.
        _canvas.Fill(OnHead(Curves.Ellipse(new(0, 0.95), 0.5, 0.22)), _shade.Times(0.8), 0.35, Pixels(0.07));
        _canvas.Blend(_head, _who.Skin, 1);
        var blush = _who.Skin.Towards(new(0.85f, 0.3f, 0.25f), 0.35);
        foreach (var side in (ReadOnlySpan<int>)[-1, 1])
        {
            Fill(Curves.Ellipse(new(side * 0.46, 0.32), 0.2, 0.15), blush, 0.4, 0.08, _head);
            Fill(Curves.Ellipse(new(side * _who.EyeDistance, -0.02), 0.24, 0.17), _shade, 0.3, 0.07, _head);
        }
        Fill(Curves.Ellipse(new(0, -0.6), 0.35, 0.16), _who.Skin.Times(1.12), 0.4, 0.1, _head);
    }

    /// <summary>Lambert's law on the ellipsoid of the head, brightness and colour of the light over all.</summary>
    private void PaintLight()
    {
        var size = _scene.Size;
        var middle = _scene.ProjectFlat(0, 0);
        var light = _scene.Light;
        for (var y = 0; y < size; y++)
        {
            for (var x = 0; x < size; x++)
            {
                var nx = Math.Clamp((x + 0.5 - middle.X) / Pixels(1.05), -1, 1);
                var ny = Math.Clamp((y + 0.5 - middle.Y) / Pixels(1.25), -1, 1);
                var nz = Math.Sqrt(Math.Max(0, 1 - (nx * nx) - (ny * ny)));
                var lit = (0.55 * ((light.X * nx) + (light.Y * ny))) + (0.75 * (nz - 0.65));
                var pixel = (y * size) + x;
                var k = (float)(_scene.Brightness * (1 + (_scene.Contrast * lit * _canvas.Painted[pixel])));
                var at = 3 * pixel;
                _canvas.Pixels[at] *= k * _scene.Cast.R;
                _canvas.Pixels[at + 1] *= k * _scene.Cast.G;
                _canvas.Pixels[at + 2] *= k * _scene.Cast.B;
            }
        }
    }
}
