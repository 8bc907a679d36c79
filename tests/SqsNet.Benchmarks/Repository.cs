namespace SqsNet.Benchmarks;

internal static class Repository
{
    /// <summary>The repository's root, found upwards from the program's own folder.</summary>
    internal static string Root { get; } = Find();

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "SqsNet.sln")))
        {
            folder = folder.Parent;
        }
        return folder?.FullName ?? throw new DirectoryNotFoundException("The benchmarks run inside of the repository.");
    }
}
