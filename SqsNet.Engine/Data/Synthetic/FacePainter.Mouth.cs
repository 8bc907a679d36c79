namespace SqsNet.Engine.Data;

internal sealed partial class FacePainter
{
    private void PaintMouth()
    {
        var smile = _units[ActionUnit.LipCornerPuller];
        var frown = _units[ActionUnit.LipCornerDepressor];
        var stretch = _units[ActionUnit.LipStretcher];
        var tight = _units[ActionUnit.LipTightener];
        var raised = _units[ActionUnit.UpperLipRaiser] + (0.45 * _units[ActionUnit.NoseWrinkler]);
        var chin = _units[ActionUnit.ChinRaiser];
        var parted = (0.05 * _units[ActionUnit.LipsPart]) + (0.045 * raised * Math.Min(1, _units[ActionUnit.LipsPart]));
        var dropped = 0.21 * _jawDrop;

        var width =
            _who.MouthWidth * (1 + (0.34 * smile) + (0.3 * stretch) - (0.1 * tight) - (0.2 * _jawDrop * (1 - smile)));
        var y = 0.56 - (0.015 * smile) + (0.01 * frown) - (0.02 * chin);
        var cornerY = y - (0.115 * smile) + (0.105 * frown) + (0.02 * stretch) + (0.35 * dropped);
        var upperY = y - (0.07 * raised) - (0.3 * parted) + (0.025 * smile) - (0.03 * frown) - (0.03 * chin);
        var lowerY = upperY + parted + dropped + (0.006 * raised) + (smile * parted * 0.8);
        var thin = 1 - (0.5 * Math.Min(1, tight)) - (0.15 * smile) - (0.12 * stretch);
        var upperLip = _who.LipThickness * 0.85 * thin;
        var lowerLip = _who.LipThickness * 1.15 * thin * (1 + (0.2 * chin));

        Point left = new(-width, cornerY);
        Point right = new(width, cornerY);
        Point[] Arc(double middle, double flat)
        {
            var side = middle + ((cornerY - middle) * flat);
            return Curves.Open(left, new(-0.55 * width, side), new(0, middle), new(0.55 * width, side), right);
        }
        var innerUpper = Arc(upperY, 0.22);
        var innerLower = Arc(lowerY, 0.2);
        var outerUpper = Curves.Open(
            left,
            new(-0.55 * width, upperY + ((cornerY - upperY) * 0.3) - (0.72 * upperLip)),
            new(-0.17 * width, upperY - upperLip),
            new(0, upperY - (0.8 * upperLip)),
            new(0.17 * width, upperY - upperLip),
            new(0.55 * width, upperY + ((cornerY - upperY) * 0.3) - (0.72 * upperLip)),
            right
        );
        var outerLower = Arc(lowerY + lowerLip, 0.3);
        PaintInside(innerUpper, innerLower, width, upperY, lowerY);
        PaintLips(innerUpper, innerLower, outerUpper, outerLower, lowerY + lowerLip, width);
        PaintMoustache(width, upperY - upperLip, cornerY);
    }

    private void PaintInside(Point[] upper, Point[] lower, double width, double upperY, double lowerY)
    {
        if (lowerY - upperY < 0.004)
            return;
        var clip = Coverage.Of(OnFace(Curves.Region(upper, lower)), _scene.Size);
        _canvas.Blend(clip, new(0.24f, 0.06f, 0.07f), 1);
        Fill(Curves.Ellipse(new(0, lowerY + 0.05), width * 0.55, 0.12), new(0.75f, 0.33f, 0.34f), 0.9, 0.02, clip);
        var teeth = new Colour(0.95f, 0.93f, 0.89f);
        // Upper teeth hang from the lip line; a hanging jaw shows less of them.
        var reach = Math.Max(0.04, 0.085 - (0.04 * _jawDrop));
        Fill(Curves.Ellipse(new(0, upperY - 0.04), width * 0.92, 0.04 + reach), teeth, 0.95, 0.004, clip);
        if (_units[ActionUnit.LipStretcher] + _units[ActionUnit.UpperLipRaiser] > 0.5)
            Fill(Curves.Ellipse(new(0, lowerY + 0.03), width * 0.7, 0.05), teeth.Times(0.93), 0.85, 0.004, clip);
    }

    private void PaintLips(
        Point[] innerUpper,
        Point[] innerLower,
        Point[] outerUpper,
        Point[] outerLower,
        double bottom,
        double width
    )
    {
        var lips = _who.Skin.Towards(new(0.72f, 0.22f, 0.24f), _who.LipRedness).Times(0.9);
        Fill(Curves.Region(outerUpper, innerUpper), lips.Times(0.88));
        Fill(Curves.Region(innerLower, outerLower), lips);
        // Light on the lower lip, shade under it, the line between the lips.
        Fill(Curves.Ellipse(new(0, bottom - 0.045), width * 0.4, 0.016), lips.Times(1.35), 0.5, 0.012);
        Fill(Curves.Ellipse(new(0, bottom + 0.05), width * 0.5, 0.022), _shade.Times(0.85), 0.55, 0.02);
        Line(innerUpper, 0.022, 0.022, _line.Times(0.7).Towards(new(0.3f, 0.05f, 0.06f), 0.4), 0.9);
        foreach (var corner in (ReadOnlySpan<Point>)[innerUpper[0], innerUpper[^1]])
            Fill(Curves.Ellipse(corner, 0.022, 0.022), _line, 0.55, 0.01);
    }

    private void PaintNose()
    {
        var wrinkle = _units[ActionUnit.NoseWrinkler];
        var up = (0.05 * wrinkle) + (0.02 * _units[ActionUnit.UpperLipRaiser]);
        var half = _who.NoseWidth * (1 + (0.12 * wrinkle) + (0.1 * _units[ActionUnit.LipCornerPuller]));
        var tip = _who.NoseLength - up;
        var shaded = _scene.Light.X > 0 ? -1 : 1;
        _canvas.Fill(
            OnFace([new(shaded * 0.05, -0.1), new(shaded * 0.035, tip - 0.1), new(shaded * half, tip)], 0.06),
            _shade,
            0.55,
            Pixels(0.03)
        );
        _canvas.Fill(
            OnFace(Curves.Ellipse(new(-shaded * 0.012, tip - 0.12), 0.03, 0.16), 0.1),
            _who.Skin.Times(1.18),
            0.5,
            Pixels(0.02)
        );
        foreach (var side in (ReadOnlySpan<int>)[-1, 1])
        {
            var wing = Curves.Open(
                new(side * half * 0.86, tip - 0.075),
                new(side * half, tip - 0.02),
                new(side * half * 0.86, tip + 0.03),
                new(side * half * 0.5, tip + 0.02)
            );
            _canvas.Stroke(OnFace(wing, 0.05), Pixels(0.012), Pixels(0.024), _line, 0.6, Pixels(0.006));
            var nostril = Curves.Ellipse(new(side * half * 0.46, tip + 0.025), 0.034, 0.017, corners: 12);
            _canvas.Fill(OnFace(nostril, 0.08), _line.Times(0.6), 0.8);
        }
        _canvas.Fill(OnFace(Curves.Ellipse(new(0, tip + 0.06), half * 0.7, 0.02), 0.05), _shade, 0.6, Pixels(0.02));
    }

    /// <summary>Folds and furrows: those of age, and those that action units dig.</summary>
    private void PaintFolds()
    {
        var smile = _units[ActionUnit.LipCornerPuller];
        var wrinkle = _units[ActionUnit.NoseWrinkler];
        var cheeks = Math.Min(
            0.8,
            (0.25 * _who.Age) + (0.5 * smile) + (0.55 * wrinkle) + (0.35 * _units[ActionUnit.UpperLipRaiser])
        );
        var cornerX = _who.MouthWidth * (1.32 + (0.34 * smile) + (0.15 * _units[ActionUnit.LipStretcher]));
        foreach (var side in (ReadOnlySpan<int>)[-1, 1])
        {
            var fold = Curves.Open(
                new(side * (_who.NoseWidth + 0.035), 0.27 - (0.05 * wrinkle)),
                new(side * (cornerX - 0.02), 0.42 - (0.02 * smile)),
                new(side * (cornerX + 0.015), 0.55 - (0.03 * smile))
            );
            Line(fold, 0.026, 0.012, _line, cheeks, 0.012, _head);
            Fill(
                Curves.Ellipse(new(side * 0.44, 0.25), 0.15, 0.1),
                _who.Skin.Times(1.14),
                0.5 * Math.Min(1, _units[ActionUnit.CheekRaiser]),
                0.05,
                _head
            );
        }
        PaintForehead();
        PaintNoseWrinkles(wrinkle);
        var chin = _units[ActionUnit.ChinRaiser];
        Fill(
            Curves.Ellipse(new(0, 0.83 + (0.1 * _jawDrop)), 0.12, 0.05),
            _shade,
            0.25 + (0.6 * Math.Min(1, chin)),
            0.035,
            _head
        );
    }

    private void PaintForehead()
    {
        var raised = Math.Max(_units[ActionUnit.OuterBrowRaiser], 0.8 * _units[ActionUnit.InnerBrowRaiser]);
        var depth = Math.Min(0.6, (0.15 * _who.Age) + (0.6 * raised) - 0.1);
        var width = 0.2 + (0.2 * _units[ActionUnit.OuterBrowRaiser]);
        for (var row = 0; row < 3 && depth > 0; row++)
        {
            var y = -0.5 - (0.075 * row);
            Line(
                Curves.Open(
                    new(-width, y + 0.01),
                    new(-width / 2, y - 0.012),
                    new(width / 2, y - 0.012),
                    new(width, y + 0.01)
                ),
                0.016,
                0.016,
                _line,
                depth * (1 - (0.22 * row)),
                0.008,
                _head
            );
        }
        var furrow = Math.Min(0.85, (0.15 * _who.Age) + (0.8 * _units[ActionUnit.BrowLowerer]) - 0.1);
        foreach (var side in (ReadOnlySpan<int>)[-1, 1])
            Line(
                [new(side * 0.045, -_who.BrowHeight - 0.06), new(side * 0.062, -_who.BrowHeight + 0.09)],
                0.022,
                0.012,
                _line,
                Math.Max(0, furrow),
                0.006,
                _head
            );
    }

    private void PaintNoseWrinkles(double wrinkle)
    {
        for (var row = 0; row < 3; row++)
        {
            var y = -0.06 + (0.065 * row);
            Line(
                Curves.Open(new(-0.1, y + 0.03), new(0, y), new(0.1, y + 0.03)),
                0.018,
                0.018,
                _line,
                Math.Min(0.75, 0.75 * wrinkle),
                0.008,
                _head
            );
        }
    }
}
