using System.IO.Compression;
using System.Text;
using static SqsNet.Torch.torch;

namespace SqsNet.Torch.Tests.Serialization;

/// <summary>Checkpoints that PyTorch wrote (tests/reference/pytorch/make.py), and those that nobody should write.</summary>
public sealed class PytorchCheckpointTests : ScopedTest
{
    private static readonly string _files = Path.Combine(Reference.Root, "tests", "reference", "pytorch");
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"sqsnet-{Guid.NewGuid():N}.pth");

    [Theory]
    [InlineData("zip.pth")]
    [InlineData("legacy.pth")]
    [InlineData("protocol4.pth")]
    [InlineData("training.pth")] // the dictionary is one entry among others, of a network that was spread over devices
    public void Every_tensor_has_the_type_shape_and_values_that_it_had_in_PyTorch(string file)
    {
        var row = arange(0, 24).to(float32);
        var expected = new OrderedDictionary<string, Tensor>
        {
            ["weight"] = row.narrow(0, 0, 12).view(3, 4) / 8,
            ["transposed"] = row.view(4, 6).t(),
            ["shared"] = row.narrow(0, 12, 6),
            ["half"] = tensor<float>([0.5f, -2]).to(float16),
            ["brain"] = tensor<float>([1.5f, 3]).to(bfloat16),
            ["double"] = tensor<double>([1e-300]),
            ["bytes"] = tensor<byte>([0, 255]),
            ["truth"] = tensor<bool>([true, false]),
            ["parameter"] = tensor<float>([7]),
            ["scalar"] = tensor(3L),
            ["empty"] = zeros(0, 3),
        };

        var loaded = WeightsFile.Load(Path.Combine(_files, file));

        loaded.Keys.ShouldBe(expected.Keys);
        foreach (var (name, value) in expected)
        {
            loaded[name].dtype.ShouldBe(value.dtype, name);
            loaded[name].shape.ShouldBe(value.shape, name);
            loaded[name].equal(value).ShouldBeTrue(name);
        }
    }

    [Fact]
    public void A_network_saved_as_an_object_is_refused_by_the_name_of_its_class() =>
        Refused(Path.Combine(_files, "whole_module.pth"), "torch.nn.modules.linear.Linear", "save_file");

    public static TheoryData<string, string> HostilePickles =>
        new()
        {
            { "cos\nsystem\n(X\u0004\0\0\0exittR.", "os.system" },
            { "cbuiltins\neval\n(X\u0001\0\0\01tR.", "builtins.eval" },
            { "\u0080\u0002ctorch.nn.modules.linear\nLinear\n)\u0081.", "torch.nn.modules.linear.Linear" },
            { "(X\u0002\0\0\0osX\u0006\0\0\0systemi", "INST" },
            { "ccollections\nOrderedDict\n)\u0081.", "NEWOBJ" },
            { "(ccollections\nOrderedDict\no.", "OBJ" },
            { "ctorch\nFloatStorage\n)R.", "calls torch.FloatStorage" },
            { "\u0082\u0001.", "EXT" },
            { "P1\n.", "PERSID" },
            { "}.", "no dictionary of tensors" },
            { "].", "no dictionary" },
            { "N.", "no dictionary" },
            { ".", "stack" },
            { "(t", "ends early" },
            { "t.", "mark" },
            { "}(X\u0001\0\0\0au.", "key without a value" },
            { "}NNs.", "key that is None" },
            { "h\u0007.", "recalls 7" },
            { "X\u00ff\u00ff\u00ff\u00ff.", "ends early" },
            { "\u008d\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff.", "ends early" },
            { "\u0080\u0009N.", "protocol 9" },
            { "N)b.", "an object that is no dictionary" },
            { "K\u0001Q.", "unknown way" },
            { $"}}X\u0001\0\0\0a{Tensor(elements: 4, offset: 0, size: 1000, stride: 0)}s.", "reaches beyond" },
            { $"}}X\u0001\0\0\0a{Tensor(elements: 4, offset: 3, size: 2, stride: 1)}s.", "reaches beyond" },
            { $"}}X\u0001\0\0\0a{Tensor(elements: 4, offset: 0, size: 2, stride: 9)}s.", "reaches beyond" },
            { $"}}X\u0001\0\0\0a{Tensor(elements: 100, offset: 0, size: 1, stride: 1)}s.", "has 16 bytes" },
            {
                $"}}X\u0001\0\0\0a{Tensor(elements: 4, offset: 0, size: 255, stride: 255, storage: "1")}s.",
                "lacks the storage 1"
            },
        };

    [Theory]
    [MemberData(nameof(HostilePickles))]
    public void A_hostile_pickle_is_refused_with_what_it_holds(string pickle, string named)
    {
        using (var archive = ZipFile.Open(_path, ZipArchiveMode.Create))
        {
            Write(archive, "x/data.pkl", Encoding.Latin1.GetBytes(pickle), CompressionLevel.NoCompression);
            Write(archive, "x/data/0", new byte[16], CompressionLevel.NoCompression);
        }
        Refused(_path, named);
    }

    [Fact]
    public void A_compressed_entry_that_could_fill_the_memory_is_refused()
    {
        using (var archive = ZipFile.Open(_path, ZipArchiveMode.Create))
            Write(archive, "x/data.pkl", new byte[1 << 20], CompressionLevel.Optimal);
        Refused(_path, "compressed");
    }

    [Fact]
    public void Big_ends_are_refused()
    {
        using (var archive = ZipFile.Open(_path, ZipArchiveMode.Create))
        {
            Write(archive, "x/data.pkl", "}."u8.ToArray(), CompressionLevel.NoCompression);
            Write(archive, "x/byteorder", "big"u8.ToArray(), CompressionLevel.NoCompression);
        }
        Refused(_path, "big end");
    }

    [Fact]
    public void An_archive_of_something_else_is_refused()
    {
        using (var archive = ZipFile.Open(_path, ZipArchiveMode.Create))
            Write(archive, "readme.txt", new byte[8], CompressionLevel.NoCompression);
        Refused(_path, "data.pkl");
    }

    /// <summary>Whatever is done to a file, it is read or refused: no other exception, no crash.</summary>
    [Theory]
    [InlineData("zip.pth")]
    [InlineData("legacy.pth")]
    public void Damaged_files_are_read_or_refused(string file)
    {
        var whole = File.ReadAllBytes(Path.Combine(_files, file));
        var random = new Random(20);
        var refused = 0;
        for (var i = 0; i < 3000; i++)
        {
            var bytes = i % 3 == 0 ? whole[..random.Next(whole.Length)] : [.. whole];
            for (var flips = i % 3 == 0 ? 0 : 1 + random.Next(4); flips > 0; flips--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            File.WriteAllBytes(_path, bytes);
            try
            {
                using var scope = NewDisposeScope();
                _ = WeightsFile.Load(_path);
            }
            catch (InvalidDataException)
            {
                refused++;
            }
        }
        refused.ShouldBeInRange(1000, 3000);
        File.Delete(_path);
    }

    /// <summary>A pickled float tensor of one dimension; every number below 256.</summary>
    private static string Tensor(int elements, int offset, int size, int stride, string storage = "0") =>
        "ctorch._utils\n_rebuild_tensor_v2\n((X\u0007\0\0\0storagectorch\nFloatStorage\n"
        + $"X\u0001\0\0\0{storage}X\u0003\0\0\0cpu{Number(elements)}tQ"
        + $"{Number(offset)}({Number(size)}t({Number(stride)}t\u0089}}tR";

    private static string Number(int value) => $"M{(char)(value & 255)}{(char)(value >> 8)}";

    private static void Write(ZipArchive archive, string name, byte[] bytes, CompressionLevel level)
    {
        using var entry = archive.CreateEntry(name, level).Open();
        entry.Write(bytes);
    }

    private void Refused(string path, params string[] named)
    {
        var before = TorchRuntime.LiveTensors;
        var error = Should.Throw<InvalidDataException>(() => WeightsFile.Load(path));
        foreach (var part in (string[])[path, .. named])
            error.Message.ShouldContain(part);
        TorchRuntime.LiveTensors.ShouldBe(before);
        File.Delete(_path);
    }
}
