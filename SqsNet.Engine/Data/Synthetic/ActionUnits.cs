using SqsNet.Engine.Randomness;

namespace SqsNet.Engine.Data;

/// <summary>A movement of the face, numbered as in the Facial Action Coding System.</summary>
internal enum ActionUnit
{
    InnerBrowRaiser = 1,
    OuterBrowRaiser = 2,
    BrowLowerer = 4,
    UpperLidRaiser = 5,
    CheekRaiser = 6,
    LidTightener = 7,
    NoseWrinkler = 9,
    UpperLipRaiser = 10,
    LipCornerPuller = 12,
    LipCornerDepressor = 15,
    ChinRaiser = 17,
    LipStretcher = 20,
    LipTightener = 23,
    LipsPart = 25,
    JawDrop = 26,
}

/// <summary>How strongly each action unit is at work, 0 (at rest) to about 1 (as far as it goes).</summary>
internal sealed class ActionUnits
{
    private readonly double[] _strengths = new double[27];

    public double this[ActionUnit unit]
    {
        get => _strengths[(int)unit];
        set => _strengths[(int)unit] = Math.Clamp(value, 0, 1.2);
    }

    public ActionUnits Clone()
    {
        var clone = new ActionUnits();
        _strengths.CopyTo(clone._strengths, 0);
        return clone;
    }
}

/// <summary>Which action units make which expression.</summary>
/// <remarks>
/// Prototypes as in Ekman, Friesen and Hager's FACS manual (2002): happiness 6+12, sadness 1+4+15, surprise 1+2+5+26,
/// fear 1+2+4+5+20+26, disgust 9+15 or 10, anger 4+5+7+23; each with the variants that people show.
/// </remarks>
internal static class ExpressionPrototypes
{
    private static readonly ActionUnit[] s_units = Enum.GetValues<ActionUnit>();

    /// <summary>A face at rest: everyone's has a slight expression of its own, which makes neutral faces hard.</summary>
    public static ActionUnits DrawRest(Rng rng)
    {
        var rest = new ActionUnits();
        ReadOnlySpan<ActionUnit> common =
        [
            ActionUnit.InnerBrowRaiser,
            ActionUnit.OuterBrowRaiser,
            ActionUnit.BrowLowerer,
            ActionUnit.LidTightener,
            ActionUnit.LipCornerPuller,
            ActionUnit.LipCornerDepressor,
            ActionUnit.LipsPart,
        ];
        foreach (var unit in common)
            rest[unit] = rng.NextBool(0.4) ? rng.NextDouble(0, 0.22) : 0;
        return rest;
    }

    /// <summary>Adds an expression of random strength and variant to a face at rest.</summary>
    /// <param name="rest">The face at rest.</param>
    /// <param name="expression">Canonical name of the expression.</param>
    /// <param name="rng">Stream of the face's expression.</param>
    public static ActionUnits Draw(ActionUnits rest, string expression, Rng rng)
    {
        var face = rest.Clone();
        // From half of the way to full; few people overdo it.
        var strength = 0.55 + (0.5 * rng.NextBeta(1.6, 1.6));
        foreach (var (unit, share) in Prototype(expression, rng))
        {
            var missing = rng.NextBool(0.1) ? 0.25 : 1;
            face[unit] += strength * share * missing * rng.NextDouble(0.65, 1.15);
        }
        // Muscles that have nothing to do with it, and people who are talking.
        face[s_units[rng.NextInt(s_units.Length)]] += rng.NextDouble(0, 0.25);
        if (rng.NextBool(0.1))
            face[ActionUnit.LipsPart] += rng.NextDouble(0.2, 0.6);
        return face;
    }

    private static (ActionUnit Unit, double Share)[] Prototype(string expression, Rng rng)
    {
        var variant = rng.NextInt(3);
        return expression switch
        {
            "neutral" => [],
            "happiness" =>
            [
                (ActionUnit.CheekRaiser, 0.9),
                (ActionUnit.LipCornerPuller, 1),
                (ActionUnit.LipsPart, variant == 0 ? 0 : 0.9),
                (ActionUnit.JawDrop, variant == 2 ? 0.35 : 0),
            ],
            "sadness" =>
            [
                (ActionUnit.InnerBrowRaiser, 1),
                (ActionUnit.BrowLowerer, 0.55),
                (ActionUnit.LipCornerDepressor, 1),
                (ActionUnit.ChinRaiser, variant == 0 ? 0.2 : 0.8),
                (ActionUnit.LidTightener, variant == 2 ? 0.4 : 0),
            ],
            "surprise" =>
            [
                (ActionUnit.InnerBrowRaiser, 0.9),
                (ActionUnit.OuterBrowRaiser, 1),
                (ActionUnit.UpperLidRaiser, 0.8),
                (ActionUnit.LipsPart, 0.8),
                (ActionUnit.JawDrop, variant == 0 ? 0.5 : 1),
            ],
            "fear" =>
            [
                (ActionUnit.InnerBrowRaiser, 1),
                (ActionUnit.OuterBrowRaiser, 0.5),
                (ActionUnit.BrowLowerer, 0.6),
                (ActionUnit.UpperLidRaiser, 1),
                (ActionUnit.LipStretcher, 1),
                (ActionUnit.LipsPart, variant == 0 ? 0.4 : 0.8),
                (ActionUnit.JawDrop, variant == 2 ? 0.35 : 0.1),
            ],
            "disgust" =>
            [
                (ActionUnit.NoseWrinkler, variant == 2 ? 0.7 : 1),
                (ActionUnit.UpperLipRaiser, variant == 0 ? 0.5 : 1),
                (ActionUnit.BrowLowerer, 0.35),
                (ActionUnit.LidTightener, 0.5),
                (ActionUnit.LipCornerDepressor, variant == 1 ? 0.3 : 0.6),
                (ActionUnit.LipsPart, variant == 1 ? 0.6 : 0),
            ],
            "anger" =>
            [
                (ActionUnit.BrowLowerer, 1),
                (ActionUnit.UpperLidRaiser, 0.45),
                (ActionUnit.LidTightener, 0.7),
                (ActionUnit.LipTightener, variant == 2 ? 0.3 : 1),
                (ActionUnit.UpperLipRaiser, variant == 2 ? 0.5 : 0),
                (ActionUnit.LipsPart, variant == 2 ? 0.9 : 0),
                (ActionUnit.ChinRaiser, variant == 1 ? 0.5 : 0),
            ],
            _ => throw new ArgumentOutOfRangeException(nameof(expression), expression, "not drawn"),
        };
    }
}
