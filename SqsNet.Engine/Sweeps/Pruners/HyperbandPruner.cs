using SqsNet.Engine.Randomness;

namespace SqsNet.Engine.Sweeps.Pruners;

/// <summary>Successive halving with several answers to "how early is too early?": each configuration belongs to a bracket.</summary>
/// <remarks>
/// Li et al. 2018 ("Hyperband"), in the stopping form of Optuna's HyperbandPruner: with s_max = ⌊log_η(R / r)⌋, bracket b
/// of s_max + 1 leaves out the b lowest rungs and gets a share of the configurations in proportion to
/// ⌈(s_max + 1) η^(s_max - b) / (s_max - b + 1)⌉. A configuration is compared with those of its bracket alone. Its
/// bracket is drawn by the sweep's seed and its number, all seeds of a configuration together; Optuna's depends on the
/// name of the study instead.
/// </remarks>
internal sealed class HyperbandPruner : IPruner
{
    private readonly SuccessiveHalvingPruner[] _brackets;
    private readonly Func<int, int> _draw;

    /// <summary>A rule.</summary>
    /// <param name="goal">Direction of the objective.</param>
    /// <param name="minEpochs">r: epochs of the lowest rung, 1 or more.</param>
    /// <param name="maxEpochs">R: most epochs of a trial.</param>
    /// <param name="factor">η: one in so many goes on, 2 or more.</param>
    /// <param name="seed">Seed of the brackets.</param>
    internal HyperbandPruner(Goal goal, int minEpochs, int maxEpochs, int factor, int seed)
        : this(
            goal,
            minEpochs,
            maxEpochs,
            factor,
            (configuration, total) => new Rng(seed, "hyperband", configuration).NextInt(total)
        ) { }

    /// <summary>As above, with the draw of a configuration's place among all budgets given.</summary>
    internal HyperbandPruner(Goal goal, int minEpochs, int maxEpochs, int factor, Func<int, int, int> place)
    {
        // Counted by multiplying: ⌊log 243 / log 3⌋ in doubles is 4, and a bracket would be lost.
        var count = 1;
        for (var epochs = (long)minEpochs * factor; epochs <= maxEpochs; epochs *= factor)
            count++;
        _brackets =
        [
            .. Enumerable
                .Range(0, count)
                .Select(bracket => new SuccessiveHalvingPruner(goal, minEpochs, factor, bracket, bootstrap: 0)),
        ];
        long[] budgets = [.. Enumerable.Range(0, count).Select(bracket => Budget(count, factor, bracket))];
        Budgets = budgets;
        _draw = configuration =>
        {
            long left = place(configuration, (int)budgets.Sum());
            var bracket = 0;
            while (left >= budgets[bracket])
                left -= budgets[bracket++];
            return bracket;
        };
    }

    /// <summary>Share of each bracket.</summary>
    internal IReadOnlyList<long> Budgets { get; }

    /// <summary>The bracket of a configuration, which is also the number of rungs that it leaves out.</summary>
    internal int Bracket(int configuration) => _draw(configuration);

    /// <inheritdoc/>
    public PruneDecision? Judge(Curve trial, IReadOnlyList<Curve> others)
    {
        var bracket = Bracket(trial.Configuration);
        var rivals = others.Where(other => Bracket(other.Configuration) == bracket).ToList();
        return _brackets[bracket].Judge(trial, rivals) is { } decision
            ? decision with
            {
                Text = $"Bracket {bracket} of {_brackets.Length}. {decision.Text}",
            }
            : null;
    }

    private static long Budget(int brackets, int factor, int bracket)
    {
        var s = brackets - 1 - bracket;
        var power = (long)Math.Round(Math.Pow(factor, s));
        // ⌈brackets η^s / (s + 1)⌉ in whole numbers.
        return ((brackets * power) + s) / (s + 1);
    }
}
