using SqsNet.Engine.Randomness;

namespace SqsNet.Engine.Data;

/// <summary>Where the head is, which way it looks, and how the picture was taken.</summary>
internal sealed record FaceScene
{
    // The face as an ellipsoid (half width, half height, half depth): what turns when the head turns.
    private const double HalfWidth = 0.86;
    private const double HalfHeight = 1.12;
    private const double HalfDepth = 0.62;

    private static readonly int[] s_walls =
    [
        0xB8C4CC,
        0xC9B9A6,
        0x8FA3A0,
        0xA79BB5,
        0xD6CFC4,
        0x6F7F8F,
        0x9DB08F,
        0xC4A29A,
    ];

    /// <summary>Side of the picture, in pixels.</summary>
    public required int Size { get; init; }

    /// <summary>Turn to the side, up or down, and tilt, in radians.</summary>
    public required double Yaw { get; init; }
    public required double Pitch { get; init; }
    public required double Roll { get; init; }

    /// <summary>Shift of the head's middle from the picture's, as a share of its side.</summary>
    public required Point Shift { get; init; }

    /// <summary>Half a head's height as a share of the picture's side.</summary>
    public required double Scale { get; init; }

    /// <summary>Where the light comes from, along x and y, -1..1.</summary>
    public required Point Light { get; init; }

    /// <summary>How much darker the shaded side is, 0..1.</summary>
    public required double Contrast { get; init; }
    public required double Brightness { get; init; }
    public required Colour Cast { get; init; }
    public required Colour Wall { get; init; }

    /// <summary>Standard deviation of the blur, as a share of the side.</summary>
    public required double BlurSigma { get; init; }

    /// <summary>Standard deviation of the sensor's noise, 0..1.</summary>
    public required double Noise { get; init; }

    /// <summary>Where the eyes look, in eye widths.</summary>
    public required Point Gaze { get; init; }

    /// <summary>Length in pixels of half a head's height.</summary>
    public double Unit => Scale * Size;

    public static FaceScene Draw(int size, Rng rng) =>
        new()
        {
            Size = size,
            Yaw = 0.1 * Normal(rng),
            Pitch = 0.06 * Normal(rng),
            Roll = 0.035 * Normal(rng),
            Shift = new(0.018 * Normal(rng), -0.1 + (0.018 * Normal(rng))),
            Scale = 0.57 + (0.02 * Normal(rng)),
            Light = new(rng.NextDouble(-1, 1), rng.NextDouble(-1, 0.1)),
            Contrast = rng.NextDouble(0.1, 0.4),
            Brightness = 1 + (0.09 * Normal(rng)),
            Cast = new(
                (float)(1 + (0.035 * Normal(rng))),
                (float)(1 + (0.02 * Normal(rng))),
                (float)(1 + (0.045 * Normal(rng)))
            ),
            Wall = Colour.FromHex(rng.Pick(s_walls)).Times(rng.NextDouble(0.7, 1.1)),
            BlurSigma = rng.NextBool(0.25) ? rng.NextDouble(0.006, 0.014) : 0,
            Noise = rng.NextDouble(0.005, 0.03),
            Gaze = new(0.05 * Normal(rng), 0.03 * Normal(rng)),
        };

    /// <summary>A face seen straight on in even light, for pictures of the drawing itself.</summary>
    public FaceScene Portrait() =>
        this with
        {
            Yaw = Yaw * 0.5,
            Roll = Roll * 0.5,
            Pitch = Pitch * 0.5,
            Noise = 0,
            BlurSigma = 0,
            Contrast = 0.22,
            Brightness = 1.02,
        };

    /// <summary>Pixel of a point on the face.</summary>
    /// <param name="x">Half heads to the picture's right of the middle.</param>
    /// <param name="y">Half heads below the eyes.</param>
    /// <param name="lift">Half heads that it stands out of the face, towards the viewer (the nose).</param>
    public Point Project(double x, double y, double lift = 0)
    {
        var round = 1 - Square(x / HalfWidth) - Square(y / HalfHeight);
        var z = (HalfDepth * Math.Sqrt(Math.Max(0, round))) + lift;
        var (sinYaw, cosYaw) = Math.SinCos(Yaw);
        var (sinPitch, cosPitch) = Math.SinCos(Pitch);
        var (sinRoll, cosRoll) = Math.SinCos(Roll);
        // The head turns about an axis behind its middle, so that its outline stays about where it is.
        var turnedX = (x * cosYaw) + ((z - (0.4 * HalfDepth)) * sinYaw);
        var turnedZ = z * cosYaw;
        var turnedY = (y * cosPitch) + ((turnedZ - (0.4 * HalfDepth)) * sinPitch);
        return Place((turnedX * cosRoll) - (turnedY * sinRoll), (turnedX * sinRoll) + (turnedY * cosRoll));
    }

    /// <summary>Pixel of a point that tilts with the head but does not turn: its outline, hair, ears.</summary>
    public Point ProjectFlat(double x, double y)
    {
        var (sinRoll, cosRoll) = Math.SinCos(Roll);
        return Place((x * cosRoll) - (y * sinRoll), (x * sinRoll) + (y * cosRoll));
    }

    private Point Place(double x, double y) =>
        new(((0.5 + Shift.X) * Size) + (x * Unit), ((0.5 + Shift.Y) * Size) + (y * Unit));

    private static double Square(double v) => v * v;

    private static double Normal(Rng rng) => Math.Clamp(rng.NextNormal(), -2, 2);
}
