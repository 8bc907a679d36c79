using SqsNet.Engine.Randomness;

namespace SqsNet.Engine.Data;

/// <summary>Faces that the program draws: seven expressions, each a set of local movements of an otherwise random face.</summary>
/// <remarks>Face i of a seed is always the same, whatever else is drawn and on how many cores.</remarks>
internal static class SyntheticFaces
{
    /// <summary>Changes whenever the same seed gives other faces.</summary>
    public const int Version = 2;

    public const int DefaultSize = 64;

    // Shares of the classes: mildly imbalanced, as collections of faces are.
    private static readonly double[] s_shares = [0.2, 0.22, 0.14, 0.13, 0.09, 0.1, 0.12];

    /// <summary>The canonical seven.</summary>
    public static IReadOnlyList<string> Classes { get; } = [.. ExpressionNames.Canonical.Take(7)];

    /// <summary>Number of faces of each class in each split.</summary>
    public static IReadOnlyDictionary<DatasetSplit, IReadOnlyList<int>> CountClasses(SyntheticCounts counts) =>
        new Dictionary<DatasetSplit, IReadOnlyList<int>>
        {
            [DatasetSplit.Train] = Apportion(counts.Train),
            [DatasetSplit.Validation] = Apportion(counts.Validation),
            [DatasetSplit.Test] = Apportion(counts.Test),
        };

    /// <summary>The faces to draw, splits one after the other, classes mixed within each.</summary>
    public static IReadOnlyList<FaceSource> Plan(SyntheticCounts counts, int size, long seed)
    {
        var faces = new List<FaceSource>();
        foreach (var (split, perClass) in CountClasses(counts))
        {
            var labels = perClass.SelectMany((count, label) => Enumerable.Repeat(label, count)).ToArray();
            new Rng(seed, "synthetic/labels", (int)split).Shuffle<int>(labels);
            foreach (var label in labels)
            {
                var number = faces.Count;
                faces.Add(
                    new($"{number:D5}-{Classes[label]}", label, split) { Make = () => Draw(seed, number, label, size) }
                );
            }
        }
        return faces;
    }

    /// <summary>Draws one face and the mask of what its expression changed.</summary>
    /// <param name="seed">Seed of the dataset.</param>
    /// <param name="number">Number of the face.</param>
    /// <param name="label">Class.</param>
    /// <param name="size">Side in pixels.</param>
    /// <param name="portrait">Whether light, pose and camera are kind, for pictures of the drawing itself.</param>
    public static FacePixels Draw(long seed, int number, int label, int size, bool portrait = false)
    {
        var face = new Rng(seed, "synthetic/face", number);
        var who = FaceIdentity.Draw(face.Derive("identity"));
        var rest = ExpressionPrototypes.DrawRest(face.Derive("rest"));
        var units = ExpressionPrototypes.Draw(rest, Classes[label], face.Derive("expression"));
        var scene = FaceScene.Draw(size, face.Derive("scene"));
        if (portrait)
            scene = scene.Portrait();
        var shown = FacePainter.Paint(who, units, scene);
        var mask = Differences(shown, FacePainter.Paint(who, rest, scene), size);
        return new(Photograph(shown, scene, face.Derive("camera")), mask);
    }

    /// <summary>Where two pictures of the same person differ: 0 (not at all) to 255 (clearly).</summary>
    private static byte[] Differences(float[] shown, float[] rest, int size)
    {
        var difference = new float[size * size];
        for (var i = 0; i < shown.Length; i++)
        {
            // As a share of the brightness there: a dark face's brows are as plain to see as a pale one's.
            var change = Math.Abs(shown[i] - rest[i]) / (0.3f + Math.Max(shown[i], rest[i]));
            difference[i / 3] = Math.Max(difference[i / 3], change);
        }
        Blur.Gaussian(difference, size, channels: 1, size / 64.0);
        // Below 3 % the eye sees nothing; from 15 % on it is plain.
        return [.. difference.Select(d => ToByte((d - 0.03f) / 0.12f))];
    }

    private static byte[] Photograph(float[] picture, FaceScene scene, Rng rng)
    {
        if (scene.BlurSigma > 0)
            Blur.Gaussian(picture, scene.Size, channels: 3, scene.BlurSigma * scene.Size);
        var pixels = new byte[picture.Length];
        for (var i = 0; i < pixels.Length; i++)
            pixels[i] = ToByte(Shoulder(picture[i]) + (float)(scene.Noise * rng.NextNormal()));
        return pixels;
    }

    // Bright light nears white slowly, as on film, so that pale faces keep their features.
    private static float Shoulder(float value) =>
        value < 0.75f ? value : 0.75f + (0.25f * (1 - MathF.Exp((0.75f - value) / 0.25f)));

    private static byte ToByte(float value) => (byte)Math.Clamp((int)Math.Round(value * 255), 0, 255);

    /// <summary>Whole numbers in the ratio of the shares that sum to the total, each at least one (largest remainder).</summary>
    private static int[] Apportion(int total)
    {
        var exact = s_shares.Select(s => s * (total - s_shares.Length)).ToArray();
        var counts = exact.Select(e => 1 + (int)e).ToArray();
        var byRemainder = Enumerable.Range(0, exact.Length).OrderByDescending(i => exact[i] - (int)exact[i]);
        foreach (var i in byRemainder.Take(total - counts.Sum()))
            counts[i]++;
        return counts;
    }
}
