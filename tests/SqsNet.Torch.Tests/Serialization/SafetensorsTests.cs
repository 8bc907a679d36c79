using System.Buffers.Binary;
using System.Text;
using static SqsNet.Torch.torch;

namespace SqsNet.Torch.Tests.Serialization;

public sealed class SafetensorsTests : ScopedTest
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"sqsnet-{Guid.NewGuid():N}.safetensors");

    [Fact]
    public void Every_type_and_shape_survives_the_round_trip()
    {
        var tensors = new OrderedDictionary<string, Tensor>
        {
            ["bytes"] = tensor<byte>([1, 2, 255]),
            ["floats"] = randn(3, 4),
            ["transposed"] = randn(3, 4).t(),
            ["doubles"] = randn([2, 2], float64),
            ["longs"] = tensor<long>([long.MinValue, 5]),
            ["scalar"] = tensor(3.5),
            ["empty"] = zeros(0, 3),
            ["truth"] = tensor<bool>([true, false]),
            ["short"] = randn(5).to(bfloat16),
            ["half"] = randn(5).to(float16),
            ["näme \"quoted\""] = ones(1),
        };
        Use(() =>
        {
            Safetensors.Save(_path, tensors, new Dictionary<string, string> { ["format"] = "pt" });
            var loaded = Safetensors.Load(_path);
            loaded.Keys.ShouldBe(tensors.Keys);
            foreach (var (name, expected) in tensors)
            {
                loaded[name].dtype.ShouldBe(expected.dtype);
                loaded[name].equal(expected).ShouldBeTrue(name);
            }
            Safetensors.ReadHeader(_path).Metadata["format"].ShouldBe("pt");
            (Safetensors.ReadHeader(_path).DataStart % 8).ShouldBe(0);
            Directory.GetFiles(Path.GetDirectoryName(_path)!, Path.GetFileName(_path) + "*").Length.ShouldBe(1);
        });
    }

    [Fact]
    public void The_bytes_are_those_of_the_format() =>
        Use(() =>
        {
            Safetensors.Save(_path, [("x", tensor<float>([1, 2]))]);
            var bytes = File.ReadAllBytes(_path);
            const string json = """{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""";
            BinaryPrimitives.ReadUInt64LittleEndian(bytes).ShouldBe(56ul);
            Encoding.UTF8.GetString(bytes, 8, 56).ShouldBe(json.PadRight(56));
            bytes[64..].ShouldBe([0, 0, 128, 63, 0, 0, 0, 64]);
        });

    [Fact]
    public void Saving_replaces_the_old_file_and_a_failure_leaves_it() =>
        Use(() =>
        {
            Safetensors.Save(_path, [("x", ones(1))]);
            Safetensors.Save(_path, [("x", ones(1) * 2)]);
            Safetensors.Load(_path)["x"].ToDouble().ShouldBe(2);
            var gone = ones(1);
            gone.Dispose();
            Should.Throw<ObjectDisposedException>(() => Safetensors.Save(_path, [("x", gone)]));
            Should.Throw<ArgumentException>(() => Safetensors.Save(_path, [("x", ones(1)), ("x", ones(1))]));
            Should.Throw<ArgumentException>(() => Safetensors.Save(_path, [("__metadata__", ones(1))]));
            Safetensors.Load(_path)["x"].ToDouble().ShouldBe(2);
        });

    public static TheoryData<string, string, int> HostileHeaders =>
        new()
        {
            { "no JSON", "this is not JSON", 0 },
            { "an array", "[]", 0 },
            { "unknown type", """{"x":{"dtype":"F99","shape":[1],"data_offsets":[0,4]}}""", 4 },
            { "type is a number", """{"x":{"dtype":1,"shape":[1],"data_offsets":[0,4]}}""", 4 },
            { "no type", """{"x":{"shape":[1],"data_offsets":[0,4]}}""", 4 },
            { "no shape", """{"x":{"dtype":"F32","data_offsets":[0,4]}}""", 4 },
            { "no offsets", """{"x":{"dtype":"F32","shape":[1]}}""", 4 },
            { "an extra property", """{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"run":"me"}}""", 4 },
            { "one offset", """{"x":{"dtype":"F32","shape":[1],"data_offsets":[4]}}""", 4 },
            { "offsets turned round", """{"x":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}""", 4 },
            { "negative offset", """{"x":{"dtype":"F32","shape":[1],"data_offsets":[-4,0]}}""", 4 },
            { "a fraction as offset", """{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4.5]}}""", 4 },
            { "beyond the end", """{"x":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}""", 4 },
            {
                "huge offsets",
                """{"x":{"dtype":"U8","shape":[9223372036854775807],"data_offsets":[0,9223372036854775807]}}""",
                4
            },
            { "shape larger than its bytes", """{"x":{"dtype":"F32","shape":[1000],"data_offsets":[0,4]}}""", 4 },
            { "negative size", """{"x":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", 4 },
            { "two negative sizes", """{"x":{"dtype":"F32","shape":[-1,-1],"data_offsets":[0,4]}}""", 4 },
            {
                "a product that overflows to its bytes",
                """{"x":{"dtype":"U8","shape":[4294967296,4294967296],"data_offsets":[0,0]}}""",
                0
            },
            {
                "an overlap",
                """{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"y":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}""",
                12
            },
            {
                "the same bytes twice",
                """{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"y":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""",
                4
            },
            {
                "a gap",
                """{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"y":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}""",
                12
            },
            { "bytes left over", """{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 8 },
            {
                "a name twice",
                """{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"x":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""",
                8
            },
            { "metadata that is no text", """{"__metadata__":{"a":1}}""", 0 },
            { "deep nesting", string.Concat(Enumerable.Repeat("{\"a\":", 1000)), 0 },
        };

    [Theory]
    [MemberData(nameof(HostileHeaders))]
    public void A_hostile_header_is_refused(string what, string json, int bytes)
    {
        what.ShouldNotBeEmpty();
        Refused([
            .. Length((ulong)Encoding.UTF8.GetByteCount(json)),
            .. Encoding.UTF8.GetBytes(json),
            .. new byte[bytes],
        ]);
    }

    [Fact]
    public void A_length_that_lies_is_refused()
    {
        Refused([]);
        Refused([1, 2, 3]);
        Refused(Length(0));
        Refused([.. Length(ulong.MaxValue), .. "{}"u8]);
        Refused([.. Length(1UL << 40), .. "{}"u8]);
        Refused([.. Length(100), .. "{}"u8]);
    }

    [Fact]
    public void Every_truncation_of_a_good_file_is_refused()
    {
        byte[] whole = [];
        Use(() =>
        {
            Safetensors.Save(_path, [("x", randn(3)), ("y", arange(2))]);
            whole = File.ReadAllBytes(_path);
        });
        for (var length = 0; length < whole.Length; length++)
        {
            Refused(whole[..length]);
        }
    }

    private static byte[] Length(ulong length)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, length);
        return bytes;
    }

    private void Refused(byte[] file) =>
        Use(() =>
        {
            File.WriteAllBytes(_path, file);
            var error = Should.Throw<InvalidDataException>(() => Safetensors.Load(_path));
            error.Message.ShouldStartWith(_path);
            error.Message.ShouldEndWith("Copy it again from where it came.");
        });

    private void Use(Action action)
    {
        try
        {
            action();
        }
        finally
        {
            File.Delete(_path);
        }
    }
}
