using SqsNet.Engine.Events;
using SqsNet.Engine.Sweeps;
using SqsNet.Engine.Sweeps.Samplers;

namespace SqsNet.Storage.Tests;

public sealed class SweepStoreTests : IAsyncDisposable
{
    private readonly TestStore _store = new();

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task A_sweep_reads_back_as_it_was_stored()
    {
        var spec = new SweepSpec
        {
            Name = "τ & <b>",
            Tags = ["table-4"],
            Space = new Dictionary<string, SpaceParameter>
            {
                ["sqs.lambda"] = new() { Low = 0.1, High = 1 },
            },
            Seeds = [3, 4],
        };

        var id = await _store.Sweeps.AddSweepAsync(spec, 8, default);

        var sweep = (await _store.Sweeps.FindSweepAsync(id, default)).ShouldNotBeNull();
        SweepSpecJson.Serialize(sweep.Spec).ShouldBe(SweepSpecJson.Serialize(spec));
        sweep.State.ShouldBe(SweepState.Running);
        sweep.PlannedTrials.ShouldBe(8);
        sweep.Counts.ShouldBeEmpty();
        sweep.EndedAt.ShouldBeNull();
        sweep.CreatedAt.Offset.ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public async Task A_sweep_and_its_trial_read_back_with_the_specifications_that_they_were_given_later()
    {
        var spec = new SweepSpec { Seeds = [0] };
        var id = await _store.Sweeps.AddSweepAsync(spec, 1, default);
        var trial = (await _store.Sweeps.AddTrialsAsync([Some.Trial(id)], default))[0];
        await _store.Sweeps.ListTrialsAsync(id, default); // what is read once is kept
        var longer = trial.Spec with { Training = trial.Spec.Training with { Epochs = 77 } };

        await _store.Sweeps.SetSweepSpecAsync(id, spec with { Seeds = [0, 1] }, default);
        await _store.Sweeps.SetTrialSpecAsync(trial.Id, longer, default);
        _store.Log.Append(trial.Id, Some.State(TrialState.Waiting));
        await _store.Log.FlushAsync(default);

        (await _store.Sweeps.FindSweepAsync(id, default))!.Spec.Seeds.ShouldBe([0, 1]);
        (await _store.Sweeps.ListTrialsAsync(id, default)).Single().Spec.Training.Epochs.ShouldBe(77);
        await Should.ThrowAsync<NotFoundException>(() => _store.Sweeps.SetSweepSpecAsync(99, spec, default));
        await Should.ThrowAsync<NotFoundException>(() => _store.Sweeps.SetTrialSpecAsync(99, longer, default));
    }

    [Fact]
    public async Task A_trial_keeps_why_it_was_proposed()
    {
        var sweep = await _store.AddSweepAsync();
        var reason = new ProposalReason("Largest log EI.", new Dictionary<string, double> { ["log EI"] = -3.25 });
        var added = await _store.Sweeps.AddTrialsAsync(
            [Some.Trial(sweep, 0) with { Reason = reason }, Some.Trial(sweep, 1)],
            default
        );

        var read = (await _store.Sweeps.ListTrialsAsync(sweep, default))[0].Reason.ShouldNotBeNull();
        (read.Text, read.Scores["log EI"], read.Scores.Count).ShouldBe(("Largest log EI.", -3.25, 1));
        added[0].Reason.ShouldBe(reason);
        (await _store.Sweeps.FindTrialAsync(added[1].Id, default))!.Reason.ShouldBeNull();
    }

    [Fact]
    public async Task Curves_give_the_objective_by_epoch_without_those_of_a_lost_attempt()
    {
        var sweep = await _store.AddSweepAsync();
        var trials = await _store.Sweeps.AddTrialsAsync([Some.Trial(sweep, 0), Some.Trial(sweep, 1)], default);
        await _store.StoreAsync(
            trials[0].Id,
            Some.Step(5, ("train/loss", 1)),
            Some.Epoch(1, true, ("val/accuracy", 0.5)),
            Some.Epoch(2, true, ("val/accuracy", 0.6)),
            Some.Epoch(2, true, ("val/accuracy", 0.7)),
            Some.Epoch(3, false, ("val/accuracy", double.NaN))
        );

        var curves = await _store.Sweeps.ReadCurvesAsync(sweep, "val/accuracy", default);

        curves[trials[0].Id]
            .Select(point => (point.Epoch, point.Value))
            .ShouldBe([(1, 0.5), (2, 0.7), (3, double.NaN)]);
        curves[trials[1].Id].ShouldBeEmpty();
    }

    [Fact]
    public async Task Curves_of_a_training_metric_have_the_mean_of_each_epoch_and_none_of_its_steps()
    {
        var sweep = await _store.AddSweepAsync();
        var trials = await _store.Sweeps.AddTrialsAsync([Some.Trial(sweep, 0), Some.Trial(sweep, 1)], default);
        MetricsReported Step(long step, double loss) =>
            Some.Step(step, ("train/loss", loss)) with
            {
                Seconds = step / 2.0 - 1,
            };
        MetricsReported Epoch(int epoch, double loss) =>
            Some.Epoch(epoch, true, ("train/loss", loss), ("system/memory_bytes", 1e9));
        TrialEvent[] trained =
        [
            Step(50, 3),
            Step(100, 2), // the last of its epoch, at the same step as the mean
            Epoch(1, 2.5),
            Step(150, 1),
            Step(200, 0.5),
            Epoch(2, 0.75),
            Step(250, 0.4),
        ];
        await _store.StoreAsync(trials[0].Id, trained);
        // Goes on from step 150, and has come to where the lost attempt's epoch had ended, but not to the mean.
        await _store.StoreAsync(trials[1].Id, [.. trained, Step(151, 1), Step(200, 0.6)]);

        var curves = await _store.Sweeps.ReadCurvesAsync(sweep, "train/loss", default);

        curves[trials[0].Id]
            .Select(point => (point.Epoch, point.Step, point.Value))
            .ShouldBe([(1, 100, 2.5), (2, 200, 0.75)]);
        curves[trials[1].Id].Select(point => (point.Epoch, point.Step, point.Value)).ShouldBe([(1, 100, 2.5)]);
    }

    [Fact]
    public async Task Sweeps_are_listed_newest_first_with_the_number_of_trials_in_each_state()
    {
        var first = await _store.AddSweepAsync();
        var second = await _store.AddSweepAsync();
        var trials = await _store.Sweeps.AddTrialsAsync(
            [Some.Trial(first, 0), Some.Trial(first, 1), Some.Trial(first, 2)],
            default
        );
        await _store.StoreAsync(trials[1].Id, Some.State(TrialState.Running));

        var sweeps = await _store.Sweeps.ListSweepsAsync(default);

        sweeps.Select(s => s.Id).ShouldBe([second, first]);
        sweeps[1]
            .Counts.ShouldBe(
                new Dictionary<TrialState, int> { [TrialState.Waiting] = 2, [TrialState.Running] = 1 },
                ignoreOrder: true
            );
    }

    [Fact]
    public async Task A_sweep_ends_when_its_state_is_final_and_is_open_again_when_it_resumes()
    {
        var id = await _store.AddSweepAsync();

        await _store.Sweeps.SetSweepStateAsync(id, SweepState.Stopped, "enough", default);
        var stopped = await _store.Sweeps.FindSweepAsync(id, default);
        await _store.Sweeps.SetSweepStateAsync(id, SweepState.Running, null, default);
        var resumed = await _store.Sweeps.FindSweepAsync(id, default);

        stopped!.EndedAt.ShouldNotBeNull();
        stopped.Message.ShouldBe("enough");
        resumed!.EndedAt.ShouldBeNull();
        resumed.Message.ShouldBeNull();
    }

    [Fact]
    public async Task The_number_of_planned_trials_can_change()
    {
        var id = await _store.AddSweepAsync();

        await _store.Sweeps.SetPlannedTrialsAsync(id, 17, default);

        (await _store.Sweeps.FindSweepAsync(id, default))!.PlannedTrials.ShouldBe(17);
    }

    [Fact]
    public async Task A_trial_reads_back_as_it_was_stored()
    {
        var parent = await _store.AddTrialAsync();
        var wanted = Some.Trial(parent.SweepId, 5, parent.Id);

        var added = (await _store.Sweeps.AddTrialsAsync([wanted], default)).Single();

        var trial = await _store.GetTrialAsync(added.Id);
        trial.Spec.ShouldBe(wanted.Spec);
        trial.Assignment["sqs.tau"].GetDouble().ShouldBe(0.5);
        (trial.Number, trial.Configuration, trial.ParentId).ShouldBe((5, 2, parent.Id));
        (trial.State, trial.LastSeq, trial.Attempts, trial.Epoch).ShouldBe((TrialState.Waiting, 0, 0, 0));
        trial.CreatedAt.ShouldBe(added.CreatedAt);
    }

    [Fact]
    public async Task Trials_are_listed_by_number_and_only_those_of_the_sweep()
    {
        var sweep = await _store.AddSweepAsync();
        await _store.AddTrialAsync();
        await _store.Sweeps.AddTrialsAsync([Some.Trial(sweep, 2), Some.Trial(sweep, 0)], default);
        await _store.Sweeps.AddTrialsAsync([Some.Trial(sweep, 1)], default);

        var trials = await _store.Sweeps.ListTrialsAsync(sweep, default);

        trials.Select(t => t.Number).ShouldBe([0, 1, 2]);
    }

    [Fact]
    public async Task A_list_read_again_shows_every_change_and_nothing_else()
    {
        var sweep = await _store.AddSweepAsync();
        var trials = await _store.Sweeps.AddTrialsAsync(
            [.. Enumerable.Range(0, 200).Select(i => Some.Trial(sweep, i))],
            default
        );
        var before = await _store.Sweeps.ListTrialsAsync(sweep, default);

        // Few changes are read one by one, many in one query.
        foreach (var changed in new[] { 1, 3, 150 })
        {
            foreach (var trial in trials.Take(changed))
                _store.Log.Append(trial.Id, Some.Epoch(changed, true, ("val/accuracy", changed)));
            await _store.StoreAsync(trials[0].Id, Some.State(TrialState.Running));

            var after = await _store.Sweeps.ListTrialsAsync(sweep, default);

            after.Select(t => t.Number).ShouldBe(Enumerable.Range(0, 200));
            after.Take(changed).ShouldAllBe(t => t.Epoch == changed && t.Best["val/accuracy"] == changed);
            after
                .Skip(changed)
                .Select(t => (t.LastSeq, t.Epoch))
                .ShouldBe(before.Skip(changed).Select(t => (t.LastSeq, t.Epoch)));
            before = after;
        }
        before[0].State.ShouldBe(TrialState.Running);
    }

    [Fact]
    public async Task Trials_are_stored_all_or_none()
    {
        var sweep = await _store.AddSweepAsync();
        await _store.Sweeps.AddTrialsAsync([Some.Trial(sweep, 1)], default);

        await Should.ThrowAsync<Microsoft.Data.Sqlite.SqliteException>(() =>
            _store.Sweeps.AddTrialsAsync([Some.Trial(sweep, 0), Some.Trial(sweep, 1)], default)
        );

        (await _store.Sweeps.ListTrialsAsync(sweep, default)).Select(t => t.Number).ShouldBe([1]);
    }

    [Fact]
    public async Task What_does_not_exist_is_null_when_looked_for_and_an_error_when_changed()
    {
        (await _store.Sweeps.FindSweepAsync(99, default)).ShouldBeNull();
        (await _store.Sweeps.FindTrialAsync(99, default)).ShouldBeNull();
        await Should.ThrowAsync<NotFoundException>(() =>
            _store.Sweeps.SetSweepStateAsync(99, SweepState.Paused, null, default)
        );
        await Should.ThrowAsync<NotFoundException>(() => _store.Sweeps.SetPlannedTrialsAsync(99, 1, default));
        await Should.ThrowAsync<NotFoundException>(() => _store.Sweeps.AddTrialsAsync([Some.Trial(99)], default));
        var sweep = await _store.AddSweepAsync();
        await Should.ThrowAsync<NotFoundException>(() =>
            _store.Sweeps.AddTrialsAsync([Some.Trial(sweep, 0, parentId: 99)], default)
        );
    }

    [Fact]
    public async Task Every_change_of_a_sweep_rings_after_it_can_be_read()
    {
        var rings = new List<(Change Change, int Trials)>();
        using var _ = _store.Changes.Subscribe(change =>
            rings.Add((change, _store.Sweeps.ListTrialsAsync(change.SweepId, default).Result.Count))
        );

        var sweep = await _store.AddSweepAsync();
        await _store.Sweeps.AddTrialsAsync([Some.Trial(sweep, 0), Some.Trial(sweep, 1)], default);
        await _store.Sweeps.SetSweepStateAsync(sweep, SweepState.Paused, null, default);

        rings.ShouldBe([(new(sweep, null, 0), 0), (new(sweep, null, 0), 2), (new(sweep, null, 0), 2)]);
    }
}
