using SqsNet.Engine.Efficiency;
using SqsNet.Engine.Models;

namespace SqsNet.Cli;

/// <summary>The zoo as a table for a terminal, with the numbers that have been measured and those of the paper.</summary>
internal static class ModelsTable
{
    private const double Mebibyte = 1 << 20;
    private const string None = "-";

    internal static void Print(TextWriter output, KeptSpeeds kept)
    {
        output.WriteLine(
            $"{"model", -34}{"trunk", 12}{"parameters", 12}{"MACs", 16}{"input", 7}{"keys", 6}{"file MiB", 10}{"ms", 10}{"IQR", 8}{"images/s", 10}{"peak MiB", 10}{"paper M", 9}{"G", 6}"
        );
        foreach (var model in ModelRegistry.All)
        {
            var speed = kept.Find(model.Name, model.DefaultImageSize);
            var paper = PaperCost.Of(model.Name);
            output.WriteLine(
                $"{model.Name, -34}{model.TrunkParameters, 12:N0}{model.Parameters, 12:N0}{model.Macs, 16:N0}{model.DefaultImageSize, 7}{model.KeyCount, 6}{model.CheckpointBytes / Mebibyte, 10:N1}"
                    + $"{Number(1000 * speed?.Single.Times.MedianSeconds, "N2"), 10}{Number(1000 * speed?.Single.Times.SpreadSeconds, "N2"), 8}{Number(speed?.Batch?.ImagesPerSecond, "N1"), 10}{Number(speed?.Batch?.PeakBytes / Mebibyte, "N0"), 10}"
                    + $"{Number(paper?.Parameters, "0.0"), 9}{Number(paper?.Gflops, "0.##"), 6}"
            );
        }
        foreach (var note in Notes(kept))
            output.WriteLine(note);
    }

    private static IEnumerable<string> Notes(KeptSpeeds kept)
    {
        yield return $"Parameters and MACs at {ModelInfo.CountedClasses} classes and the stated input; FLOPs are twice the MACs. Trunk: without fusion and heads. File: float32, without its header.";
        yield return $"ms and IQR: median and interquartile range of one image; images/s and peak memory of tensors: batches of {EfficiencyMeter.BatchImages}. The paper's columns are its Table 3.";
        var shown = ModelRegistry
            .All.Select(model => kept.Find(model.Name, model.DefaultImageSize))
            .OfType<ModelSpeed>()
            .ToList();
        foreach (var speeds in shown.GroupBy(speed => speed.Conditions))
        {
            var dates = speeds.Select(speed => speed.MeasuredAt.UtcDateTime).Order().ToList();
            yield return $"{speeds.Count()} measured on {speeds.Key}, {dates[0]:yyyy-MM-dd HH:mm} to {dates[^1]:yyyy-MM-dd HH:mm} UTC, {speeds.Min(s => s.Single.Times.Repetitions)} to {speeds.Max(s => s.Single.Times.Repetitions)} repetitions of one image.";
        }
        foreach (var speed in shown)
            if (speed.BatchProblem is { } why)
                yield return $"{speed.Model}: {why}";
        if (shown.Count == 0)
            yield return "Nothing has been measured here yet: ./sqsnet models --measure";
        foreach (var model in ModelRegistry.All)
            if (PaperCost.Of(model.Name)?.Note is { } note)
                yield return $"Paper on {model.Name}: {note}";
        if (kept.Problem is { } problem)
            yield return problem;
    }

    private static string Number(double? value, string format) =>
        value is { } number ? number.ToString(format, System.Globalization.CultureInfo.InvariantCulture) : None;
}
