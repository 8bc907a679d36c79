using SqsNet.Engine.Data;
using SqsNet.Engine.Training;

namespace SqsNet.Engine.Tests.Training;

public sealed class SimilarityMapsFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SimilarityMaps[] _quads = [Maps(4, 4, 0), Maps(7, 5, 100)];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Maps_come_back_bit_for_bit()
    {
        var path = _folder.File("maps/epoch-0001.maps");
        SimilarityMapsFile.Write(path, _quads);
        var read = SimilarityMapsFile.Read(path);
        read.Count.ShouldBe(2);
        for (var q = 0; q < 2; q++)
        {
            (read[q].Height, read[q].Width).ShouldBe((_quads[q].Height, _quads[q].Width));
            read[q].SAP.ShouldBe(_quads[q].SAP);
            read[q].SAN1.ShouldBe(_quads[q].SAN1);
            read[q].SAN2.ShouldBe(_quads[q].SAN2);
            read[q].R.ShouldBe(_quads[q].R);
            read[q].Norms.Select(Flat).ShouldBe(_quads[q].Norms.Select(Flat));
            read[q].Attention.Select(Flat).ShouldBe(_quads[q].Attention.Select(Flat));
        }
        Directory.GetFiles(_folder.File("maps")).ShouldBe([path], "nothing is left beside the file");
    }

    [Fact]
    public void Any_changed_byte_and_any_cut_is_noticed()
    {
        var path = _folder.File("a.maps");
        SimilarityMapsFile.Write(path, _quads);
        var whole = File.ReadAllBytes(path);
        for (var at = 0; at < whole.Length; at += 13)
        {
            var changed = whole.ToArray();
            changed[at] ^= 0x40;
            File.WriteAllBytes(path, changed);
            Should.Throw<InvalidDataException>(() => SimilarityMapsFile.Read(path), $"byte {at}");
            File.WriteAllBytes(path, whole[..at]);
            Should.Throw<InvalidDataException>(() => SimilarityMapsFile.Read(path), $"cut at {at}");
        }
    }

    [Fact]
    public void A_newer_version_is_named_in_the_message()
    {
        var path = _folder.File("a.maps");
        SimilarityMapsFile.Write(path, _quads);
        var bytes = File.ReadAllBytes(path);
        bytes[4] = 3;
        File.WriteAllBytes(path, bytes);
        Should.Throw<InvalidDataException>(() => SimilarityMapsFile.Read(path)).Message.ShouldContain("version 3");
    }

    [Fact]
    public void A_map_of_the_wrong_size_is_refused() =>
        Should
            .Throw<ArgumentException>(() =>
                SimilarityMapsFile.Write(_folder.File("a.maps"), [_quads[0] with { SAP = new float[15] }])
            )
            .Message.ShouldContain("15 values");

    [Fact]
    public void A_file_of_the_first_version_has_no_maps_of_single_faces()
    {
        // "SQSM", version 1, one quad of 1 x 1 with the values 0.5, 0.25, 0.125 and -1, CRC-32C.
        var path = _folder.File("old.maps");
        byte[] body =
        [
            .. "SQSM"u8,
            .. Ints(1, 1, 1, 1),
            .. new[] { 0.5f, 0.25f, 0.125f, -1f }.SelectMany(BitConverter.GetBytes),
        ];
        File.WriteAllBytes(path, [.. body, .. BitConverter.GetBytes(Crc32C.Compute(body))]);

        var quad = SimilarityMapsFile.Read(path).ShouldHaveSingleItem();

        (quad.SAP[0], quad.R[0]).ShouldBe((0.5f, -1f));
        (quad.Norms.Count, quad.Attention.Count).ShouldBe((0, 0));

        static IEnumerable<byte> Ints(params int[] values) => values.SelectMany(BitConverter.GetBytes);
    }

    [Fact]
    public void Paths_sort_by_epoch()
    {
        SimilarityMapsFile.RelativePath(0).ShouldBe("maps/epoch-0000.maps");
        SimilarityMapsFile.RelativePath(12).ShouldBe("maps/epoch-0012.maps");
    }

    private static string Flat(FaceMap map) => $"{map.Height} x {map.Width}: {string.Join(' ', map.Values)}";

    private static SimilarityMaps Maps(int height, int width, int start)
    {
        float[] Map(int offset) => [.. Enumerable.Range(start + offset, height * width).Select(i => MathF.Sin(i))];
        FaceMap[] Faces(int offset) => [.. Enumerable.Range(offset, 4).Select(i => new FaceMap(height, width, Map(i)))];
        return new(height, width, Map(0), Map(1), Map(2), Map(3))
        {
            Norms = Faces(4),
            Attention = start == 0 ? [] : Faces(8),
        };
    }
}
