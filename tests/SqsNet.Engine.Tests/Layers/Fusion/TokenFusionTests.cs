using System.Text.Json;
using SqsNet.Engine.Layers.Fusion;
using SqsNet.Engine.Models;
using SqsNet.Engine.Tests.Fixtures;
using SqsNet.Torch;

namespace SqsNet.Engine.Tests.Layers.Fusion;

public sealed class TokenFusionTests
{
    private const double Exact = 1e-9;
    private const int CnnChannels = 12;
    private const int TransformerChannels = 6;
    private const int Width = 8;

    [Theory]
    [InlineData("cross_tied", true, 1, false)]
    [InlineData("cross_untied", false, 1, false)]
    [InlineData("cross_untied_2heads_residual", false, 2, true)]
    public void Cross_attention_and_every_gradient_equal_the_reference(
        string label,
        bool tied,
        int heads,
        bool residual
    )
    {
        using var scope = torch.NewDisposeScope();
        var spec = new FusionSpec
        {
            Tied = tied,
            Heads = heads,
            Residual = residual,
        };
        var fusion = new CrossAttentionFusion(CnnChannels, TransformerChannels, Width, spec);
        var expected = ShouldMatch(fusion, label);
        var fixture = Reference.Sqs("fusion");
        fusion
            .Attention(Input(fixture, "cnn"), Input(fixture, "swin"))
            .ShouldMatch(expected.GetProperty("attn"), Exact, "attention");
    }

    [Fact]
    public void Concatenation_and_every_gradient_equal_the_reference()
    {
        using var scope = torch.NewDisposeScope();
        ShouldMatch(new ConcatFusion(CnnChannels, 3, TransformerChannels, 3, Width), "concat");
    }

    [Fact]
    public void Concatenation_resizes_the_transformers_map_to_the_CNNs()
    {
        using var scope = torch.NewDisposeScope();
        var fusion = new ConcatFusion(1, 2, 1, 4, width: 1);
        using (torch.no_grad())
        {
            foreach (var parameter in fusion.parameters())
                parameter.fill_(parameter.ndim == 2 ? 1 : 0);
        }
        var cnn = torch.zeros([1, 4, 1]);
        var transformer = torch.tensor<float>([.. Enumerable.Range(0, 16).Select(i => (float)i)], [1, 16, 1]);
        // Halving by bilinear interpolation averages each 2x2 block.
        fusion.Fuse(cnn, transformer).Values().ShouldBe([2.5, 4.5, 10.5, 12.5]);
    }

    private static JsonElement ShouldMatch(TokenFusion fusion, string label)
    {
        var fixture = Reference.Sqs("fusion");
        var expected = fixture
            .GetProperty("cases")
            .EnumerateArray()
            .Single(c => c.GetProperty("label").GetString() == label);
        var root = new Root(fusion);
        FormulaWeights.Fill(root);
        root.to(ScalarType.Float64);
        var (cnn, swin) = (Input(fixture, "cnn"), Input(fixture, "swin"));

        var output = fusion.Fuse(cnn, swin);
        output.ShouldMatch(expected.GetProperty("out"), Exact, "output");
        (output * Input(fixture, "G").detach()).sum().backward();

        cnn.grad.ShouldMatch(expected.GetProperty("grad_cnn"), Exact, "cnn");
        swin.grad.ShouldMatch(expected.GetProperty("grad_swin"), Exact, "swin");
        var gradients = expected.GetProperty("grad_params");
        root.named_parameters().Select(p => p.name).ShouldBe(gradients.EnumerateObject().Select(p => p.Name));
        foreach (var (name, parameter) in root.named_parameters())
        {
            // A bias of the keys shifts every score alike: its gradient is zero but for rounding.
            var floor = name.EndsWith("k_proj.bias", StringComparison.Ordinal) ? 1e-15 : 0;
            parameter.grad!.Values().ShouldBeClose(gradients.GetProperty(name).Numbers(), Exact, floor + 1e-12, name);
        }
        return expected;
    }

    private static Tensor Input(JsonElement fixture, string name)
    {
        var recipe = fixture.GetProperty(name);
        var shape = recipe.GetProperty("shape").Shape();
        var count = shape.Aggregate(1L, (product, size) => product * size);
        var values = FormulaWeights.Doubles(
            recipe.GetProperty("name").GetString()!,
            count,
            recipe.Number("offset"),
            recipe.Number("scale")
        );
        return Tensors.Leaf(values, shape);
    }

    /// <summary>Puts the fusion under the prefix that it has in the network, which the formula's names contain.</summary>
    private sealed class Root : Module
    {
        internal Root(TokenFusion fusion) => register_module("fusion", fusion);
    }
}
