using SqsNet.Engine.Training;
using SqsNet.Torch;

namespace SqsNet.Engine.Tests.Training;

public sealed class CheckpointStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly CheckpointStore _store;

    public CheckpointStoreTests() => _store = new CheckpointStore(_folder.File("checkpoint"));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_newest_comes_back_with_its_position_and_every_bit()
    {
        Save(step: 10, value: 1);
        var position = Save(step: 20, value: 2);
        using var scope = torch.NewDisposeScope();
        var read = _store.Load(_ => throw new InvalidOperationException("nothing is damaged")).ShouldNotBeNull();
        read.Position.ShouldBe(position);
        read.Tensors["model.w"].ToArray<float>().ShouldBe([2, 2, 2]);
    }

    [Fact]
    public void The_last_two_are_kept_and_in_the_end_one()
    {
        for (var step = 1; step <= 4; step++)
            Save(step, step);
        Files().ShouldBe(["000000003.json", "000000003.safetensors", "000000004.json", "000000004.safetensors"]);
        _store.KeepLast(1);
        Files().ShouldBe(["000000004.json", "000000004.safetensors"]);
    }

    [Fact]
    public void Those_after_every_so_many_whole_epochs_are_kept_as_well()
    {
        var store = new CheckpointStore(_folder.File("checkpoint"), keepEvery: 2);
        for (var epoch = 1; epoch <= 5; epoch++)
            store.Save(new TrainingPosition { Step = 10 * epoch, Epoch = epoch + 1 }, []);
        store.Save(
            new TrainingPosition
            {
                Step = 55,
                Epoch = 6,
                StepInEpoch = 5,
            },
            []
        );
        store.Save(
            new TrainingPosition
            {
                Step = 56,
                Epoch = 6,
                StepInEpoch = 6,
            },
            []
        );
        store.Positions().Select(position => position.Step).ShouldBe([56, 55, 40, 20]);
        store.KeepLast(1);
        store.Positions().Select(position => position.Step).ShouldBe([56, 40, 20]);
    }

    [Theory]
    [InlineData("000000002.safetensors", 100)]
    [InlineData("000000002.safetensors", 0)]
    [InlineData("000000002.json", 20)]
    public void A_file_cut_short_costs_only_its_own_checkpoint(string file, int length)
    {
        Save(step: 1, value: 1);
        Save(step: 2, value: 2);
        using (var cut = File.OpenWrite(Path.Combine(_folder.File("checkpoint"), file)))
            cut.SetLength(length);
        var warnings = new List<string>();
        using var scope = torch.NewDisposeScope();
        _store.Load(warnings.Add).ShouldNotBeNull().Position.Step.ShouldBe(1);
        warnings.ShouldHaveSingleItem().ShouldContain("step 2");
    }

    [Fact]
    public void Tensors_without_their_description_do_not_count_and_nothing_is_no_checkpoint()
    {
        _store.Load(_ => { }).ShouldBeNull();
        Save(step: 1, value: 1);
        File.Delete(Path.Combine(_folder.File("checkpoint"), "000000001.json"));
        _store.Load(_ => { }).ShouldBeNull();
    }

    [Fact]
    public void What_a_killed_writer_left_behind_is_swept_away()
    {
        Save(step: 1, value: 1);
        File.WriteAllText(Path.Combine(_folder.File("checkpoint"), "000000002.safetensors.abc.tmp"), "half");
        using var scope = torch.NewDisposeScope();
        _store.Load(_ => { }).ShouldNotBeNull();
        Files().ShouldBe(["000000001.json", "000000001.safetensors"]);
    }

    private TrainingPosition Save(long step, float value)
    {
        using var scope = torch.NewDisposeScope();
        var position = new TrainingPosition
        {
            Epoch = 3,
            StepInEpoch = 2,
            Step = step,
            Sums = new(2, 1.25, 0.5),
            Best = new(0.1 + 0.2, 2, 1),
            Seconds = 12.75,
        };
        _store.Save(position, [("model.w", torch.full([3], value, torch.float32))]);
        return position;
    }

    private IEnumerable<string?> Files() =>
        Directory.GetFiles(_folder.File("checkpoint")).Select(Path.GetFileName).Order(StringComparer.Ordinal);
}
