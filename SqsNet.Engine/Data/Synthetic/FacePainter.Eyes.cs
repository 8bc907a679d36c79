namespace SqsNet.Engine.Data;

internal sealed partial class FacePainter
{
    /// <summary>One eye; side -1 is at the picture's left.</summary>
    private void PaintEye(int side)
    {
        var open = _who.EyeHeight;
        var tight = _units[ActionUnit.LidTightener];
        var cheek = _units[ActionUnit.CheekRaiser];
        // Drooping lids go with the sad brow: inner part raised and lowered at once.
        var droop = Math.Min(_units[ActionUnit.InnerBrowRaiser], _units[ActionUnit.LipCornerDepressor]);
        var up =
            open
            + (0.062 * _units[ActionUnit.UpperLidRaiser])
            - (0.022 * tight)
            - (0.016 * _units[ActionUnit.BrowLowerer])
            - (0.022 * _units[ActionUnit.NoseWrinkler])
            - (0.028 * droop);
        var down =
            (0.62 * open)
            - (0.036 * tight)
            - (0.05 * cheek)
            - (0.026 * _units[ActionUnit.NoseWrinkler])
            + (0.012 * _units[ActionUnit.UpperLidRaiser]);
        var x = side * _who.EyeDistance;
        var half = _who.EyeWidth;
        Point inner = new(x - (side * half), 0.02 + _who.EyeSlant);
        Point outer = new(x + (side * half), -_who.EyeSlant + (0.02 * droop));
        var upper = Curves.Open(
            inner,
            new(x - (side * 0.5 * half), -0.78 * up),
            new(x + (side * 0.1 * half), -up),
            new(x + (side * 0.62 * half), -0.7 * up),
            outer
        );
        var lower = Curves.Open(
            inner,
            new(x - (side * 0.45 * half), 0.75 * down),
            new(x + (side * 0.1 * half), down),
            new(x + (side * 0.6 * half), 0.8 * down),
            outer
        );
        PaintEyeball(x, half, Curves.Region(upper, lower));
        PaintLids(side, x, half, up, down, upper, lower);
    }

    private void PaintEyeball(double x, double half, Point[] opening)
    {
        var clip = Coverage.Of(OnFace(opening), _scene.Size);
        _canvas.Blend(clip, new(0.955f, 0.945f, 0.93f), 1);
        // The lid's shadow on the white.
        Fill(Curves.Ellipse(new(x, -0.09), half, 0.06), new(0.35f, 0.28f, 0.27f), 0.45, 0.025, clip);
        Point pupil = new(x + (_scene.Gaze.X * half * 2), (_scene.Gaze.Y * half) - 0.006);
        const double radius = 0.088;
        Fill(Curves.Ellipse(pupil, radius, radius), _who.Iris.Times(0.55), 1, 0, clip);
        Fill(Curves.Ellipse(pupil + new Point(0, 0.008), radius * 0.78, radius * 0.78), _who.Iris, 1, 0.012, clip);
        Fill(Curves.Ellipse(pupil, radius * 0.45, radius * 0.45), new(0.04f, 0.03f, 0.03f), 1, 0, clip);
        Point gleam = pupil + new Point(0.03 * Math.Sign(_scene.Light.X), -0.032);
        Fill(Curves.Ellipse(gleam, 0.022, 0.022), new(1, 1, 1), 0.92, 0, clip);
    }

    private void PaintLids(int side, double x, double half, double up, double down, Point[] upper, Point[] lower)
    {
        var lash = _line.Times(0.55);
        Line(upper, 0.022, 0.042, lash);
        Line(lower, 0.01, 0.022, _line, 0.65);
        // The fold above the eye goes away as the lid goes up or the brow comes down.
        var fold = 0.55 - (0.35 * _units[ActionUnit.UpperLidRaiser]) - (0.2 * _units[ActionUnit.BrowLowerer]);
        Line(
            Curves.Open(
                new(x - (side * 0.8 * half), -0.6 * up - 0.03),
                new(x + (side * 0.1 * half), -up - 0.055),
                new(x + (side * half), -0.5 * up - 0.03)
            ),
            0.012,
            0.018,
            _line,
            Math.Max(0.1, fold),
            0.006
        );
        var pouch =
            (0.12 * _who.Age)
            + (0.55 * Math.Max(_units[ActionUnit.CheekRaiser], 0.7 * _units[ActionUnit.LidTightener]));
        Line(
            Curves.Open(
                new(x - (side * 0.75 * half), down + 0.045),
                new(x + (side * 0.1 * half), down + 0.075),
                new(x + (side * 0.95 * half), down + 0.03)
            ),
            0.014,
            0.02,
            _line,
            Math.Min(0.7, pouch),
            0.012
        );
        PaintCrowsFeet(side, x + (side * half));
    }

    private void PaintCrowsFeet(int side, double outer)
    {
        var depth = Math.Min(0.75, (0.2 * _who.Age) + (0.6 * _units[ActionUnit.CheekRaiser]) - 0.12);
        if (depth <= 0)
            return;
        foreach (var rise in (ReadOnlySpan<double>)[-0.055, 0.0, 0.05])
        {
            Line(
                [new(outer + (side * 0.045), 0.01 + (0.4 * rise)), new(outer + (side * 0.135), 0.015 + (1.5 * rise))],
                0.014,
                0.006,
                _line,
                depth,
                0.004,
                _head
            );
        }
    }

    /// <summary>One brow; AU 1 lifts its inner end, AU 2 the outer, AU 4 draws it down and together.</summary>
    private void PaintBrow(int side)
    {
        var inner = _units[ActionUnit.InnerBrowRaiser];
        var outer = _units[ActionUnit.OuterBrowRaiser];
        var lower = _units[ActionUnit.BrowLowerer] + (0.6 * _units[ActionUnit.NoseWrinkler]);
        var y = -_who.BrowHeight - (0.02 * _units[ActionUnit.UpperLidRaiser]);
        var thickness = _who.BrowThickness;
        var start = _who.EyeDistance - (1.02 * _who.EyeWidth);
        var end = _who.EyeDistance + (1.3 * _who.EyeWidth);
        // With AU 1 and 4 together the inner end still goes up: that is the sad brow.
        var innerY = y + 0.02 - (0.155 * inner) + (0.115 * lower * (1 - (0.75 * Math.Min(1, inner))));
        var middleY = y - _who.BrowArch - (0.045 * inner) - (0.085 * outer) + (0.075 * lower);
        var outerY = y - (0.35 * _who.BrowArch) - (0.135 * outer) + (0.02 * lower) + (0.035 * inner * (1 - outer));
        var inwards = 0.055 * lower;
        var brow = Curves.Open(
            new(side * (start - inwards), innerY),
            new(side * (start - inwards + (0.4 * (end - start))), ((innerY + middleY) / 2) - 0.008),
            new(side * (start + (0.68 * (end - start))), middleY),
            new(side * end, outerY + 0.045)
        );
        var colour = _who.Hair.Times(0.7).Towards(_line, 0.3);
        Line(brow, thickness * 1.12, thickness * 0.42, colour, 0.92, 0.01);
    }
}
