using System.Globalization;

namespace SqsNet.Engine.Data;

/// <summary>What people can do about what an import could not use.</summary>
public static class ImportRemedies
{
    /// <summary>How many of a kind there are, and the remedy: "2 broken images: get again, or remove."</summary>
    /// <param name="kind">The kind of problem.</param>
    /// <param name="count">How many of it there are.</param>
    public static string Sentence(ImportProblemKind kind, int count)
    {
        var (one, many, remedy) = Of(kind);
        return $"{count.ToString("N0", CultureInfo.InvariantCulture)} {(count == 1 ? one : many)}: {remedy}.";
    }

    private static (string One, string Many, string Remedy) Of(ImportProblemKind kind) =>
        kind switch
        {
            ImportProblemKind.BrokenImage => ("broken image", "broken images", "get again, or remove"),
            ImportProblemKind.UnsupportedFormat => (
                "image of another format",
                "images of another format",
                "save as JPEG, PNG or BMP; an ending alone changes nothing"
            ),
            ImportProblemKind.ImageTooLarge => (
                "image that claims to be too large",
                "images that claim to be too large",
                "make smaller; a small file of this kind is damaged or hostile"
            ),
            ImportProblemKind.MissingImage => (
                "image that is not there",
                "images that are not there",
                "unpack all images again"
            ),
            ImportProblemKind.UnreadableFile => (
                "file that cannot be read",
                "files that cannot be read",
                "let the user of the program read what is there, or check the disk"
            ),
            ImportProblemKind.BadRow => (
                "row that is not as it should be",
                "rows that are not as they should be",
                "get the label file again, or mend it"
            ),
            ImportProblemKind.MissingLabel => (
                "image without a label",
                "images without a label",
                "get the label file again, or remove what it lacks"
            ),
            ImportProblemKind.UnsafeName => (
                "entry that points outside of its archive",
                "entries that point outside of their archive",
                "get the archive from its authors"
            ),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "unknown kind"),
        };
}
