using SqsNet.Engine.Data;
using SqsNet.Engine.Events;

namespace SqsNet.Engine.Tests.Data;

public sealed class DatasetRegistryTests : IDisposable
{
    private static readonly ImportRequest s_small = new("synthetic", null, "small")
    {
        Size = 16,
        Synthetic = new(14, 7, 7),
    };

    private readonly TemporaryFolder _folder = new();
    private readonly DatasetRegistry _registry;

    public DatasetRegistryTests() => _registry = new(new() { DataDirectory = _folder.Path });

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Lists_the_synthetic_faces_before_they_are_drawn()
    {
        var info = _registry.List().ShouldHaveSingleItem();
        info.Name.ShouldBe("synthetic");
        info.Total(DatasetSplit.Train).ShouldBe(2000);
        info.Classes.ShouldBe(["neutral", "happiness", "sadness", "surprise", "fear", "disgust", "anger"]);
        SomeFace.Json(_registry.Find("synthetic")!).ShouldBe(SomeFace.Json(info));
        Directory.Exists(_folder.File("datasets/synthetic")).ShouldBeFalse();
    }

    [Fact]
    public async Task Lists_imported_datasets_by_name()
    {
        foreach (var name in new[] { "zebra", "ant" })
            await _registry.ImportAsync(s_small with { Name = name }, null, CancellationToken.None);
        _registry.List().Select(d => d.Name).ShouldBe(["synthetic", "ant", "zebra"]);
        _registry.Find("ant")!.Total(DatasetSplit.Test).ShouldBe(7);
    }

    [Fact]
    public async Task Leaves_a_dataset_out_of_the_list_when_its_description_is_damaged()
    {
        await _registry.ImportAsync(s_small, null, CancellationToken.None);
        File.WriteAllText(_folder.File("datasets/small/dataset.json"), "{ \"name\": ");
        _registry.List().Select(d => d.Name).ShouldBe(["synthetic"]);
        Should.Throw<DatasetException>(() => _registry.Open("small")).Message.ShouldContain("dataset.json");
    }

    [Theory]
    [InlineData("")]
    [InlineData("../etc")]
    [InlineData("Upper")]
    [InlineData("-dash")]
    [InlineData("line\n")]
    [InlineData("a/b")]
    public async Task Refuses_names_that_are_not_plain_words(string name)
    {
        _registry.Find(name).ShouldBeNull();
        Should.Throw<NotFoundException>(() => _registry.Open(name));
        Should.Throw<NotFoundException>(() => _registry.Delete(name));
        await Should.ThrowAsync<DatasetException>(() =>
            _registry.ImportAsync(s_small with { Name = name }, null, CancellationToken.None)
        );
    }

    public static TheoryData<ImportRequest, string> BadRequests =>
        new()
        {
            { s_small with { Kind = "jpeg" }, "'jpeg' is not a kind" },
            { s_small with { Size = 4 }, "8 to 512" },
            { s_small with { Channels = 2 }, "1 or 3 channels" },
            { s_small with { Channels = 1 }, "3 channels" },
            { s_small with { ValidationFraction = 0.7 }, "0 to 0.5" },
            { s_small with { TestFraction = double.NaN }, "0 to 0.5" },
            { s_small with { Synthetic = new(100, 6, 100) }, "at least 7" },
            { s_small with { Name = "synthetic" }, "built-in" },
        };

    [Theory]
    [MemberData(nameof(BadRequests))]
    public async Task Refuses_a_request_that_cannot_be_done_and_says_why(ImportRequest request, string reason)
    {
        var error = await Should.ThrowAsync<DatasetException>(() =>
            _registry.ImportAsync(request, null, CancellationToken.None)
        );
        error.Message.ShouldContain(reason);
        Directory.Exists(_folder.File("datasets/small")).ShouldBeFalse();
    }

    [Fact]
    public async Task Replaces_a_dataset_only_when_asked_to()
    {
        await _registry.ImportAsync(s_small, null, CancellationToken.None);
        var other = s_small with { Seed = 5 };
        var error = await Should.ThrowAsync<DatasetException>(() =>
            _registry.ImportAsync(other, null, CancellationToken.None)
        );
        error.Message.ShouldContain("exists already");
        var report = await _registry.ImportAsync(other with { Replace = true }, null, CancellationToken.None);
        _registry.Find("small")!.Hash.ShouldBe(report.Dataset.Hash);
    }

    [Fact]
    public async Task Clears_away_what_a_killed_import_left()
    {
        File.WriteAllText(_folder.File("datasets/.small.partial/faces.bin"), "half a cache");
        await _registry.ImportAsync(s_small, null, CancellationToken.None);
        using var faces = _registry.Open("small");
        faces.Verify();
    }

    [Fact]
    public async Task Refuses_a_second_import_of_a_name_while_the_first_is_under_way()
    {
        using var held = new DatasetFolder(_folder.File("datasets/x")[..^2], "small").TryLock();
        held.ShouldNotBeNull();
        var error = await Should.ThrowAsync<DatasetException>(() =>
            _registry.ImportAsync(s_small, null, CancellationToken.None)
        );
        error.Message.ShouldContain("under way");
        _registry.Unfinished().ShouldBeEmpty();
        Should.Throw<DatasetException>(() => _registry.Discard("small")).Message.ShouldContain("under way");
    }
}
