namespace SqsNet.Web.Components.Trials;

/// <summary>What the inspector's browser module shows; equal when there is nothing new to show.</summary>
/// <param name="Maps">Address of the quad's maps, without the epoch.</param>
/// <param name="Faces">The four faces: A, P, N1, N2.</param>
/// <param name="Epochs">Epochs that have maps, rising.</param>
/// <param name="Epoch">The epoch to show; null while there is none.</param>
/// <param name="Opacity">Opacity of the maps, 0 to 1.</param>
/// <param name="Smooth">Whether values are interpolated between cells.</param>
/// <param name="Stretch">Whether the colour scales end at the values that occur; else S runs from 0 to 1.</param>
/// <param name="Outline">Whether the regions that make the expression are outlined.</param>
/// <param name="Reach">Largest |R| that the hyperparameters allow: the ends of R's fixed scale.</param>
/// <param name="Margin">The loss's margin m.</param>
public sealed record InspectorOptions(
    string Maps,
    EqualList<InspectedFace> Faces,
    EqualList<int> Epochs,
    int? Epoch,
    double Opacity,
    bool Smooth,
    bool Stretch,
    bool Outline,
    double Reach,
    double Margin
);

/// <summary>One face of the quad.</summary>
/// <param name="Role">"A", "P", "N1" or "N2".</param>
/// <param name="Label">Its class. Any text.</param>
/// <param name="Url">Address of the face.</param>
/// <param name="Mask">Address of its mask; null where there is none.</param>
public sealed record InspectedFace(string Role, string Label, string Url, string? Mask);

/// <summary>A list that equals another with equal items.</summary>
public sealed class EqualList<T>(IEnumerable<T> items) : List<T>(items), IEquatable<EqualList<T>>
{
    public bool Equals(EqualList<T>? other) => other is not null && this.SequenceEqual(other);

    public override bool Equals(object? obj) => Equals(obj as EqualList<T>);

    public override int GetHashCode() => Count;
}
