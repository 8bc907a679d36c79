namespace SqsNet.Engine.Data;

/// <summary>What people can do about what an import could not use.</summary>
public static class ImportRemedies
{
    /// <summary>The kind in words, and the remedy: "broken images: get them again".</summary>
    public static (string Words, string Remedy) Of(ImportProblemKind kind) =>
        kind switch
        {
            ImportProblemKind.BrokenImage => ("broken images", "get these files again, or remove them"),
            ImportProblemKind.UnsupportedFormat => (
                "images of another format",
                "save them as JPEG, PNG or BMP; an ending alone changes nothing"
            ),
            ImportProblemKind.ImageTooLarge => (
                "images that claim to be too large",
                "make them smaller; a small file of this kind is damaged or hostile"
            ),
            ImportProblemKind.MissingImage => ("images that are not there", "unpack the images again, all of them"),
            ImportProblemKind.UnreadableFile => (
                "files that cannot be read",
                "let the user of the program read them, or check the disk"
            ),
            ImportProblemKind.BadRow => (
                "rows that are not as they should be",
                "get the label file again, or mend the rows"
            ),
            ImportProblemKind.MissingLabel => (
                "images without a label",
                "get the label file again, or remove the images"
            ),
            ImportProblemKind.UnsafeName => (
                "entries that point outside of their archive",
                "get the archive from its authors"
            ),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "unknown kind"),
        };
}
