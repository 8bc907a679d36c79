using System.Globalization;
using SqsNet.Engine.Similarity;

namespace SqsNet.Web.Components.Trials;

/// <summary>What the inspector's browser module shows; equal when there is nothing new to show.</summary>
/// <param name="Maps">Address of the quad's maps, without the epoch.</param>
/// <param name="Faces">The four faces: A, P, N1, N2.</param>
/// <param name="Epochs">Epochs that have maps, rising.</param>
/// <param name="Epoch">The epoch to show; null while there is none.</param>
/// <param name="Layer">What lies over the faces: "similarity", "norm" or "attention".</param>
/// <param name="Opacity">Opacity of the maps, 0 to 1.</param>
/// <param name="Smooth">Whether values are interpolated between cells.</param>
/// <param name="Stretch">Whether the colour scales end at the values that occur; else S runs from 0 to 1.</param>
/// <param name="Outline">Whether the regions that make the expression are outlined.</param>
/// <param name="Trained">The trial's hyperparameters.</param>
/// <param name="Tried">Those that are tried in place of the trial's.</param>
/// <param name="About">What the pictures are of, line by line, for those who take them away.</param>
public sealed record InspectorOptions(
    string Maps,
    EqualList<InspectedFace> Faces,
    EqualList<int> Epochs,
    int? Epoch,
    string Layer,
    double Opacity,
    bool Smooth,
    bool Stretch,
    bool Outline,
    TrainedValues Trained,
    TriedValues Tried,
    EqualList<string> About
);

/// <summary>One face of the quad.</summary>
/// <param name="Role">"A", "P", "N1" or "N2".</param>
/// <param name="Label">Its class. Any text.</param>
/// <param name="Url">Address of the face.</param>
/// <param name="Mask">Address of its mask; null where there is none.</param>
public sealed record InspectedFace(string Role, string Label, string Url, string? Mask);

/// <summary>The six hyperparameters as a trial has them.</summary>
public sealed record TrainedValues(
    double Tau,
    double Alpha,
    double Beta,
    double Gamma,
    double Margin,
    double Lambda,
    bool Learnable
)
{
    public static TrainedValues Of(SqsSpec sqs) =>
        new(sqs.Tau, sqs.Alpha, sqs.Beta, sqs.Gamma, sqs.Margin, sqs.Lambda, sqs.Learnable);
}

/// <summary>Hyperparameters to try, by their names in the specification; equal with equal values.</summary>
public sealed class TriedValues : SortedDictionary<string, double>, IEquatable<TriedValues>
{
    private static readonly string[] s_names = ["alpha", "beta", "gamma", "lambda", "margin", "tau"];

    public TriedValues()
        : base(StringComparer.Ordinal) { }

    /// <summary>Reads "tau:0.5;alpha:2"; what is something else is left out.</summary>
    public static TriedValues Parse(string? text)
    {
        var tried = new TriedValues();
        foreach (var part in (text ?? "").Split(';'))
            if (
                part.Split(':') is [var name, var value]
                && s_names.Contains(name)
                && double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                && number is >= 0 and <= 1e6
                && (name != "tau" || number > 0)
            )
                tried[name] = number;
        return tried;
    }

    /// <summary>Writes them; null for none.</summary>
    public static string? Write(IReadOnlyDictionary<string, double> tried) =>
        tried.Count == 0
            ? null
            : string.Join(
                ';',
                tried
                    .OrderBy(one => one.Key, StringComparer.Ordinal)
                    .Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.Key}:{one.Value}"))
            );

    public bool Equals(TriedValues? other) => other is not null && this.SequenceEqual(other);

    public override bool Equals(object? obj) => Equals(obj as TriedValues);

    public override int GetHashCode() => Count;
}

/// <summary>A list that equals another with equal items.</summary>
public sealed class EqualList<T>(IEnumerable<T> items) : List<T>(items), IEquatable<EqualList<T>>
{
    public bool Equals(EqualList<T>? other) => other is not null && this.SequenceEqual(other);

    public override bool Equals(object? obj) => Equals(obj as EqualList<T>);

    public override int GetHashCode() => Count;
}
