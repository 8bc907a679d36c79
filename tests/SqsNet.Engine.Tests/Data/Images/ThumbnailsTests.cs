using SqsNet.Engine.Data;

namespace SqsNet.Engine.Tests.Data.Images;

public sealed class ThumbnailsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_sheet_shows_the_faces_row_by_row()
    {
        var registry = new DatasetRegistry(new() { DataDirectory = _folder.Path });
        var request = new ImportRequest("synthetic", null, "some") { Size = 8, Synthetic = new(7, 7, 7) };
        await registry.ImportAsync(request, null, TestContext.Current.CancellationToken);
        using var faces = registry.Open("some");
        var sheet = Thumbnails.Sheet(faces, [3, 0, 5], columns: 2);
        ImageFile.Probe(sheet).ShouldBe(new(16, 16, 3));
        ImageFile.Decode(sheet, 3, 8, 8, new(8, 0, 8, 8)).ShouldBe(faces.Pixels(0).ToArray());
        ImageFile.Decode(sheet, 3, 8, 8, new(0, 8, 8, 8)).ShouldBe(faces.Pixels(5).ToArray());
        ImageFile.Decode(sheet, 3, 8, 8, new(8, 8, 8, 8)).ShouldAllBe(p => p == 0);
        ImageFile.Probe(Thumbnails.Sheet(faces, [1, 2], columns: 50)).ShouldBe(new(16, 8, 3));
        Should.Throw<ArgumentOutOfRangeException>(() => Thumbnails.Sheet(faces, [21], 1));
        Should.Throw<ArgumentOutOfRangeException>(() => Thumbnails.Sheet(faces, [], 1));
    }
}
