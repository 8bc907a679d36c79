namespace SqsNet.Engine.Data;

/// <summary>Faces by class.</summary>
public sealed class FacePool
{
    private readonly int[][] _faces;
    private readonly Dictionary<int, int> _labels;

    /// <summary>Sorts faces into their classes.</summary>
    /// <param name="faces">Indices of faces, each once.</param>
    /// <param name="label">Class number of a face, 0 or more.</param>
    /// <exception cref="ArgumentException">A face is given twice.</exception>
    public FacePool(IEnumerable<int> faces, Func<int, int> label)
    {
        _labels = faces.ToDictionary(face => face, label);
        var byClass = _labels.GroupBy(pair => pair.Value).ToDictionary(g => g.Key, g => g.Select(p => p.Key).Order());
        var count = byClass.Count == 0 ? 0 : byClass.Keys.Max() + 1;
        _faces = [.. Enumerable.Range(0, count).Select(c => byClass.TryGetValue(c, out var own) ? own.ToArray() : [])];
        Classes = [.. Enumerable.Range(0, count).Where(c => _faces[c].Length > 0)];
    }

    /// <summary>Classes that have a face, ascending.</summary>
    public IReadOnlyList<int> Classes { get; }

    /// <summary>Number of faces.</summary>
    public int Count => _labels.Count;

    /// <summary>Faces of a class, ascending; none where the class is unknown.</summary>
    public IReadOnlyList<int> Of(int label) => label >= 0 && label < _faces.Length ? _faces[label] : [];

    /// <summary>Class number of a face.</summary>
    /// <exception cref="KeyNotFoundException">The face is not in the pool.</exception>
    public int Label(int face) => _labels[face];
}
