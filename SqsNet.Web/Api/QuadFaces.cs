using System.Globalization;

namespace SqsNet.Web.Api;

/// <summary>The four faces of a quad as they stand in an address: "12-40-77-93" for A, P, N1 and N2.</summary>
public static class QuadFaces
{
    /// <summary>Reads the four.</summary>
    /// <returns>Null where it is something else.</returns>
    public static IReadOnlyList<int>? Parse(string? text)
    {
        var faces = (text ?? "").Split('-');
        if (faces.Length != 4)
            return null;
        var numbers = new int[4];
        for (var i = 0; i < 4; i++)
            if (!int.TryParse(faces[i], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[i]))
                return null;
        return numbers;
    }

    /// <summary>Writes the four.</summary>
    public static string Write(IReadOnlyList<int> faces) => string.Join('-', faces);
}
