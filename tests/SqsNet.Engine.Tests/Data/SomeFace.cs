using System.Text.Json;
using SqsNet.Engine.Data;

namespace SqsNet.Engine.Tests.Data;

/// <summary>Plain images for tests.</summary>
internal static class SomeFace
{
    /// <summary>A JPEG of 16 x 16: left half (220, 40, 30), right half (30, 60, 200), full colour resolution.</summary>
    public static readonly byte[] Jpeg = Convert.FromBase64String(
        "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAMCAgMCAgMDAwMEAwMEBQgFBQQEBQoHBwYIDAoMDAsKCwsNDhIQDQ4RDgsLEBYQERMU"
            + "FRUVDA8XGBYUGBIUFRT/2wBDAQMEBAUEBQkFBQkUDQsNFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQU"
            + "FBQUFBQUFBT/wAARCAAQABADAREAAhEBAxEB/8QAFAABAAAAAAAAAAAAAAAAAAAAB//EABQQAQAAAAAAAAAAAAAAAAAAAAD/xAAW"
            + "AQEBAQAAAAAAAAAAAAAAAAAJBwj/xAAUEQEAAAAAAAAAAAAAAAAAAAAA/9oADAMBAAIRAxEAPwAiSJvMcklGORhtE4HJJRjv/9k="
    );

    /// <summary>Pixels without a pattern, the same every time.</summary>
    public static byte[] Pixels(int width, int height, int channels) =>
        [.. Enumerable.Range(1, width * height * channels).Select(i => (byte)((i * 7919) >> 3))];

    /// <summary>A gray PNG of one shade.</summary>
    public static byte[] GrayPng(byte shade, int side = 8)
    {
        var pixels = new byte[side * side];
        Array.Fill(pixels, shade);
        return Png.Encode(pixels, side, side, 1);
    }

    /// <summary>A dataset's description as text, to compare by value.</summary>
    public static string Json(DatasetInfo info) => JsonSerializer.Serialize(info, DatasetFolder.Json);
}
