namespace SqsNet.Engine.Tests.Data;

/// <summary>Collections of real faces that lie outside of the repository; tests that need them skip where they are not.</summary>
internal static class SharedData
{
    private static readonly string? s_root = FindRoot();

    /// <summary>The folder, or the end of the test, skipped with a reason.</summary>
    public static string Require(string folder)
    {
        var path = s_root is null ? null : Path.Combine(s_root, "data", folder);
        Assert.SkipWhen(
            path is null || !Path.Exists(path),
            $"needs real faces: a folder 'data/{folder}' in $SQSNET_SHARED or in 'shared' beside the repository"
        );
        return path!;
    }

    private static string? FindRoot()
    {
        if (Environment.GetEnvironmentVariable("SQSNET_SHARED") is { Length: > 0 } named)
            return named;
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "SqsNet.sln")))
                return folder.Parent is { } beside ? Path.Combine(beside.FullName, "shared") : null;
        }
        return null;
    }
}
