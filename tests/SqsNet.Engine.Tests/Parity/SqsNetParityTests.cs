using SqsNet.Engine.Tests.Fixtures;

namespace SqsNet.Engine.Tests.Parity;

/// <summary>Whole SQSNets, held against the PyTorch reference under the same weights.</summary>
[Collection(nameof(BigModels))]
public sealed class SqsNetParityTests
{
    public static TheoryData<string> Names =>
        [
            .. SqsNetParity.Names.Select(name =>
                new TheoryDataRow<string>(name).WithTrait("Category", IsFull(name) ? "Slow" : "Light")
            ),
        ];

    [Theory]
    [MemberData(nameof(Names))]
    public void Keys_arithmetic_a_training_step_and_five_in_a_row_equal_the_reference(string name)
    {
        using var scope = new BigModelScope();
        var rows = SqsNetParity.Compare(name, Reference.Sqs($"net_{name}")).ToList();
        rows.Select(row => row.Part).ShouldBe(IsFull(name) ? ["keys", "train"] : ["keys", "train", "five steps"]);
        rows.ShouldAllBe(row => row.Compared > 20 && row.Passed);
    }

    private static bool IsFull(string name) => name.StartsWith("full", StringComparison.Ordinal);
}
