using System.Text.Json;
using SqsNet.Engine.Models;
using SqsNet.Engine.Parity;
using SqsNet.Engine.Tests.Fixtures;
using SqsNet.Torch;

namespace SqsNet.Engine.Tests.Models;

/// <summary>Against what timm's own functions and networks gave: tests/reference/positions/make.py.</summary>
public sealed class PositionTablesTests : IDisposable
{
    private static readonly JsonElement s_reference = Reference.Load("positions", "positions");

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, int> Networks =>
        [
            .. s_reference
                .GetProperty("networks")
                .EnumerateObject()
                .SelectMany(network =>
                    network
                        .Value.EnumerateArray()
                        .Select(e => new TheoryDataRow<string, int>(network.Name, e.GetProperty("size").GetInt32()))
                ),
        ];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("pos_embed")]
    [InlineData("relative_position_bias_table")]
    public void Tables_of_another_size_become_timms(string key)
    {
        using var scope = torch.NewDisposeScope();
        foreach (var entry in s_reference.GetProperty(key).EnumerateArray())
        {
            var (from, to) = (entry.GetProperty("from").Shape(), entry.GetProperty("to").Shape());
            var count = from.Aggregate(1L, (product, size) => product * size);
            var table = torch.tensor<float>(FormulaWeights.Input(count, key), from);
            var fitted = PositionTables.Fit($"layers.0.{key}", table, to).ShouldNotBeNull();
            fitted.shape.ShouldBe(to);
            fitted
                .Values()
                .ShouldBeClose(
                    entry.GetProperty("values").Numbers(),
                    relative: 0,
                    absolute: 2e-6,
                    $"{key} from {from[^2]}"
                );
        }
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void A_network_for_other_images_gives_timms_scores_from_weights_for_images_of_224(string name, int size)
    {
        using var scope = torch.NewDisposeScope();
        using var mode = torch.no_grad();
        var entry = s_reference
            .GetProperty("networks")
            .GetProperty(name)
            .EnumerateArray()
            .First(e => e.GetProperty("size").GetInt32() == size);
        using var model = ModelRegistry.FindBackbone(name)!.Create(size, classes: 7);
        var loaded = PretrainedWeights.LoadFile(model, Weights(name));
        var state = model.state_dict();
        foreach (var table in entry.GetProperty("tables").EnumerateObject())
            state[table.Name].shape.ShouldBe(table.Value.Shape(), table.Name);
        // Windows that fit into the larger maps, too, stay as they are.
        loaded.Fitted.Count.ShouldBe(
            (name, size) switch
            {
                (_, 256) => 0,
                (_, 112) => 2,
                (_, 64) => 8,
                _ => 1,
            }
        );
        loaded.Describe().Contains("fitted", StringComparison.Ordinal).ShouldBe(loaded.Fitted.Count > 0);

        model.eval();
        var scores = model.forward(FormulaWeights.Images([2, 3, size, size])).Values();
        scores.ShouldBeClose(entry.GetProperty("logits").Numbers(), relative: 0, absolute: 2e-5, "scores");
    }

    [Theory]
    [InlineData("pos_embed", new long[] { 1, 12, 4 }, new long[] { 1, 10, 4 })] // 11 places are no square
    [InlineData("pos_embed", new long[] { 1, 10, 4 }, new long[] { 1, 17, 8 })] // other channels
    [InlineData("attn.relative_position_bias_table", new long[] { 36, 3 }, new long[] { 49, 3 })] // no middle
    [InlineData("attn.relative_position_bias_table", new long[] { 49, 2 }, new long[] { 25, 3 })] // other heads
    [InlineData("norm.weight", new long[] { 49, 3 }, new long[] { 25, 3 })]
    public void Anything_else_is_not_fitted(string key, long[] from, long[] to)
    {
        using var scope = torch.NewDisposeScope();
        PositionTables.Fit(key, torch.zeros(from), to).ShouldBeNull();
    }

    private string Weights(string name)
    {
        using var at224 = ModelRegistry.FindBackbone(name)!.Create(224, classes: 7);
        FormulaWeights.Fill(at224);
        var path = _folder.File($"{name}.safetensors");
        Safetensors.Save(path, at224.state_dict());
        return path;
    }
}
