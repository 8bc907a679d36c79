using SqsNet.Engine.Events;
using SqsNet.Engine.Sweeps;

namespace SqsNet.Storage.Tests;

public sealed class TrialQueriesTests : IAsyncDisposable
{
    private readonly TestStore _store = new();

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_confusion_matrix_is_found_by_split_and_epoch()
    {
        var trial = await _store.AddTrialAsync();
        await _store.StoreAsync(
            trial.Id,
            Some.Confusion("val", 1, 11),
            Some.Confusion("val", 2, 12),
            Some.Confusion("test", 2, 22)
        );

        var matrix = await _store.Trials.ConfusionAsync(trial.Id, "val", 1, Token);

        matrix!.Counts[0][0].ShouldBe(11);
        matrix.Classes.ShouldBe(["anger", "joy"]);
        (await _store.Trials.ConfusionAsync(trial.Id, "test", 2, Token))!.Counts[0][0].ShouldBe(22);
        (await _store.Trials.ConfusionAsync(trial.Id, "test", 1, Token)).ShouldBeNull();
        (await _store.Trials.ConfusionAsync(99, "val", 1, Token)).ShouldBeNull();
        (await _store.Trials.ConfusionEpochsAsync(trial.Id, "val", Token)).ShouldBe([1, 2]);
        (await _store.Trials.ConfusionEpochsAsync(trial.Id, "train", Token)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Without_an_epoch_the_best_one_is_taken_and_else_the_last()
    {
        var trial = await _store.AddTrialAsync();
        await _store.StoreAsync(
            trial.Id,
            Some.Confusion("val", 1),
            Some.Epoch(1, false, ("val/accuracy", 0.4)),
            Some.Confusion("val", 2),
            Some.Epoch(2, true, ("val/accuracy", 0.6)),
            Some.Confusion("val", 3),
            Some.Epoch(3, false, ("val/accuracy", 0.5)),
            Some.Confusion("test", 1),
            Some.Confusion("test", 3)
        );

        (await _store.Trials.ConfusionAsync(trial.Id, "val", null, Token))!.Epoch.ShouldBe(2);
        (await _store.Trials.ConfusionAsync(trial.Id, "test", null, Token))!.Epoch.ShouldBe(3);
    }

    [Fact]
    public async Task A_matrix_reported_again_for_its_epoch_takes_the_place_of_the_first()
    {
        var trial = await _store.AddTrialAsync();

        await _store.StoreAsync(trial.Id, Some.Confusion("val", 1, 11), Some.Confusion("val", 1, 12));
        await _store.StoreAsync(trial.Id, Some.Confusion("val", 1, 13));

        (await _store.Trials.ConfusionAsync(trial.Id, "val", 1, Token))!.Counts[0][0].ShouldBe(13);
        (await _store.Trials.ConfusionEpochsAsync(trial.Id, "val", Token)).ShouldBe([1]);
    }

    [Fact]
    public async Task The_quads_are_those_chosen_last()
    {
        var trial = await _store.AddTrialAsync();
        (await _store.Trials.QuadsAsync(trial.Id, Token)).ShouldBeNull();

        await _store.StoreAsync(
            trial.Id,
            new QuadsChosen("synthetic", []),
            new QuadsChosen("synthetic", [new(1, 2, 3, 4, [0, 0, 1, 2])])
        );

        var quads = await _store.Trials.QuadsAsync(trial.Id, Token);
        quads!.Quads.Single().Labels.ShouldBe([0, 0, 1, 2]);
    }

    [Fact]
    public async Task A_file_is_listed_once_as_last_announced()
    {
        var trial = await _store.AddTrialAsync();

        await _store.StoreAsync(
            trial.Id,
            Some.Artifact("checkpoint", 1, "checkpoint/state.json", 10),
            Some.Artifact("maps", 1, "maps/epoch-0001.maps"),
            Some.Artifact("checkpoint", 2, "checkpoint/state.json", 20),
            Some.Artifact("maps", 2, "maps/epoch-0002.maps")
        );

        var all = await _store.Trials.ArtifactsAsync(trial.Id, null, Token);
        all.ShouldBe([
            new(2, "maps", 1, "maps/epoch-0001.maps", 10),
            new(3, "checkpoint", 2, "checkpoint/state.json", 20),
            new(4, "maps", 2, "maps/epoch-0002.maps", 10),
        ]);
        (await _store.Trials.ArtifactsAsync(trial.Id, "maps", Token)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_file_is_found_by_its_id_in_its_own_trial_also_after_it_was_announced_again()
    {
        var trial = await _store.AddTrialAsync();
        await _store.StoreAsync(
            trial.Id,
            Some.Artifact("weights", 1, "best.safetensors", 10),
            Some.Log("not a file"),
            Some.Artifact("weights", 2, "best.safetensors", 20)
        );

        (await _store.Trials.FindArtifactAsync(trial.Id, 3, Token)).ShouldBe(
            new(3, "weights", 2, "best.safetensors", 20)
        );
        (await _store.Trials.FindArtifactAsync(trial.Id, 1, Token))!.Path.ShouldBe("best.safetensors");
        foreach (var id in new[] { 0, 2, 4, -1, long.MaxValue })
            (await _store.Trials.FindArtifactAsync(trial.Id, id, Token)).ShouldBeNull($"{id}");
        (await _store.Trials.FindArtifactAsync(trial.Id + 1, 3, Token)).ShouldBeNull();
    }

    [Fact]
    public async Task Log_lines_are_read_from_the_start_onwards_and_from_the_end()
    {
        var trial = await _store.AddTrialAsync();
        var events = Enumerable.Range(1, 600).Select(i => (TrialEvent)(i % 100 == 0 ? Some.Log($"{i}") : Some.Step(i)));
        await _store.StoreAsync(trial.Id, events);

        var lines = await _store.Trials.LogsAsync(trial.Id, 150, 3, Token);
        var last = await _store.Trials.LastLogsAsync(trial.Id, 2, Token);

        lines.Select(l => l.Seq).ShouldBe([200, 300, 400]);
        lines[0].ShouldBe(new(200, Some.Time, 1.25, LogSeverity.Info, "200"));
        last.Select(l => l.Text).ShouldBe(["500", "600"]);
    }

    [Fact]
    public async Task Events_of_one_kind_leave_out_the_others()
    {
        var trial = await _store.AddTrialAsync();
        await _store.StoreAsync(trial.Id, Some.State(TrialState.Running), Some.Log("x"), Some.Step(1, ("a", 1)));
        await _store.StoreAsync(trial.Id, Some.State(TrialState.Completed));

        async Task<IEnumerable<long>> SeqsAsync(string? kind) =>
            (await _store.Trials.EventsAsync(trial.Id, kind, 0, 100, Token)).Select(e => e.Seq);

        (await SeqsAsync("state")).ShouldBe([1, 4]);
        (await SeqsAsync("metrics")).ShouldBe([3]);
        (await SeqsAsync("quads")).ShouldBeEmpty();
        (await SeqsAsync(null)).ShouldBe([1, 2, 3, 4]);
    }

    [Fact]
    public async Task What_people_say_of_a_trial_last_is_what_it_has()
    {
        var trial = await _store.AddTrialAsync();
        trial.Tags.ShouldBeEmpty();
        await _store.StoreAsync(trial.Id, new TrialMarked(["baseline", "good"], "looks right"));
        await _store.StoreAsync(trial.Id, Some.Epoch(1, true, ("val/accuracy", 0.4)));

        var marked = await _store.GetTrialAsync(trial.Id);
        marked.Tags.ShouldBe(["baseline", "good"]);
        marked.Note.ShouldBe("looks right");
        (await _store.Sweeps.ListTrialsAsync(trial.SweepId, Token)).Single().Tags.ShouldBe(["baseline", "good"]);

        await _store.StoreAsync(trial.Id, new TrialMarked([], ""));
        (await _store.GetTrialAsync(trial.Id)).Tags.ShouldBeEmpty();
    }
}
