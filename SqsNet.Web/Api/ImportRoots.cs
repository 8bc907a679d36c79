namespace SqsNet.Web.Api;

/// <summary>The folders that may be imported: those that lie directly under the roots that the operator configured.</summary>
public static class ImportRoots
{
    /// <summary>
    /// Path by name. Clients choose a name of this list; no part of a path ever comes from a client. Where two roots
    /// hold the same name, the first root has it.
    /// </summary>
    public static IReadOnlyDictionary<string, string> Folders(SqsNetOptions options)
    {
        var folders = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var root in options.ImportRoots.Where(Directory.Exists))
        {
            foreach (var folder in Directory.EnumerateDirectories(root))
                folders.TryAdd(Path.GetFileName(folder), folder);
        }
        return folders;
    }
}
