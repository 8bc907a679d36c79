using SqsNet.Engine.Models;
using SqsNet.Engine.Sweeps;
using SqsNet.Web.Components.Trials;

namespace SqsNet.Web.Tests.Components.Trials;

public sealed class SpecificationRowsTests
{
    private static readonly TrialSpec s_default = SomeRecords.Trial(0, epochs: 50).Spec;

    [Fact]
    public void Defaults_differ_in_nothing() =>
        SpecificationRows.Of(s_default).Where(row => row.Differs).ShouldBeEmpty();

    [Fact]
    public void What_was_changed_is_marked_with_its_default_beside_it()
    {
        var spec = s_default with { Sqs = s_default.Sqs with { Tau = 0.25 }, Seed = 3 };

        var row = SpecificationRows.Of(spec).Where(r => r.Differs).ShouldHaveSingleItem();

        row.Path.ShouldBe("sqs.tau");
        row.Value.ShouldBe("0.25");
        row.Default.ShouldBe("1");
    }

    [Fact]
    public void Part_that_the_defaults_lack_differs_in_all_it_has()
    {
        var spec = s_default with { Model = new() { Fusion = new FusionSpec() } };

        SpecificationRows
            .Of(spec)
            .Where(row => row.Differs)
            .Select(row => row.Path)
            .ShouldBe(
                ["model.fusion.kind", "model.fusion.heads", "model.fusion.tied", "model.fusion.residual"],
                ignoreOrder: true
            );
    }
}
