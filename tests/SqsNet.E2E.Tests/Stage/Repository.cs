using System.Runtime.CompilerServices;

namespace SqsNet.E2E.Tests.Stage;

/// <summary>Where things lie in the repository.</summary>
internal static class Repository
{
    /// <summary>The repository's root.</summary>
    public static string Root { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "../../.."));

    /// <summary>The dashboard's program, as "./sqsnet serve" starts it.</summary>
    public static string Program { get; } = Path.Combine(Root, "SqsNet.Web/bin/Release/net10.0/SqsNet.Web.dll");

    /// <summary>What is kept of tests that fail, and every server's log.</summary>
    public static string Evidence { get; } = Folder("artifacts/e2e");

    /// <summary>Pictures of the main pages, to be looked at.</summary>
    public static string Screenshots { get; } = Folder("artifacts/screenshots");

    private static string Folder(string relative) => Directory.CreateDirectory(Path.Combine(Root, relative)).FullName;

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
