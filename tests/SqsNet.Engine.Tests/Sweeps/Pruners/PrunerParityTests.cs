using System.Text;
using System.Text.Json;
using SqsNet.Engine.Parity;
using SqsNet.Engine.Sweeps;
using SqsNet.Engine.Sweeps.Pruners;

namespace SqsNet.Engine.Tests.Sweeps.Pruners;

/// <summary>Parity with Optuna's pruners: on the same curves every trial ends at the same epoch.</summary>
public class PrunerParityTests
{
    private const int Trials = 32;
    private const int MaxEpochs = 27;
    private static readonly JsonElement _optuna = Reference.Sqs("hpo_asha");

    public static TheoryData<string, string, int> Cases =>
        [
            .. _optuna
                .GetProperty("cases")
                .EnumerateArray()
                .Select(c =>
                    (
                        c.GetProperty("pruner").GetString()!,
                        c.GetProperty("direction").GetString()!,
                        c.GetProperty("workers").GetInt32()
                    )
                ),
        ];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_trial_ends_at_the_epoch_at_which_optuna_ends_it(string label, string direction, int workers)
    {
        var expected = _optuna
            .GetProperty("cases")
            .EnumerateArray()
            .Single(c =>
                c.GetProperty("pruner").GetString() == label
                && c.GetProperty("direction").GetString() == direction
                && c.GetProperty("workers").GetInt32() == workers
            );
        var goal = direction == "minimize" ? Goal.Minimize : Goal.Maximize;
        var stops = Replay(Pruner(label, goal), goal, workers);
        stops.ShouldBe([
            .. expected
                .GetProperty("stop")
                .EnumerateArray()
                .Select(stop => (stop[0].GetInt32(), stop[1].GetString() == "pruned")),
        ]);
        stops.Sum(stop => stop.Epoch).ShouldBe(expected.GetProperty("epochs_total").GetInt32());
    }

    [Fact]
    public void The_curves_are_those_that_optuna_saw()
    {
        foreach (var check in _optuna.GetProperty("curves").GetProperty("check").EnumerateArray())
            Value(check[0].GetInt32(), check[1].GetInt32()).ShouldBe(check[2].GetDouble(), 1e-14);
    }

    [Fact]
    public void A_rung_lets_pass_whom_optuna_lets_pass()
    {
        foreach (var rule in _optuna.GetProperty("rung_rule").EnumerateArray())
        {
            double[] values = [.. rule.GetProperty("competing").EnumerateArray().Select(v => v.GetDouble())];
            var (value, factor) = (rule.GetProperty("value").GetDouble(), rule.GetProperty("eta").GetInt32());
            (value <= Rungs.Threshold(values, factor, Goal.Minimize)).ShouldBe(
                rule.GetProperty("minimize").GetBoolean()
            );
            (value >= Rungs.Threshold(values, factor, Goal.Maximize)).ShouldBe(
                rule.GetProperty("maximize").GetBoolean()
            );
        }
    }

    private static IPruner Pruner(string label, Goal goal) =>
        label switch
        {
            "asha r1 eta3 s0" => new SuccessiveHalvingPruner(goal, 1, 3, skipped: 0, bootstrap: 0),
            "asha r1 eta4 s0" => new SuccessiveHalvingPruner(goal, 1, 4, skipped: 0, bootstrap: 0),
            "asha r2 eta3 s1" => new SuccessiveHalvingPruner(goal, 2, 3, skipped: 1, bootstrap: 0),
            "asha r3 eta2 s0 bootstrap3" => new SuccessiveHalvingPruner(goal, 3, 2, skipped: 0, bootstrap: 3),
            "median startup5 warmup0" => new PercentilePruner(goal, 50, 5, 0, 1),
            "median startup3 warmup4 interval3" => new PercentilePruner(goal, 50, 3, 4, 3),
            // Optuna draws the bracket by the name of the study and the trial's number.
            "hyperband 1 27 3" => new HyperbandPruner(goal, 1, 27, 3, (n, total) => (int)(Crc32($"fx_{n}") % total)),
            _ => throw new ArgumentOutOfRangeException(nameof(label), label, "unknown pruner"),
        };

    /// <summary>Trials in the order of the fixture: several at once, at unequal speeds.</summary>
    private static List<(int Epoch, bool Pruned)> Replay(IPruner pruner, Goal goal, int workers)
    {
        var curves = new List<Curve>();
        var active = new List<int>();
        var stops = new (int, bool)[Trials];
        var sign = goal == Goal.Minimize ? 1 : -1;
        while (curves.Count < Trials || active.Count > 0)
        {
            while (active.Count < workers && curves.Count < Trials)
            {
                active.Add(curves.Count);
                curves.Add(new(curves.Count, curves.Count, Completed: false, []));
            }
            foreach (var trial in active.ToList())
                for (var i = 0; i < (workers == 1 ? 1 : 1 + (7 * trial % 3)) && active.Contains(trial); i++)
                {
                    var epoch = curves[trial].Points.Count + 1;
                    var point = new CurvePoint(epoch, epoch, epoch, sign * Value(trial, epoch));
                    curves[trial] = curves[trial] with { Points = [.. curves[trial].Points, point] };
                    var pruned =
                        pruner.Judge(curves[trial], [.. curves.Where(other => other.TrialId != trial)]) is
                        { Prune: true };
                    if (!pruned && epoch < MaxEpochs)
                        continue;
                    curves[trial] = curves[trial] with { Completed = !pruned };
                    stops[trial] = (epoch, pruned);
                    active.Remove(trial);
                }
        }
        return [.. stops];
    }

    private static double Value(int trial, int epoch)
    {
        var unit = FormulaWeights.Doubles("hpo/curve", (2 * trial) + 2);
        var floor = 0.3 * (1 + unit[2 * trial]) * (1 - (trial / 64.0));
        var rate = 0.05 + (0.35 * (1 + unit[(2 * trial) + 1]));
        var ripple = FormulaWeights.Doubles($"hpo/ripple{trial}", epoch + 1)[epoch];
        return floor + Math.Exp(-rate * epoch) + (0.02 * ripple);
    }

    private static uint Crc32(string text)
    {
        var crc = uint.MaxValue;
        foreach (var b in Encoding.UTF8.GetBytes(text))
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320);
        }
        return ~crc;
    }
}
