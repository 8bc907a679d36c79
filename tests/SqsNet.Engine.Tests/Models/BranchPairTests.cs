using SqsNet.Engine.Losses;
using SqsNet.Engine.Models;
using SqsNet.Engine.Parity;
using SqsNet.Engine.Randomness;
using SqsNet.Engine.Similarity;
using SqsNet.Engine.Training;
using SqsNet.Torch;

namespace SqsNet.Engine.Tests.Models;

/// <summary>SQSNet of any CNN and any transformer, whose maps may differ in size; and the paper's hybrids.</summary>
public sealed class BranchPairTests
{
    private const int Classes = 7;

    private static readonly SqsSpec s_sqs = new();

    /// <summary>Every pair, with the two fusions in turn as on a chessboard, so that every branch meets both.</summary>
    public static TheoryData<string, string, FusionKind> Pairs =>
        [
            .. ShallowRows.Cnns.SelectMany(
                (cnn, row) =>
                    ShallowRows.Transformers.Select(
                        (transformer, column) =>
                            new TheoryDataRow<string, string, FusionKind>(
                                cnn.Name,
                                transformer.Name,
                                (row + column) % 2 == 0 ? FusionKind.CrossAttention : FusionKind.Concat
                            )
                    )
            ),
        ];

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Every_pair_trains(string cnn, string transformer, FusionKind kind)
    {
        using var scope = torch.NewDisposeScope();
        var row = HybridVariants.Paper with
        {
            Cnn = ShallowRows.Cnns.First(row => row.Name == cnn),
            Transformer = ShallowRows.Transformers.First(row => row.Name == transformer),
            Fusion = new FusionSpec { Kind = kind, Residual = true },
            Width = 32,
            ImageSize = 64,
        };
        torch.random.manual_seed(1);
        using var model = new SqsNetModel(row, Classes, s_sqs);
        model.parameters().Sum(p => p.numel()).ShouldBe(row.Count(Classes).Parameters);

        var map = model.ForwardMap(torch.rand([3, 3, 64, 64]));
        map.shape.ShouldBe([3, 32, row.GridSize, row.GridSize]);
        var output = model.ForwardQuads(map, map.roll(2, 0), map.roll(1, 0), map.roll(1, 0), s_sqs);
        var loss = SqsNetLoss.Compute(output, Targets(3), s_sqs, new DistillationSpec()).Total;
        double.IsFinite(loss.ToDouble()).ShouldBeTrue();
        loss.backward();
        foreach (var (name, parameter) in model.named_parameters())
            parameter.grad.ShouldNotBeNull(name).isfinite().all().ToBoolean().ShouldBeTrue(name);
    }

    [Theory]
    [InlineData("efficientnet_b7+vit")]
    [InlineData("seresnext50+vit")]
    [InlineData("efficientnet_b7+swin")]
    [InlineData("seresnext50+swin")]
    public void The_papers_hybrids_train_without_the_SQS_module(string name)
    {
        using var scope = torch.NewDisposeScope();
        var spec = new ModelSpec { Name = name, ImageSize = 64 };
        using var model = ModelRegistry.Create(spec, s_sqs, Classes, new Rng(1, "weights"));
        model.ShouldNotBeOfType<SqsNetModel>();
        SoftTargetCrossEntropy.Compute(model.forward(torch.rand([2, 3, 64, 64])), Targets(2)).backward();
        foreach (var part in new[] { "cnn.", "swin.", "fusion.", "base_head." })
            model
                .named_parameters()
                .Where(p => p.name.StartsWith(part, StringComparison.Ordinal))
                .Sum(p => p.parameter.grad?.Norm() ?? double.NaN)
                .ShouldBeGreaterThan(0, part);
    }

    private static Tensor Targets(int count) =>
        LabelSmoothing.Targets(
            torch.tensor<long>([.. Enumerable.Range(0, count).Select(i => (long)i % 2)], [count]),
            Classes,
            smoothing: 0.1
        );
}
