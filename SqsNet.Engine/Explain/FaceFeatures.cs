using SqsNet.Engine.Data;
using SqsNet.Engine.Losses;
using SqsNet.Engine.Models;
using SqsNet.Engine.Randomness;
using SqsNet.Engine.Similarity;
using SqsNet.Torch;
using static SqsNet.Torch.torch;

namespace SqsNet.Engine.Explain;

/// <summary>Fused maps of some faces of each class, kept in memory to compare many of them with one another.</summary>
/// <param name="stamp">Names the weights and the dataset's faces, as <see cref="ExplainedModel.Stamp"/>.</param>
/// <param name="network">The network, in evaluation mode.</param>
/// <param name="sqs">The SQS module's hyperparameters.</param>
internal sealed class FaceFeatures(string stamp, SqsNetModel network, SqsSpec sqs) : IDisposable
{
    private const int AtOnce = 64;
    private const int Quads = 256;
    private const int PairsOfClasses = 400;

    private readonly List<int> _faces = [];
    private readonly List<int> _labels = [];
    private readonly List<Tensor> _maps = []; // (b, D, H, W) each

    /// <summary>Names the weights that the maps are of.</summary>
    public string Stamp { get; } = stamp;

    /// <summary>Adds faces.</summary>
    /// <param name="faces">Indices of b faces.</param>
    /// <param name="labels">Their classes.</param>
    /// <param name="images">The faces, normalised, shape (b, 3, S, S).</param>
    public void Add(IReadOnlyList<int> faces, IEnumerable<int> labels, Tensor images)
    {
        using var noGrad = no_grad();
        _maps.Add(network.ForwardMap(images).DetachFromDisposeScope());
        _faces.AddRange(faces);
        _labels.AddRange(labels);
    }

    /// <summary>Quads of the faces, the hardest first.</summary>
    public IReadOnlyList<FoundQuad> Rank(QuadSearch search)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var rng = new Rng(search.Draw, "quads to look at");
        var pool = new FacePool(Enumerable.Range(0, _faces.Count), i => _labels[i]);
        var quads = Enumerable.Range(0, Quads).Select(_ => Draw(pool, search, rng)).OfType<int[]>().ToList();
        var maps = cat([.. _maps]);
        var found = new List<FoundQuad>();
        foreach (var some in quads.DistinctBy(quad => string.Join(' ', quad)).Chunk(AtOnce))
        {
            using var inner = NewDisposeScope();
            var roles = Enumerable.Range(0, 4).Select(role => Select(maps, some.Select(quad => quad[role]))).ToArray();
            var output = network.ForwardQuads(roles[0], roles[1], roles[2], roles[3], sqs);
            for (var q = 0; q < some.Length; q++)
                found.Add(
                    new(
                        [.. some[q].Select(i => _faces[i])],
                        [.. some[q].Select(i => _labels[i])],
                        QuadMarginLoss
                            .Compute(
                                output.SAP.narrow(0, q, 1),
                                output.SAN1.narrow(0, q, 1),
                                output.SAN2.narrow(0, q, 1),
                                sqs.Margin
                            )
                            .ToDouble()
                    )
                );
        }
        return [.. found.OrderByDescending(quad => quad.Loss)];
    }

    /// <summary>Mean similarity map of faces of two classes, or of different faces of one.</summary>
    /// <returns>Null where there are no two faces.</returns>
    public ClassPairMap? Compare(int a, int b)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var rng = new Rng(0, "pairs of classes").Derive("pair", a, b);
        var (first, second) = (Of(a), Of(b));
        if (first.Count == 0 || second.Count == 0 || (a == b && first.Count < 2))
            return null;
        var pairs = Enumerable
            .Range(0, PairsOfClasses)
            .Select(i => (First: first[i % first.Count], Second: rng.Pick(second)))
            .Where(pair => pair.First != pair.Second)
            .ToList();
        var maps = cat([.. _maps]);
        Tensor? sum = null;
        foreach (var some in pairs.Chunk(AtOnce))
        {
            using var inner = NewDisposeScope();
            var similarity = SpatialSimilarity
                .Compute(
                    Select(maps, some.Select(pair => pair.First)),
                    Select(maps, some.Select(pair => pair.Second)),
                    sqs.Tau,
                    sqs.Normalize
                )
                .sum(0);
            sum = (sum is null ? similarity : sum + similarity).MoveToOuterDisposeScope();
        }
        var mean = (sum! / pairs.Count).to(float32);
        return new(a, b, pairs.Count, [.. mean.ToArray<float>().Chunk((int)mean.size(1))]);
    }

    /// <summary>Rows and columns of a map.</summary>
    public (int Height, int Width) Shape => ((int)_maps[0].size(2), (int)_maps[0].size(3));

    /// <summary>Number of faces of a class.</summary>
    public int Count(int label) => Of(label).Count;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var maps in _maps)
            maps.Dispose();
    }

    private List<int> Of(int label) => [.. Enumerable.Range(0, _faces.Count).Where(i => _labels[i] == label)];

    /// <summary>A quad of the classes that are asked for; null where a class has too few faces.</summary>
    private static int[]? Draw(FacePool pool, QuadSearch search, Rng rng)
    {
        var own = search.Anchor ?? rng.Pick(pool.Classes);
        var others = pool.Classes.Where(c => c != own).ToArray();
        if (pool.Of(own).Count < 2 || others.Length == 0)
            return null;
        var first = search.Negative1 ?? rng.Pick(others);
        var second = search.Negative2 ?? rng.Pick(others.Length > 1 ? [.. others.Where(c => c != first)] : others);
        if (pool.Of(first).Count == 0 || pool.Of(second).Count == 0)
            return null;
        var two = pool.Of(own).ToArray();
        rng.Shuffle<int>(two);
        return [two[0], two[1], rng.Pick(pool.Of(first)), rng.Pick(pool.Of(second))];
    }

    private static Tensor Select(Tensor maps, IEnumerable<int> at) =>
        maps.index_select(0, tensor<long>([.. at.Select(i => (long)i)]).to(maps.device));
}
