using System.Text.Json;
using SqsNet.Engine.Data;

namespace SqsNet.Engine.Tests.Data;

internal static class Some
{
    /// <summary>A dataset's description as text, to compare by value.</summary>
    public static string Json(DatasetInfo info) => JsonSerializer.Serialize(info, DatasetFolder.Json);
}
