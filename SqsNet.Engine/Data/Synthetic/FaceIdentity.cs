using SqsNet.Engine.Randomness;

namespace SqsNet.Engine.Data;

/// <summary>How the hair is worn.</summary>
internal enum HairStyle
{
    Short,
    SideParting,
    Fringe,
    Bald,
    Long,
    Curly,
    Bun,
    Headscarf,
}

/// <summary>What is worn on or before the face.</summary>
internal enum Cover
{
    None,
    Glasses,
    Sunglasses,
    FaceMask,
    Cap,
}

/// <summary>Whose face it is: everything that an expression does not change.</summary>
/// <remarks>Lengths are in half heights of a head: the crown is at -1, the chin at +1, both eyes near 0.</remarks>
internal sealed record FaceIdentity
{
    private static readonly int[] s_skins =
    [
        0xF6D7C3,
        0xF0C4A4,
        0xE3AE86,
        0xD49A6E,
        0xBC8055,
        0x9A633F,
        0x7A4A2E,
        0x573322,
    ];

    private static readonly int[] s_hairs =
    [
        0x1C1715,
        0x2B1D16,
        0x46301F,
        0x6B4526,
        0x9A6A35,
        0xC9A05B,
        0x8E3B1F,
        0x8F8F8F,
        0xD8D6D2,
    ];

    private static readonly int[] s_irises = [0x3B2616, 0x54371E, 0x6F4A22, 0x4D6B4A, 0x4A6F8E, 0x6F7F86];

    private static readonly int[] s_cloths =
    [
        0x33506E,
        0x7A3B45,
        0x3F6650,
        0x5A4A78,
        0xB07B3C,
        0x2F2F38,
        0xC8C4BC,
        0x9C5A6D,
        0x4B7D8C,
    ];

    public required double HeadWidth { get; init; }
    public required double JawWidth { get; init; }
    public required double ChinWidth { get; init; }
    public required double EyeDistance { get; init; }
    public required double EyeWidth { get; init; }
    public required double EyeHeight { get; init; }
    public required double EyeSlant { get; init; }
    public required double BrowThickness { get; init; }
    public required double BrowHeight { get; init; }
    public required double BrowArch { get; init; }
    public required double NoseWidth { get; init; }
    public required double NoseLength { get; init; }
    public required double MouthWidth { get; init; }
    public required double LipThickness { get; init; }
    public required double LipRedness { get; init; }
    public required double Age { get; init; }
    public required double Beard { get; init; }
    public required double Moustache { get; init; }
    public required Colour Skin { get; init; }
    public required Colour Hair { get; init; }
    public required Colour Iris { get; init; }
    public required Colour Cloth { get; init; }
    public required Colour Scarf { get; init; }
    public required HairStyle Style { get; init; }
    public required bool PartingOnLeft { get; init; }
    public required Cover Cover { get; init; }

    public static FaceIdentity Draw(Rng rng)
    {
        var tone = rng.NextDouble(0, s_skins.Length - 1.001);
        var skin = Colour.FromHex(s_skins[(int)tone]).Towards(Colour.FromHex(s_skins[(int)tone + 1]), tone - (int)tone);
        var style = (HairStyle)rng.NextInt(8);
        var beard = style is HairStyle.Short or HairStyle.SideParting or HairStyle.Bald && rng.NextBool(0.3);
        // Dark skin seldom goes with light hair; grey comes with age.
        var age = rng.NextBeta(1.2, 2.2);
        var hairs =
            age > 0.6 ? s_hairs.Length
            : tone > 3 ? 4
            : 7;
        return new()
        {
            HeadWidth = 0.76 + (0.045 * Normal(rng)),
            JawWidth = 0.60 + (0.04 * Normal(rng)),
            ChinWidth = 0.27 + (0.03 * Normal(rng)),
            EyeDistance = 0.335 + (0.018 * Normal(rng)),
            EyeWidth = 0.175 + (0.012 * Normal(rng)),
            EyeHeight = 0.092 + (0.012 * Normal(rng)),
            EyeSlant = 0.018 * Normal(rng),
            BrowThickness = 0.068 + (0.017 * Normal(rng)),
            BrowHeight = 0.27 + (0.022 * Normal(rng)),
            BrowArch = 0.05 + (0.015 * Normal(rng)),
            NoseWidth = 0.15 + (0.02 * Normal(rng)),
            NoseLength = 0.35 + (0.025 * Normal(rng)),
            MouthWidth = 0.275 + (0.022 * Normal(rng)),
            LipThickness = 0.075 + (0.013 * Normal(rng)),
            LipRedness = rng.NextDouble(0.25, 0.75),
            Age = age,
            Beard = beard ? rng.NextDouble(0.35, 0.9) : 0,
            Moustache = beard || rng.NextBool(0.03) ? rng.NextDouble(0.4, 0.95) : 0,
            Skin = skin,
            Hair = Colour.FromHex(s_hairs[rng.NextInt(hairs)]).Times(rng.NextDouble(0.85, 1.12)),
            Iris = Colour.FromHex(s_irises[rng.NextInt(tone > 3.5 ? 3 : s_irises.Length)]),
            Cloth = Colour.FromHex(rng.Pick(s_cloths)),
            Scarf = Colour.FromHex(rng.Pick(s_cloths)).Times(rng.NextDouble(0.9, 1.15)),
            Style = style,
            PartingOnLeft = rng.NextBool(0.5),
            Cover = rng.NextDouble() switch
            {
                < 0.16 => Cover.Glasses,
                < 0.19 => Cover.Sunglasses,
                < 0.215 => Cover.FaceMask,
                < 0.25 => Cover.Cap,
                _ => Cover.None,
            },
        };
    }

    // Normal, but never further than two deviations: nobody's eyes meet.
    private static double Normal(Rng rng) => Math.Clamp(rng.NextNormal(), -2, 2);
}
