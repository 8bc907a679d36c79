using SqsNet.Engine.Sweeps;

namespace SqsNet.Web.Components.NewSweep;

/// <summary>The words of an enumeration with their meaning, for choices.</summary>
internal static class Words
{
    /// <summary>Every value as its word in the specification, described by <paramref name="text"/>.</summary>
    internal static IReadOnlyList<(string Value, string Text)> Of<T>(Func<T, string> text)
        where T : struct, Enum => [.. Enum.GetValues<T>().Select(value => (SweepSpecJson.Word(value), text(value)))];
}
