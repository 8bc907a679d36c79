using System.Text.Json;
using SqsNet.Engine.Data;
using SqsNet.Engine.Tests.Fixtures;
using SqsNet.Torch;

namespace SqsNet.Engine.Tests.Data.Batches;

public class TestTimeAugmentationTests
{
    private static readonly JsonElement s_reference = Reference.Sqs("aug_mixup_cutmix_erase_tta").GetProperty("tta");

    private static Tensor Input() => torch.tensor<double>(FormulaWeights.Doubles("aug/img", 200), [1, 2, 10, 10]);

    [Fact]
    public void Views_are_those_of_the_reference()
    {
        using var scope = torch.NewDisposeScope();
        var views = TestTimeAugmentation.Views(Input(), 5);
        views.Count.ShouldBe(5);
        views[0].Values().ShouldBe(Input().Values());
        views[1]
            .Values()[..10]
            .ShouldBeClose(s_reference.GetProperty("hflip_first_row").Numbers(), 1e-9, 1e-12, "flip");
        views[2].ShouldMatch(s_reference.GetProperty("zoom_0.9"), 1e-9, "zoom 0.9");
        views[3].flip(3).Values().ShouldBe(views[2].Values());
        views[4].ShouldMatch(s_reference.GetProperty("zoom_0.8"), 1e-9, "zoom 0.8");
    }

    [Fact]
    public void Average_is_the_mean_of_the_softmax()
    {
        using var scope = torch.NewDisposeScope();
        var values = FormulaWeights.Doubles("aug/ttalogits", 5 * 3 * 7, 0, 2).Chunk(21);
        var logits = values.Select(v => torch.tensor<double>(v, [3, 7])).ToArray();
        var expected = s_reference
            .GetProperty("mean_softmax")
            .GetProperty("probs")
            .EnumerateArray()
            .SelectMany(row => row.Numbers())
            .ToArray();
        TestTimeAugmentation.Average(logits).Values().ShouldBeClose(expected, 1e-9, 1e-12, "mean softmax");
    }

    [Fact]
    public void One_view_is_the_image_itself_and_other_numbers_are_refused()
    {
        using var scope = torch.NewDisposeScope();
        var input = Input();
        TestTimeAugmentation.Views(input, 1).ShouldHaveSingleItem().ShouldBeSameAs(input);
        Should.Throw<ArgumentOutOfRangeException>(() => TestTimeAugmentation.Views(input, 3));
    }
}
