using SqsNet.Engine.Data;

namespace SqsNet.Engine.Tests.Data.Cache;

public sealed class FaceDatasetTests : IDisposable
{
    private static readonly ImportRequest s_small = new("synthetic", null, "small")
    {
        Size = 16,
        Seed = 3,
        Synthetic = new(21, 14, 14),
    };

    private readonly TemporaryFolder _folder = new();
    private readonly DatasetRegistry _registry;

    public FaceDatasetTests() => _registry = new(new() { DataDirectory = _folder.Path });

    private string FacesPath => _folder.File("datasets/small/faces.bin");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Opens_with_the_faces_that_were_imported()
    {
        var report = await _registry.ImportAsync(s_small, null, CancellationToken.None);
        using var faces = _registry.Open("small");
        faces.Count.ShouldBe(49);
        SomeFace.Json(faces.Info).ShouldBe(SomeFace.Json(report.Dataset));
        faces.Indices(DatasetSplit.Validation).ShouldBe(Enumerable.Range(21, 14));
        var drawn = SyntheticFaces.Draw(3, 30, faces.Label(30), 16);
        faces.Pixels(30).ToArray().ShouldBe(drawn.Pixels);
        faces.Mask(30).ToArray().ShouldBe(drawn.Mask);
        faces.FileName(30).ShouldBe($"00030-{faces.Info.Classes[faces.Label(30)]}");
        faces.Target(30).IsEmpty.ShouldBeTrue();
        faces.Verify();
    }

    [Fact]
    public async Task Same_request_gives_the_same_hash_and_another_seed_another()
    {
        var first = await _registry.ImportAsync(s_small, null, CancellationToken.None);
        var again = await _registry.ImportAsync(s_small with { Name = "again" }, null, CancellationToken.None);
        var other = await _registry.ImportAsync(
            s_small with
            {
                Name = "other",
                Seed = 4,
            },
            null,
            CancellationToken.None
        );
        again.Dataset.Hash.ShouldBe(first.Dataset.Hash);
        other.Dataset.Hash.ShouldNotBe(first.Dataset.Hash);
    }

    [Fact]
    public async Task Refuses_a_file_that_was_cut_short_and_says_what_to_do()
    {
        await _registry.ImportAsync(s_small, null, CancellationToken.None);
        using (var file = File.OpenWrite(FacesPath))
            file.SetLength(file.Length - 100);
        var error = Should.Throw<DatasetException>(() => _registry.Open("small"));
        error.Message.ShouldContain(FacesPath);
        error.Message.ShouldContain("bytes instead of");
        error.Message.ShouldContain("Delete the dataset 'small' and import it again");
    }

    [Theory]
    [InlineData(0, "not a face cache")]
    [InlineData(8, "format version")]
    [InlineData(20, "header does not match")]
    [InlineData(-3, "index does not match")]
    public async Task Refuses_a_file_with_a_changed_byte(int offset, string fault)
    {
        await _registry.ImportAsync(s_small, null, CancellationToken.None);
        FlipByte(offset);
        Should.Throw<DatasetException>(() => _registry.Open("small")).Message.ShouldContain(fault);
    }

    [Fact]
    public async Task Finds_a_changed_pixel_when_it_reads_the_face()
    {
        await _registry.ImportAsync(s_small, null, CancellationToken.None);
        const int record = (16 * 16 * 3) + (16 * 16);
        FlipByte(4096 + (record * 5) + 7);
        using var faces = _registry.Open("small");
        faces.Pixels(4).Length.ShouldBe(16 * 16 * 3);
        Should.Throw<DatasetException>(() => faces.Pixels(5).Length).Message.ShouldContain("face 5");
        Should.Throw<DatasetException>(faces.Verify);
    }

    [Fact]
    public async Task Refuses_an_empty_file_and_a_missing_one()
    {
        await _registry.ImportAsync(s_small, null, CancellationToken.None);
        File.WriteAllBytes(FacesPath, []);
        Should.Throw<DatasetException>(() => _registry.Open("small"));
        File.Delete(FacesPath);
        Should.Throw<DatasetException>(() => _registry.Open("small")).Message.ShouldContain("cannot be read");
    }

    [Fact]
    public async Task Throws_when_a_face_does_not_exist_or_the_dataset_is_disposed()
    {
        await _registry.ImportAsync(s_small, null, CancellationToken.None);
        var faces = _registry.Open("small");
        Should.Throw<ArgumentOutOfRangeException>(() => faces.Pixels(49).Length);
        Should.Throw<ArgumentOutOfRangeException>(() => faces.Mask(-1).Length);
        faces.Dispose();
        Should.Throw<ObjectDisposedException>(() => faces.Pixels(0).Length);
        faces.Dispose();
    }

    [Fact]
    public async Task Goes_on_reading_a_dataset_that_is_deleted_meanwhile()
    {
        await _registry.ImportAsync(s_small, null, CancellationToken.None);
        using var faces = _registry.Open("small");
        _registry.Delete("small");
        faces.Verify();
        _registry.Find("small").ShouldBeNull();
    }

    private void FlipByte(int offset)
    {
        using var file = File.Open(FacesPath, FileMode.Open);
        file.Position = offset >= 0 ? offset : file.Length + offset;
        var value = (byte)~file.ReadByte();
        file.Position--;
        file.WriteByte(value);
    }
}
