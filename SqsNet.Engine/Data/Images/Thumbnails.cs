namespace SqsNet.Engine.Data;

/// <summary>Pictures of faces for people to look at.</summary>
public static class Thumbnails
{
    /// <summary>One PNG of many faces, row by row, as they are stored: one request where a page shows dozens.</summary>
    /// <param name="dataset">The faces.</param>
    /// <param name="faces">Indices of faces, one or more.</param>
    /// <param name="columns">Faces in a row, 1 or more.</param>
    /// <returns>A whole PNG file; what the last row leaves free is black.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such face, none is asked for, or no column.</exception>
    public static byte[] Sheet(FaceDataset dataset, IReadOnlyList<int> faces, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        ArgumentOutOfRangeException.ThrowIfZero(faces.Count, nameof(faces));
        var info = dataset.Info;
        columns = Math.Min(columns, faces.Count);
        var rows = (faces.Count + columns - 1) / columns;
        var line = info.Width * info.Channels;
        var pixels = new byte[rows * info.Height * columns * line];
        for (var i = 0; i < faces.Count; i++)
        {
            var face = dataset.Pixels(faces[i]);
            var corner = (((i / columns * info.Height * columns) + (i % columns)) * line);
            for (var y = 0; y < info.Height; y++)
                face.Slice(y * line, line).CopyTo(pixels.AsSpan(corner + (y * columns * line)));
        }
        return Png.Encode(pixels, columns * info.Width, rows * info.Height, info.Channels);
    }
}
