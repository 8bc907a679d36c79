using SqsNet.Engine.Evaluation;
using SqsNet.Engine.Events;
using SqsNet.Engine.Executors;
using SqsNet.Engine.Sweeps;

namespace SqsNet.Engine.Training;

/// <content>The end: each set of weights that the specification asks for is held against the test split once.</content>
internal sealed partial class Trainer
{
    private const string Last = "last";
    private const string Average = "ema";

    /// <summary>Evaluates the best weights on the test split, and where it is asked for the last ones and their average.</summary>
    /// <remarks>
    /// The last checkpoint holds the weights as training left them. It is not written again here, so an evaluation that is
    /// interrupted starts from the same weights.
    /// </remarks>
    private TrialOutcome Finish()
    {
        var last = _position.Epoch - 1;
        // Without a validation split, or an objective that never was a number, the last epoch is as good as any.
        if (_stopping.State.BestEpoch is null)
            SaveBest(last);
        var best = _stopping.State.BestEpoch ?? last;
        if (BestWeights.ReadInfo(BestPath)?.Epoch != best)
            _reporter.Warn(
                $"{BestWeights.FileName} is not of the best epoch {best}: it was written after the checkpoint."
            );
        if (_splits.Test.Count == 0)
            _reporter.Info("The dataset has no test split; there is no final evaluation.");

        if (_training.EvaluateLast && !EvaluateOther(Last, last))
            return Outcome(_control.Request);
        if (_average is not null)
        {
            _model.load_state_dict(_average.Weights);
            if (!EvaluateOther(Average, last))
                return Outcome(_control.Request);
        }
        BestWeights.Load(BestPath, _model);
        if (!EvaluateTest("best", "test", best))
            return Outcome(_control.Request);

        _checkpoints.KeepLast(1);
        return new(
            TrialState.Completed,
            last < _training.Epochs
                ? $"Ended early: no better epoch than {best} in {_stopping.State.Waited} epochs."
                : null
        );
    }

    /// <summary>Keeps weights that were not chosen by validation, and says how they do on both splits.</summary>
    private bool EvaluateOther(string weights, int epoch)
    {
        SaveWeights(Path.Combine(_plan.Folder, $"{weights}.safetensors"), epoch, value: null);
        if (_splits.Validation.Count > 0)
        {
            if (Evaluate(_splits.Validation) is not { } validation)
                return false;
            ReportFinal($"val_{weights}", epoch, validation, tta: false);
        }
        return EvaluateTest(weights, $"test_{weights}", epoch);
    }

    /// <summary>One look at the test split, alone and with test-time augmentation.</summary>
    /// <returns>False when interrupted.</returns>
    private bool EvaluateTest(string weights, string split, int epoch)
    {
        if (_splits.Test.Count == 0)
            return true;
        _reporter.Report(new TestLooked("trial", weights, epoch, _training.Tta, _splits.Test.Count));
        foreach (var views in _training.Tta > 1 ? [1, _training.Tta] : new[] { 1 })
        {
            if (Evaluate(_splits.Test, views) is not { } test)
                return false;
            ReportFinal(split, epoch, test, tta: views > 1);
            if (views == 1)
                _reporter.Report(Confusion(split, epoch, test));
        }
        return true;
    }

    private void ReportFinal(string split, int epoch, EvaluationResult result, bool tta)
    {
        var metrics = new Dictionary<string, double>(
            SplitMetrics.Of(split, result.Confusion, result.Loss, _dataset.Info.Classes, tta)
        );
        if (split.StartsWith("test", StringComparison.Ordinal))
        {
            foreach (var (name, value) in TestParts.Metrics(split, _dataset, _splits.Test, result, tta))
                metrics[name] = value;
        }
        _reporter.Report(new MetricsReported(MetricScope.Final, _position.Step, epoch, metrics));
    }
}
