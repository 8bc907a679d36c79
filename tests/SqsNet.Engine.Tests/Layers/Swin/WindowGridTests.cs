using SqsNet.Engine.Layers.Swin;
using SqsNet.Engine.Tests.Fixtures;
using SqsNet.Torch;

namespace SqsNet.Engine.Tests.Layers.Swin;

public sealed class WindowGridTests
{
    [Theory]
    [InlineData(8, 4, false)]
    [InlineData(8, 4, true)]
    [InlineData(9, 4, true)]
    [InlineData(6, 7, true)]
    [InlineData(5, 2, false)]
    public void Merge_undoes_Partition(int side, int window, bool shifted)
    {
        using var scope = torch.NewDisposeScope();
        var grid = new WindowGrid(side, window, shifted);
        var map = torch.tensor<float>(FormulaWeights.Input(2L * side * side * 3), [2, side, side, 3]);
        var windows = grid.Partition(map);
        windows.shape.ShouldBe([2L * grid.Count, grid.Area, 3]);
        grid.Merge(windows).Values().ShouldBe(map.Values());
    }

    [Fact]
    public void A_map_that_fits_into_the_window_is_one_window_without_shift()
    {
        var grid = new WindowGrid(7, 7, shifted: true);
        grid.Shift.ShouldBe(0);
        grid.Count.ShouldBe(1);
        grid.ShiftMask().ShouldBeNull();
    }

    [Fact]
    public void Mask_separates_what_the_cyclic_shift_brought_together()
    {
        var grid = new WindowGrid(4, 2, shifted: true);
        var mask = grid.ShiftMask()!;
        var blocked = Enumerable
            .Range(0, grid.Count)
            .Select(window => mask.Skip(window * 16).Take(16).Count(value => value < 0))
            .ToArray();
        // Inside: nothing. Right and bottom edges: two halves. Corner: four tokens, each from another corner.
        blocked.ShouldBe([0, 8, 8, 12]);
    }

    [Fact]
    public void Relative_positions_number_every_offset_once()
    {
        var positions = new WindowGrid(3, 3, shifted: false).RelativePositions();
        positions.Distinct().Count().ShouldBe(25);
        positions[0].ShouldBe(12);
        positions[(0 * 9) + 8].ShouldBe(0);
        positions[(8 * 9) + 0].ShouldBe(24);
    }
}
