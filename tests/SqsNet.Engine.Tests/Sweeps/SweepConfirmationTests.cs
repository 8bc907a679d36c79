using System.Text.Json;
using SqsNet.Engine.Sweeps;
using SqsNet.Engine.Tests.Fakes;

namespace SqsNet.Engine.Tests.Sweeps;

public sealed class SweepConfirmationTests
{
    [Fact]
    public void A_configuration_is_confirmed_alone_to_its_end_with_seeds_after_those_of_the_sweep()
    {
        var spec = Sample.Sweep(0, 7, 3) with
        {
            Space = Sample.Space("sqs.tau", Sample.Values(0.5, 2)),
            Pruner = new() { Kind = PrunerKind.Median },
            Racing = new(),
        };
        var sweep = new SweepRecord
        {
            Id = 12,
            Spec = spec,
            State = SweepState.Completed,
        };

        var confirming = SweepConfirmation.Of(
            sweep,
            new Dictionary<string, JsonElement> { ["sqs.tau"] = Sample.Json(2) }
        );

        confirming.Seeds.ShouldBe([8, 9, 10, 11, 12]);
        SweepConfirmation.IsOne(confirming).ShouldBeTrue();
        SweepConfirmation.IsOne(spec).ShouldBeFalse();
        confirming.Racing.ShouldBeNull();
        confirming.Validate().ShouldBeEmpty();
    }
}
