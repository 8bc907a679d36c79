using SqsNet.Engine.Models;
using SqsNet.Engine.Parity;
using SqsNet.Torch;

namespace SqsNet.Engine.Tests.Models;

/// <summary>What every backbone of the zoo can do.</summary>
public sealed class BackboneTests
{
    private static readonly IReadOnlyList<BackboneRow> s_rows = [.. ShallowRows.Cnns, .. ShallowRows.Transformers];

    public static TheoryData<string> Names => [.. s_rows.Select(row => row.Name)];

    public static TheoryData<string, int> Sizes =>
        [
            .. s_rows.SelectMany(row =>
                new[] { 32, 48, 100, 112, 160 }
                    .Where(size => row.SizeProblem(size) is null)
                    .Select(size => new TheoryDataRow<string, int>(row.Name, size))
            ),
        ];

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Every_size_that_it_allows_gives_the_counted_tokens_and_scores(string name, int size)
    {
        using var scope = torch.NewDisposeScope();
        using var mode = torch.no_grad();
        var row = Row(name);
        using var model = row.Create(size, classes: 7);
        model.eval();
        var images = torch.rand([2, 3, size, size]);
        var grid = row.GridSize(size);
        model.ForwardTokens(images).shape.ShouldBe([2, (long)grid * grid, row.Features]);
        var scores = model.forward(images);
        scores.shape.ShouldBe([2, 7]);
        scores.isfinite().all().ToBoolean().ShouldBeTrue();
        model.parameters().Sum(p => p.numel()).ShouldBe(row.Count(size, classes: 7).Parameters);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Dropout_and_drop_path_change_training_alone(string name)
    {
        using var scope = torch.NewDisposeScope();
        using var mode = torch.no_grad();
        var row = Row(name);
        var images = torch.rand([4, 3, 64, 64]);
        foreach (var dropped in new[] { row with { Dropout = 0.5 }, row with { DropPath = 0.5 } })
        {
            using var plain = row.Create(64, classes: 7);
            FormulaWeights.Fill(plain); // freshly drawn, a ResNet's branches end in norms of scale 0
            using var model = dropped.Create(64, classes: 7);
            model.load_state_dict(plain.state_dict());
            plain.eval();
            model.eval();
            model.forward(images).Values().ShouldBe(plain.forward(images).Values());
            model.train();
            var first = Scores(model, images, seed: 1);
            Scores(model, images, seed: 1).ShouldBe(first, "the same draws");
            Scores(model, images, seed: 2).ShouldNotBe(first);
        }
    }

    // Running statistics of batch norms change with each pass, but no score of training depends on them.
    private static double[] Scores(Backbone model, Tensor images, long seed)
    {
        torch.random.manual_seed(seed);
        return model.forward(images).Values();
    }

    private static BackboneRow Row(string name) => s_rows.First(row => row.Name == name);
}
