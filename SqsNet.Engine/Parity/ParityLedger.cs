using System.Text.Json;
using SqsNet.Torch;

namespace SqsNet.Engine.Parity;

/// <summary>How one part of a network compares with its reference.</summary>
/// <param name="Network">Name of the reference.</param>
/// <param name="Part">What was compared: its keys, a forward pass, a training step.</param>
/// <param name="Compared">How many numbers and facts.</param>
/// <param name="Error">The difference that takes the largest share of its tolerance.</param>
/// <param name="Share">That share: above 1 the part fails.</param>
/// <param name="Where">What it is a difference of.</param>
public sealed record ParityRow(string Network, string Part, int Compared, double Error, double Share, string Where)
{
    /// <summary>Whether every number lies within its tolerance.</summary>
    public bool Passed => Share <= 1;
}

/// <summary>Compares numbers with those of a reference and keeps the worst.</summary>
internal sealed class ParityLedger
{
    private int _compared;
    private double _error;
    private double _share;
    private string _where = "";

    /// <summary>What came of it.</summary>
    internal ParityRow Row(string network, string part) => new(network, part, _compared, _error, _share, _where);

    /// <summary>Compares numbers; each may differ by the absolute plus the relative tolerance times its expected size.</summary>
    internal void Close(
        IReadOnlyList<double> actual,
        IReadOnlyList<double> expected,
        double relative,
        double absolute,
        string what
    )
    {
        Same(actual.Count, expected.Count, $"{what}, elements");
        for (var i = 0; i < Math.Min(actual.Count, expected.Count); i++)
        {
            var difference = Math.Abs(actual[i] - expected[i]);
            Note(
                difference,
                difference == 0 ? 0 : difference / (absolute + (relative * Math.Abs(expected[i]))),
                expected.Count == 1 ? what : $"{what}[{i}]"
            );
        }
    }

    /// <summary>Compares two numbers.</summary>
    internal void Close(double actual, double expected, double relative, double absolute, string what) =>
        Close([actual], [expected], relative, absolute, what);

    /// <summary>Compares what must be equal.</summary>
    internal void Same<T>(T actual, T expected, string what)
    {
        var isSame = EqualityComparer<T>.Default.Equals(actual, expected);
        Note(
            isSame ? 0 : double.PositiveInfinity,
            isSame ? 0 : double.PositiveInfinity,
            $"{what}: {actual}, not {expected}"
        );
    }

    /// <summary>
    /// Compares a tensor with its summary: shape, mean, standard deviation, norm and first elements. Tolerances are
    /// relative to the root mean square of the tensor.
    /// </summary>
    internal void Summary(Tensor? tensor, JsonElement expected, double tolerance, string what)
    {
        Same(Text(tensor?.shape), Text(expected.GetProperty("shape").Shape()), $"{what}, shape");
        if (tensor is null)
            return;
        var (mean, deviation) = (expected.Number("mean"), expected.Number("std"));
        Summary(tensor.Values(), mean, deviation, expected.GetProperty("first").Numbers(), tolerance, what);
        Close(tensor.Norm(), expected.Number("l2"), tolerance, 1e-12, $"{what}, norm");
    }

    /// <summary>The same for the short form [name, shape, mean, standard deviation, first elements].</summary>
    internal void Summary(Tensor? tensor, JsonElement probe, double tolerance)
    {
        var what = probe[0].GetString()!;
        Same(Text(tensor?.shape), Text(probe[1].Shape()), $"{what}, shape");
        if (tensor is not null)
            Summary(tensor.Values(), probe[2].GetDouble(), probe[3].GetDouble(), probe[4].Numbers(), tolerance, what);
    }

    /// <summary>Compares a state dictionary's keys, their order, shapes and formula values.</summary>
    internal void Keys(Module module, JsonElement keys)
    {
        var state = module.state_dict();
        var names = keys.EnumerateObject().Select(key => key.Name).ToArray();
        Same(string.Join('\n', state.Keys), string.Join('\n', names), "keys");
        foreach (var key in keys.EnumerateObject().Where(key => state.ContainsKey(key.Name)))
            Entry(state[key.Name], key);
    }

    /// <summary>Compares a tensor's shape and formula values with what the reference has under a key.</summary>
    internal void Entry(Tensor tensor, JsonProperty key)
    {
        Same(Text(tensor.shape), Text(key.Value[0].Shape()), $"{key.Name}, shape");
        var check = key.Value[1].GetString()!;
        Same(tensor.dtype == ScalarType.Int64 ? "torch.int64" : Checksum(tensor), check, $"{key.Name}, checksum");
    }

    private static string Checksum(Tensor tensor) => FormulaWeights.Crc(tensor.ToArray<float>());

    private void Summary(double[] actual, double mean, double deviation, double[] first, double tolerance, string what)
    {
        var scale = Math.Sqrt((mean * mean) + (deviation * deviation));
        var absolute = (tolerance * scale) + 1e-12;
        var average = actual.Average();
        Close(average, mean, 0, absolute, $"{what}, mean");
        Close(
            Math.Sqrt(actual.Average(value => (value - average) * (value - average))),
            deviation,
            0,
            absolute,
            $"{what}, standard deviation"
        );
        Close(actual[..first.Length], first, tolerance, absolute, what);
    }

    private void Note(double error, double share, string what)
    {
        _compared++;
        // A NaN is as far away as anything.
        var worst = double.IsNaN(share) ? double.PositiveInfinity : share;
        if (worst > _share)
            (_error, _share, _where) = (error, worst, what);
    }

    private static string Text(long[]? shape) => shape is null ? "nothing" : $"[{string.Join(", ", shape)}]";
}
