using System.Text;
using SqsNet.Engine.Data;

namespace SqsNet.Engine.Tests.Data.Import;

public class NpyScalarTests
{
    public static TheoryData<string, byte[], double?> Types =>
        new()
        {
            { "<U2", Encoding.UTF32.GetBytes("10"), 10 },
            { "<U5", Encoding.UTF32.GetBytes("-0.25"), -0.25 },
            { "<U3", Encoding.UTF32.GetBytes("5\0\0"), 5 },
            { "|S1", "3"u8.ToArray(), 3 },
            { "<i8", [255, 255, 255, 255, 255, 255, 255, 255], -1 },
            { "<i4", [4, 0, 0, 0], 4 },
            { "<i2", [4, 1], 260 },
            { "|i1", [254], -2 },
            { "|u1", [254], 254 },
            { "<f8", BitConverter.GetBytes(1.5), 1.5 },
            { "<f4", BitConverter.GetBytes(0.5f), 0.5 },
            { ">i4", [0, 0, 0, 4], null },
            { "<i4", [4, 0, 0], null },
            { "|O", [1, 2, 3], null },
            { "<U0", [], null },
            { "<U1", Encoding.UTF32.GetBytes("?"), null },
        };

    [Theory]
    [MemberData(nameof(Types))]
    public void Numbers_of_every_type_are_read_and_all_else_is_none(string type, byte[] data, double? expected) =>
        NpyScalar.Read(AffectNetImporterTests.Npy(type, data)).ShouldBe(expected);

    [Fact]
    public void Arrays_of_more_than_one_are_not_a_number() =>
        NpyScalar.Read(AffectNetImporterTests.Npy("|u1", [1, 2], "(2,)")).ShouldBeNull();

    [Fact]
    public void No_cut_of_a_file_does_harm()
    {
        var file = AffectNetImporterTests.Npy("<i4", [4, 0, 0, 0]);
        for (var length = 0; length < file.Length; length++)
            NpyScalar.Read(file.AsSpan(0, length)).ShouldBeNull();
        file[8] = 255;
        file[9] = 255;
        NpyScalar.Read(file).ShouldBeNull();
    }
}
