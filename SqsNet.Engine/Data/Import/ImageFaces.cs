namespace SqsNet.Engine.Data;

/// <summary>What the importers of image files have in common.</summary>
internal static class ImageFaces
{
    // Headers looked at to find the usual size and whether there is colour.
    private const int Probed = 400;

    private const int SmallestSide = 32;
    private const int LargestSide = 224;

    /// <summary>A face that is an image, or the part of it in a box.</summary>
    public static FaceSource FromFile(
        ImageBytes image,
        string name,
        int label,
        DatasetSplit split,
        FaceShape shape,
        ImageBox? box = null
    ) =>
        new(name, label, split)
        {
            File = image.File,
            Make = () => new(ImageFile.Decode(image.Read(), shape.Channels, shape.Width, shape.Height, box), []),
        };

    /// <summary>
    /// Side and channels to store: as asked for, otherwise the median of the images' shorter sides (32 to 224), and gray
    /// when every image is.
    /// </summary>
    public static (int Side, int Channels) ChooseShape(
        ImportRequest request,
        IReadOnlyList<ImageBytes> images,
        CancellationToken cancellationToken
    )
    {
        if (request is { Size: { } size, Channels: { } channels })
            return (size, channels);
        var sides = new List<int>();
        var colour = false;
        var step = Math.Max(1, images.Count / Probed);
        for (var i = 0; i < images.Count; i += step)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (FindHeader(images[i]) is not { } header)
                continue;
            sides.Add(Math.Min(header.Width, header.Height));
            colour |= header.Channels >= 3;
        }
        sides.Sort();
        var median = sides.Count == 0 ? LargestSide : sides[sides.Count / 2];
        var side = request.Size ?? Math.Clamp(median, SmallestSide, LargestSide);
        return (side, request.Channels ?? (colour || sides.Count == 0 ? 3 : 1));
    }

    // An image that cannot be read is reported when it is decoded, not here.
    private static ImageHeader? FindHeader(ImageBytes image)
    {
        try
        {
            return ImageFile.Probe(image.Read());
        }
        catch (Exception e)
            when (e is FaceProblemException or IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return null;
        }
    }
}
