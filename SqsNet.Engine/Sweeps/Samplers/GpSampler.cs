using System.Globalization;
using System.Text.Json;
using SqsNet.Engine.Randomness;

namespace SqsNet.Engine.Sweeps.Samplers;

/// <summary>Proposes where a Gaussian process expects the largest improvement.</summary>
/// <remarks>
/// The first ten are Sobol points. After that a process (Matérn 5/2, a length scale per parameter) is fitted to the
/// standardised means over seeds of what has ended, takes what still trains for what it expects there, and the point
/// with the largest log expected improvement is proposed: of 2,048 Sobol points and 512 near the best one, the eight
/// best are improved step by step. "Improvement" is over the best mean that the process has at a configuration it has
/// seen, not over the luckiest value, so that noise does not raise the bar (Picheny et al. 2013). A mean of n seeds has a
/// noise of one n-th of that of one seed. Beyond 300
/// configurations it is fitted to the 100 best and the 200 newest of the others. A parameter that does not vary at a
/// configuration stands at its middle there.
/// </remarks>
internal sealed class GpSampler : ISampler
{
    private const int StartUp = 10;
    private const int Spread = 2048;
    private const int Near = 512;
    private const int Improved = 8;
    private const int MostBest = 100;
    private const int MostNew = 200;

    private readonly IReadOnlyList<SpaceDimension> _space;
    private readonly GpDimension[] _dimensions;
    private readonly bool[] _unordered;
    private readonly ObjectiveSpec _objective;
    private readonly SobolSampler _sobol;

    internal GpSampler(IReadOnlyList<SpaceDimension> space, int trials, int seed, ObjectiveSpec objective)
    {
        _space = space;
        _dimensions = [.. space.Select(d => new GpDimension(d))];
        _unordered = [.. _dimensions.Select(d => d.IsUnordered)];
        _objective = objective;
        _sobol = new(space, trials, seed);
        Count = trials;
    }

    public int Count { get; }

    public bool IsAdaptive => true;

    public Proposal Propose(int index, IReadOnlyList<Observation> history, Rng rng)
    {
        var known = Known(history);
        if (index < StartUp || known.Count < 2)
            return _sobol.Propose(index, history, rng);
        var sign = _objective.Goal == Goal.Maximize ? 1 : -1;
        var center = known.Average(past => past.Value!.Value);
        var spread = Math.Sqrt(known.Average(past => Math.Pow(past.Value!.Value - center, 2)));
        // All equal: nothing to learn from but where one has been.
        var unit = spread > 0 ? spread : 1;
        double[] targets = [.. known.Select(past => sign * (past.Value!.Value - center) / unit)];
        List<double[]> points = [.. known.Select(past => Encode(past.Assignment))];
        // A mean of many seeds is less noisy than one seed; where all have as many, this changes nothing but the unit.
        var most = known.Max(past => past.Seeds);
        double[] noises = [.. known.Select(past => most / (double)past.Seeds)];
        var fitted = GpFit.Fit(points, targets, _unordered, noises);
        var threshold = points.Max(point => fitted.Predict(point).Mean);
        List<double[]> pending = [.. history.Where(p => p.Value is null).Select(p => Encode(p.Assignment))];
        var process = fitted.Believe(pending, targets);
        double Score(double[] point)
        {
            var (mean, variance) = process.Predict(point);
            return ExpectedImprovement.Log(mean, Math.Sqrt(variance), threshold);
        }
        var best = points.MaxBy(point => fitted.Predict(point).Mean)!;
        foreach (var (score, point) in Search(best, Score, rng))
        {
            var assignment = Decode(point);
            if (history.Any(past => Assignments.AreEqual(past.Assignment, assignment)))
                continue;
            var (mean, variance) = process.Predict(point);
            return new(
                assignment,
                Reason(known.Count, score, center + (sign * unit * mean), unit * Math.Sqrt(variance))
            );
        }
        return _sobol.Propose(index, history, rng);
    }

    private ProposalReason Reason(int known, double score, double mean, double deviation) =>
        ProposalReason.Of(
            string.Create(
                CultureInfo.InvariantCulture,
                $"Gaussian process of {known} configurations: largest log expected improvement ({score:0.###}); {_objective.Metric} is expected to be {mean:G4} ± {deviation:G2} here."
            ),
            ("log EI", score),
            ("expected", mean),
            ("standard deviation", deviation)
        );

    private List<Observation> Known(IReadOnlyList<Observation> history)
    {
        var known = history.Where(past => past.Value is not null).ToList();
        if (known.Count <= MostBest + MostNew)
            return known;
        var sign = _objective.Goal == Goal.Maximize ? -1 : 1;
        var best = known.OrderBy(past => sign * past.Value!.Value).Take(MostBest).ToHashSet();
        return [.. best, .. known.Where(past => !best.Contains(past)).TakeLast(MostNew)];
    }

    /// <summary>Points of the grid of proposals, the best first.</summary>
    private IEnumerable<(double Score, double[] Point)> Search(double[] best, Func<double[], double> score, Rng rng)
    {
        var sobol = new SobolSequence(_space.Count, rng.Derive("candidates"));
        var near = rng.Derive("near");
        var candidates = Enumerable
            .Range(0, Spread)
            .Select(i => Settle([.. sobol.Point(i).Select((u, d) => _dimensions[d].Snap(u))]))
            .Concat(Enumerable.Range(0, Near).Select(i => Settle(Jitter(best, i % 2 == 0 ? 0.1 : 0.02, near))))
            .Select(point => (Score: score(point), Point: point))
            .OrderByDescending(candidate => candidate.Score)
            .ToList();
        return candidates
            .Take(Improved)
            .Select(candidate => Climb(candidate.Point, candidate.Score, score))
            .Concat(candidates)
            .OrderByDescending(candidate => candidate.Score);
    }

    private double[] Jitter(double[] point, double width, Rng rng) =>
        [
            .. point.Select(
                (u, d) =>
                    // Of many parameters only some move: good directions are rarely all at once.
                    rng.NextBool(Math.Max(0.3, 1.0 / point.Length))
                        ? _dimensions[d].Jitter(u, width, rng)
                        : u
            ),
        ];

    /// <summary>Improves a point one parameter at a time, by steps that halve when none helps.</summary>
    private (double Score, double[] Point) Climb(double[] point, double height, Func<double[], double> score)
    {
        for (var step = 0.1; step > 5e-4; step /= 2)
        for (var (round, moved) = (0, true); moved && round < 10; round++)
        {
            moved = false;
            for (var d = 0; d < point.Length; d++)
                foreach (var neighbour in _dimensions[d].Neighbours(point[d], step))
                {
                    var moving = (double[])point.Clone();
                    moving[d] = neighbour;
                    moving = Settle(moving);
                    if (score(moving) is var reached && reached > height)
                        (point, height, moved) = (moving, reached, true);
                }
        }
        return (height, point);
    }

    /// <summary>Puts what does not vary at a point to its middle.</summary>
    private double[] Settle(double[] point) => _space.Any(d => d.IsConditional) ? Encode(Decode(point)) : point;

    private double[] Encode(IReadOnlyDictionary<string, JsonElement> assignment) =>
        [.. _dimensions.Select((d, i) => assignment.TryGetValue(_space[i].Path, out var v) ? d.Encode(v) : d.Middle)];

    private Dictionary<string, JsonElement> Decode(double[] point)
    {
        var chosen = new Dictionary<string, JsonElement>();
        for (var d = 0; d < _space.Count; d++)
            if (_space[d].IsActive(chosen))
                chosen[_space[d].Path] = _dimensions[d].Decode(point[d]);
        return chosen;
    }
}
