using SqsNet.Engine.Data;

namespace SqsNet.Engine.Tests.Data.Import;

/// <summary>A registry of its own and a folder to import from.</summary>
public abstract class ImporterTests : IDisposable
{
    private readonly TemporaryFolder _data = new();

    private protected TemporaryFolder Source { get; } = new();

    private protected DatasetRegistry Registry { get; }

    private protected string DatasetsPath => Path.Combine(_data.Path, "datasets");

    protected ImporterTests() => Registry = new(new() { DataDirectory = _data.Path });

    public void Dispose()
    {
        _data.Dispose();
        Source.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected Task<ImportReport> ImportAsync(string kind, Func<ImportRequest, ImportRequest>? change = null)
    {
        var request = new ImportRequest(kind, Source.Path, "faces");
        return Registry.ImportAsync(change?.Invoke(request) ?? request, null, TestContext.Current.CancellationToken);
    }

    private protected void Write(string file, byte[] bytes) => File.WriteAllBytes(Source.File(file), bytes);

    private protected void WriteLines(string file, params IEnumerable<string> lines) =>
        File.WriteAllLines(Source.File(file), lines);
}
