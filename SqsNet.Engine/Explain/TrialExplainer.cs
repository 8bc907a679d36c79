using SqsNet.Engine.Data;
using SqsNet.Engine.Randomness;
using SqsNet.Engine.Training;

namespace SqsNet.Engine.Explain;

/// <summary>
/// Shows pictures of faces to the best weights of trials: probabilities, where they come from, and the training faces
/// that look most alike to the network.
/// </summary>
/// <remarks>Keeps the two trials that were asked for last in memory, for a few minutes.</remarks>
/// <param name="datasets">The registered datasets.</param>
/// <param name="options">Where trials are, and what of the machine it may use.</param>
public sealed class TrialExplainer(DatasetRegistry datasets, EngineOptions options) : IDisposable
{
    /// <summary>Bytes of the largest picture that is looked at.</summary>
    public const int LargestPicture = 20 << 20;

    private const int Kept = 2;
    private const int FacesAtOnce = 64;
    private const int FacesForQuads = 16; // of each class
    private const int FacesForClasses = 200;
    private static readonly TimeSpan s_idle = TimeSpan.FromMinutes(5);

    private readonly SemaphoreSlim _indexing = new(1);
    private readonly Lock _lock = new();
    private readonly List<ExplainedModel> _loaded = []; // on the inference thread alone; the last used is the last
    private InferenceThread? _thread;

    private InferenceThread Thread
    {
        get
        {
            lock (_lock)
                return _thread ??= new("explanations", s_idle, Forget);
        }
    }

    /// <summary>Looks at one picture with a trial's best weights.</summary>
    /// <param name="trialId">The trial.</param>
    /// <param name="picture">A whole JPEG, PNG or BMP file; the middle of it, in the shape of the dataset's faces, is taken.</param>
    /// <param name="cancellationToken">Gives up before it begins.</param>
    /// <exception cref="InvalidOperationException">The trial has no weights yet, or its dataset is gone.</exception>
    /// <exception cref="InvalidDataException">The picture or the weights are damaged.</exception>
    public Task<FaceExplanation> ExplainAsync(long trialId, byte[] picture, CancellationToken cancellationToken) =>
        Thread.RunAsync(() => Loaded(trialId).Explain(picture), cancellationToken);

    /// <summary>Whether <see cref="NearestAsync"/> would answer at once, as the training faces were looked at before.</summary>
    /// <param name="explained">What the trial made of the picture.</param>
    /// <param name="cancellationToken">Gives up before it begins.</param>
    /// <exception cref="InvalidOperationException">The trial has other weights by now, or its dataset is gone.</exception>
    public Task<bool> KnowsTrainingFacesAsync(FaceExplanation explained, CancellationToken cancellationToken) =>
        Thread.RunAsync(() => KnownIndex(Same(explained)) is not null, cancellationToken);

    /// <summary>
    /// The training faces that look most like an explained one to the network. The first time for a trial's weights all
    /// its training faces are looked at, which takes as long as an evaluation of them; pictures in between do not wait.
    /// </summary>
    /// <param name="explained">What the trial made of the picture.</param>
    /// <param name="count">How many faces, 1 or more.</param>
    /// <param name="progress">Told the share of the training faces that was looked at; null for nobody.</param>
    /// <param name="cancellationToken">Gives up between faces.</param>
    /// <returns>Nearest first.</returns>
    /// <exception cref="InvalidOperationException">The trial has other weights by now, or its dataset is gone.</exception>
    /// <exception cref="InvalidDataException">The weights are damaged.</exception>
    public async Task<IReadOnlyList<NearestFace>> NearestAsync(
        FaceExplanation explained,
        int count,
        IProgress<double>? progress,
        CancellationToken cancellationToken
    )
    {
        var thread = Thread;
        await _indexing.WaitAsync(cancellationToken); // a second page waits for the first one's work
        try
        {
            var index = await thread.RunAsync(() => KnownIndex(Same(explained)), cancellationToken);
            if (index is null)
            {
                var train = await thread.RunAsync(() => Same(explained).Train, cancellationToken);
                var features = new List<float>(train.Count * explained.Feature.Count);
                foreach (var faces in train.Chunk(FacesAtOnce))
                {
                    features.AddRange(await thread.RunAsync(() => Same(explained).Features(faces), cancellationToken));
                    progress?.Report((double)features.Count / features.Capacity);
                }
                index = new FaceIndex(explained.Stamp, train, [.. features]);
                index.Save(options.TrialDirectory(explained.TrialId));
            }
            return await thread.RunAsync(
                () =>
                {
                    var model = Same(explained);
                    model.Index = index;
                    return index.Nearest(explained.Feature, count, model.Label);
                },
                cancellationToken
            );
        }
        finally
        {
            _indexing.Release();
        }
    }

    /// <summary>The similarity maps of any four faces of the trial's dataset.</summary>
    /// <param name="trialId">The trial.</param>
    /// <param name="quad">Indices of A, P, N1 and N2 in the dataset.</param>
    /// <param name="cancellationToken">Gives up before it begins.</param>
    /// <returns>The epoch of the best weights, and the maps.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The dataset has no such face.</exception>
    /// <exception cref="InvalidOperationException">The trial has no SQS module or no weights yet, or its dataset is gone.</exception>
    /// <exception cref="InvalidDataException">The weights are damaged.</exception>
    public Task<(int Epoch, SimilarityMaps Maps)> MapsAsync(
        long trialId,
        IReadOnlyList<int> quad,
        CancellationToken cancellationToken
    ) =>
        Thread.RunAsync(
            () =>
            {
                var model = Loaded(trialId);
                return (model.Epoch, model.Maps(quad));
            },
            cancellationToken
        );

    /// <summary>Quads of validation faces (training faces where there are none), the hardest first.</summary>
    /// <param name="trialId">The trial.</param>
    /// <param name="search">Which are looked for.</param>
    /// <param name="cancellationToken">Gives up between faces.</param>
    /// <returns>Some hundred; none where a class has too few faces.</returns>
    /// <exception cref="InvalidOperationException">The trial has no SQS module or no weights yet, or its dataset is gone.</exception>
    /// <exception cref="InvalidDataException">The weights are damaged.</exception>
    public async Task<IReadOnlyList<FoundQuad>> FindQuadsAsync(
        long trialId,
        QuadSearch search,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(search);
        int?[] wanted = [search.Anchor, search.Negative1, search.Negative2];
        using var features = await GatherAsync(
            trialId,
            label => wanted.Contains(null) || wanted.Contains(label),
            FacesForQuads,
            search.Draw,
            null,
            cancellationToken
        );
        return await Thread.RunAsync(
            () =>
            {
                Same(trialId, features.Stamp);
                return features.Rank(search);
            },
            cancellationToken
        );
    }

    /// <summary>Mean similarity maps of each two classes over the validation faces (training faces where there are none).</summary>
    /// <param name="trialId">The trial.</param>
    /// <param name="progress">Told the share of the faces that was looked at; null for nobody.</param>
    /// <param name="cancellationToken">Gives up between faces.</param>
    /// <exception cref="InvalidOperationException">The trial has no SQS module or no weights yet, or its dataset is gone.</exception>
    /// <exception cref="InvalidDataException">The weights are damaged.</exception>
    public async Task<ClassMaps> ClassMapsAsync(
        long trialId,
        IProgress<double>? progress,
        CancellationToken cancellationToken
    )
    {
        var thread = Thread;
        if (await thread.RunAsync(() => Loaded(trialId).ClassMaps, cancellationToken) is { } known)
            return known;
        using var features = await GatherAsync(trialId, _ => true, FacesForClasses, 0, progress, cancellationToken);
        return await thread.RunAsync(
            () =>
            {
                var model = Same(trialId, features.Stamp);
                var classes = Enumerable.Range(0, model.Classes.Count).ToList();
                return model.ClassMaps = new(
                    model.Epoch,
                    model.Classes,
                    [.. classes.Select(features.Count)],
                    features.Shape.Height,
                    features.Shape.Width,
                    [
                        .. classes.SelectMany(a =>
                            classes.Skip(a).Select(b => features.Compare(a, b)).OfType<ClassPairMap>()
                        ),
                    ]
                );
            },
            cancellationToken
        );
    }

    /// <summary>Looks at some faces of each class; other work comes in between.</summary>
    private async Task<FaceFeatures> GatherAsync(
        long trialId,
        Func<int, bool> wants,
        int perClass,
        int draw,
        IProgress<double>? progress,
        CancellationToken cancellationToken
    )
    {
        var thread = Thread;
        var (features, faces) = await thread.RunAsync(
            () =>
            {
                var model = Loaded(trialId);
                var rng = new Rng(draw, "faces to look at");
                var some = model
                    .Inspected.GroupBy(model.Label)
                    .Where(own => wants(own.Key))
                    .OrderBy(own => own.Key)
                    .SelectMany(own => Some([.. own], perClass, rng))
                    .ToList();
                return (model.Gather(), some);
            },
            cancellationToken
        );
        try
        {
            var done = 0;
            foreach (var some in faces.Chunk(FacesAtOnce))
            {
                await thread.RunAsync(
                    () =>
                    {
                        Same(trialId, features.Stamp).Add(features, some);
                        return true;
                    },
                    cancellationToken
                );
                done += some.Length;
                progress?.Report((double)done / faces.Count);
            }
            return features;
        }
        catch
        {
            features.Dispose();
            throw;
        }
    }

    private static IEnumerable<int> Some(int[] faces, int most, Rng rng)
    {
        rng.Shuffle<int>(faces);
        return faces.Take(most);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _indexing.Dispose();
        lock (_lock)
        {
            _ = _thread?.RunAsync(
                () =>
                {
                    Forget();
                    return true;
                },
                CancellationToken.None
            );
        }
    }

    private ExplainedModel Loaded(long trialId)
    {
        var stamp = ExplainedModel.StampOf(trialId, options, datasets);
        var model = _loaded.Find(loaded => loaded.TrialId == trialId && loaded.Stamp == stamp);
        if (model is not null)
        {
            _loaded.Remove(model);
            _loaded.Add(model);
            return model;
        }
        foreach (
            var old in _loaded.Where((loaded, i) => loaded.TrialId == trialId || i <= _loaded.Count - Kept).ToList()
        )
        {
            _loaded.Remove(old);
            old.Dispose();
        }
        model = ExplainedModel.Load(trialId, options, datasets);
        _loaded.Add(model);
        return model;
    }

    /// <summary>The trial with the very weights that explained the picture.</summary>
    private ExplainedModel Same(FaceExplanation explained) => Same(explained.TrialId, explained.Stamp);

    /// <summary>The trial with the very weights that a stamp names.</summary>
    private ExplainedModel Same(long trialId, string stamp)
    {
        var model = Loaded(trialId);
        return model.Stamp == stamp
            ? model
            : throw new InvalidOperationException($"Trial {trialId} has better weights by now. Look again.");
    }

    private FaceIndex? KnownIndex(ExplainedModel model) =>
        model.Index ??= FaceIndex.Read(options.TrialDirectory(model.TrialId), model.Stamp, model.Train);

    private void Forget()
    {
        foreach (var model in _loaded)
            model.Dispose();
        _loaded.Clear();
    }
}
