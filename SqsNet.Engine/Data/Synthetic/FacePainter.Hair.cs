namespace SqsNet.Engine.Data;

internal sealed partial class FacePainter
{
    private void PaintHairBehind()
    {
        var w = _who.HeadWidth;
        switch (_who.Style)
        {
            case HairStyle.Long:
                PaintBehind(
                    [new(0, -1.14), new(w + 0.1, -0.75), new(w + 0.24, 0.1), new(w + 0.2, 1.3), new(0, 1.45)],
                    _who.Hair.Times(0.8)
                );
                break;
            case HairStyle.Headscarf:
                PaintBehind(
                    [
                        new(0, -1.16),
                        new(w + 0.08, -0.78),
                        new(w + 0.19, 0.1),
                        new(w + 0.1, 0.85),
                        new(w + 0.3, 1.5),
                        new(0, 1.9),
                    ],
                    _who.Scarf.Times(0.85)
                );
                break;
            case HairStyle.Bun:
                _canvas.Fill(OnHead(Curves.Ellipse(new(0, -1.12), 0.34, 0.28)), _who.Hair.Times(0.9));
                PaintBehind(
                    [new(0, -1.08), new(w + 0.05, -0.7), new(w + 0.08, 0), new(w, 0.3), new(0, 0.5)],
                    _who.Hair.Times(0.8)
                );
                break;
            case HairStyle.Curly:
                for (var i = 0; i < 13; i++)
                {
                    var (sin, cos) = Math.SinCos(Math.PI * (-0.04 + (0.09 * i)));
                    Point curl = new((w + 0.08) * cos, -0.08 - (0.98 * sin));
                    _canvas.Fill(OnHead(Curves.Ellipse(curl, 0.24, 0.24)), _who.Hair.Times(0.85 + (0.06 * (i % 2))));
                }
                break;
            default:
                break;
        }
    }

    // The right half of a shape from top to bottom, mirrored.
    private void PaintBehind(Point[] right, Colour colour)
    {
        var outline = right.Concat(right.Skip(1).SkipLast(1).Reverse().Select(p => p with { X = -p.X }));
        _canvas.Fill(OnHead(Curves.Closed([.. outline])), colour);
    }

    private void PaintHairInFront()
    {
        if (_who.Style == HairStyle.Bald)
        {
            Fill(Curves.Ellipse(new(0, -0.75), 0.3, 0.1), _who.Skin.Times(1.25), 0.35, 0.07, _head);
            return;
        }
        var (hairline, top) = Hairline();
        var w = _who.HeadWidth;
        Point[] outer =
        [
            new(-w - 0.03, top),
            new(-w - 0.05, -0.45),
            new(-0.78 * w, -0.88),
            new(-0.3 * w, -1.1),
            new(0.3 * w, -1.1),
            new(0.78 * w, -0.88),
            new(w + 0.05, -0.45),
            new(w + 0.03, top),
        ];
        var region = Curves.Region(OnHead(Curves.Open(outer)), OnHead(Curves.Open(hairline)));
        var scarf = _who.Style == HairStyle.Headscarf;
        var colour = scarf ? _who.Scarf : _who.Hair;
        _canvas.Fill(region, colour);
        var clip = Coverage.Of(region, _scene.Size);
        Point gleam = new(-0.35 * Math.Sign(-_scene.Light.X), -0.82);
        _canvas.Fill(
            OnHead(Curves.Ellipse(gleam, 0.34, 0.12)),
            colour.Times(1.5).Towards(new(1, 1, 1), 0.08),
            0.4,
            Pixels(0.07),
            clip
        );
        // Its shadow on the forehead.
        _canvas.Stroke(
            OnHead(Curves.Open(hairline)),
            Pixels(0.05),
            Pixels(0.05),
            _shade.Times(0.7),
            0.35,
            Pixels(0.03),
            _head
        );
        if (scarf)
            PaintScarfFront();
    }

    /// <summary>The hair's lower edge, from the picture's left to its right, and how far down its sides reach.</summary>
    private (Point[] Hairline, double Top) Hairline()
    {
        var w = _who.HeadWidth;
        var part = _who.PartingOnLeft ? -1 : 1;
        Point[] line = _who.Style switch
        {
            HairStyle.Fringe =>
            [
                new(-w, 0),
                new(-0.86 * w, -0.4),
                new(-0.4, -0.43),
                new(0, -0.46),
                new(0.4, -0.43),
                new(0.86 * w, -0.4),
                new(w, 0),
            ],
            HairStyle.SideParting or HairStyle.Long =>
            [
                new(-w, 0.05),
                new(-0.88 * w, -0.38),
                new(-0.5 * w, -0.6 - (0.1 * part)),
                new(part * 0.28, -0.78),
                new(0.5 * w, -0.6 + (0.1 * part)),
                new(0.88 * w, -0.38),
                new(w, 0.05),
            ],
            HairStyle.Headscarf =>
            [
                new(-0.93 * w, 0.2),
                new(-0.84 * w, -0.4),
                new(-0.4, -0.66),
                new(0, -0.7),
                new(0.4, -0.66),
                new(0.84 * w, -0.4),
                new(0.93 * w, 0.2),
            ],
            _ =>
            [
                new(-w, -0.02),
                new(-0.9 * w, -0.42),
                new(-0.5 * w, -0.66),
                new(0, -0.71),
                new(0.5 * w, -0.66),
                new(0.9 * w, -0.42),
                new(w, -0.02),
            ],
        };
        return (line, line[0].Y);
    }

    private void PaintScarfFront()
    {
        var w = _who.HeadWidth;
        var drop = 0.1 * _jawDrop;
        foreach (var side in (ReadOnlySpan<int>)[-1, 1])
        {
            Point[] edge = Curves.Closed(
                new(side * 0.93 * w, 0.1),
                new(side * 0.86 * w, 0.5),
                new(side * (_who.JawWidth - 0.08), 0.8 + drop),
                new(0, 1.04 + drop),
                new(0, 1.4),
                new(side * (w + 0.2), 1.4),
                new(side * (w + 0.18), 0.3)
            );
            _canvas.Fill(OnHead(edge), _who.Scarf);
        }
        _canvas.Stroke(
            OnHead(Curves.Open(new(-0.55, 1.0 + drop), new(0, 1.12 + drop), new(0.6, 1.0 + drop))),
            Pixels(0.03),
            Pixels(0.03),
            _who.Scarf.Times(0.65),
            0.7,
            Pixels(0.02)
        );
    }

    private void PaintBeard()
    {
        if (_who.Beard <= 0)
            return;
        var drop = 0.13 * _jawDrop;
        var w = _who.HeadWidth;
        var beard = Curves.Closed(
            new(-0.98 * w, 0.12),
            new(-0.8 * w, 0.4),
            new(-0.42, 0.62),
            new(-0.2, 0.76 + drop),
            new(0.2, 0.76 + drop),
            new(0.42, 0.62),
            new(0.8 * w, 0.4),
            new(0.98 * w, 0.12),
            new(w, 0.5),
            new(_who.JawWidth + 0.08, 0.8 + (0.5 * drop)),
            new(0, 1.1 + drop),
            new(-_who.JawWidth - 0.08, 0.8 + (0.5 * drop)),
            new(-w, 0.5)
        );
        _canvas.Fill(OnHead(beard), _who.Hair.Times(0.85), 0.85 * _who.Beard, Pixels(0.03), _head);
    }

    private void PaintMoustache(double width, double lip, double cornerY)
    {
        foreach (var side in (ReadOnlySpan<int>)[-1, 1])
            Line(
                Curves.Open(
                    new(side * 0.02, lip - 0.045),
                    new(side * 0.6 * width, lip - 0.02),
                    new(side * 1.05 * width, cornerY + 0.02)
                ),
                0.075,
                0.03,
                _who.Hair.Times(0.85),
                0.9 * _who.Moustache,
                0.012
            );
    }

    private void PaintCover()
    {
        switch (_who.Cover)
        {
            case Cover.Glasses:
                PaintGlasses(new(0.12f, 0.11f, 0.12f), lens: 0.07);
                break;
            case Cover.Sunglasses:
                PaintGlasses(new(0.08f, 0.08f, 0.09f), lens: 0.93);
                break;
            case Cover.FaceMask:
                PaintFaceMask();
                break;
            case Cover.Cap:
                PaintCap();
                break;
            default:
                break;
        }
    }

    private void PaintGlasses(Colour frame, double lens)
    {
        foreach (var side in (ReadOnlySpan<int>)[-1, 1])
        {
            var x = side * (_who.EyeDistance + 0.01);
            var rim = Curves.Closed(
                new(x - 0.23, -0.13),
                new(x, -0.16),
                new(x + 0.23, -0.13),
                new(x + 0.235, 0.06),
                new(x + 0.12, 0.17),
                new(x - 0.12, 0.17),
                new(x - 0.235, 0.06)
            );
            Fill(rim, lens > 0.5 ? frame : new(0.85f, 0.92f, 1f), lens);
            Line([.. rim, rim[0], rim[1]], 0.034, 0.034, frame, 0.95);
            Line(
                [new(x + (side * 0.235), -0.06), new(side * (_who.HeadWidth + 0.02), -0.05)],
                0.035,
                0.03,
                frame,
                0.95
            );
            Line(
                [new(x - 0.11, -0.07), new(x - 0.03, -0.1)],
                0.02,
                0.035,
                new(1, 1, 1),
                lens > 0.5 ? 0.35 : 0.45,
                0.01
            );
        }
        Line(Curves.Open(new(-0.12, -0.07), new(0, -0.1), new(0.12, -0.07)), 0.034, 0.034, frame, 0.95);
    }

    private void PaintFaceMask()
    {
        var cloth = new Colour(0.72f, 0.82f, 0.88f);
        var drop = 0.1 * _jawDrop;
        var w = _who.HeadWidth;
        var mask = Curves.Closed(
            new(-0.5, 0.2),
            new(0, 0.12),
            new(0.5, 0.2),
            new(0.56, 0.55),
            new(0.36, 0.9 + drop),
            new(0, 1.0 + drop),
            new(-0.36, 0.9 + drop),
            new(-0.56, 0.55)
        );
        foreach (var side in (ReadOnlySpan<int>)[-1, 1])
            Line([new(side * 0.5, 0.25), new(side * w, 0.02)], 0.02, 0.02, cloth, 0.9);
        Fill(mask, cloth);
        for (var fold = 0; fold < 3; fold++)
            Line(
                Curves.Open(
                    new(-0.5, 0.38 + (0.14 * fold)),
                    new(0, 0.4 + (0.14 * fold)),
                    new(0.5, 0.38 + (0.14 * fold))
                ),
                0.015,
                0.015,
                cloth.Times(0.8),
                0.8,
                0.005
            );
    }

    private void PaintCap()
    {
        var w = _who.HeadWidth + 0.08;
        var dome = Curves.Closed(
            new(-w, -0.42),
            new(-0.85 * w, -0.95),
            new(0, -1.2),
            new(0.85 * w, -0.95),
            new(w, -0.42),
            new(0, -0.5)
        );
        var brim = Curves.Closed(
            new(-0.75 * w, -0.5),
            new(0, -0.6),
            new(0.75 * w, -0.5),
            new(0.72 * w, -0.36),
            new(0, -0.42),
            new(-0.72 * w, -0.36)
        );
        _canvas.Fill(
            OnHead(brim).Select(p => p + new Point(0, Pixels(0.05))).ToArray(),
            _shade.Times(0.6),
            0.4,
            Pixels(0.04),
            _head
        );
        _canvas.Fill(OnHead(dome), _who.Scarf);
        _canvas.Fill(OnHead(brim), _who.Scarf.Times(0.72));
    }
}
