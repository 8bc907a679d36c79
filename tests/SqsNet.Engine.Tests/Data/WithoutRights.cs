using System.Runtime.InteropServices;

namespace SqsNet.Engine.Tests.Data;

/// <summary>Takes the calling thread's rights over other people's files away until it is disposed, also from root.</summary>
internal sealed partial class WithoutRights : IDisposable
{
    private const uint Nobody = 65534;

    private readonly int _before = SetUser(Nobody);

    public void Dispose() => _ = SetUser((uint)_before);

    // Linux keeps the user for file access per thread, and returns the one before.
    [LibraryImport("libc", EntryPoint = "setfsuid")]
    private static partial int SetUser(uint user);
}
