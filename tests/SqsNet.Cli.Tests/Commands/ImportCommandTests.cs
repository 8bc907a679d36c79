using SqsNet.Engine.Data;

namespace SqsNet.Cli.Tests.Commands;

public sealed class ImportCommandTests : IDisposable
{
    /// <summary>A JPEG of 16 x 16: left half red, right half blue.</summary>
    private static readonly byte[] s_jpeg = Convert.FromBase64String(
        "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAMCAgMCAgMDAwMEAwMEBQgFBQQEBQoHBwYIDAoMDAsKCwsNDhIQDQ4RDgsLEBYQERMU"
            + "FRUVDA8XGBYUGBIUFRT/2wBDAQMEBAUEBQkFBQkUDQsNFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQU"
            + "FBQUFBQUFBT/wAARCAAQABADAREAAhEBAxEB/8QAFAABAAAAAAAAAAAAAAAAAAAAB//EABQQAQAAAAAAAAAAAAAAAAAAAAD/xAAW"
            + "AQEBAQAAAAAAAAAAAAAAAAAJBwj/xAAUEQEAAAAAAAAAAAAAAAAAAAAA/9oADAMBAAIRAxEAPwAiSJvMcklGORhtE4HJJRjv/9k="
    );

    private readonly string _folder = Directory.CreateTempSubdirectory("sqsnet-import-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_folder_of_PNG_and_JPEG_faces_per_class_becomes_a_dataset_that_can_be_opened()
    {
        foreach (var (label, shade) in new[] { ("happiness", 200), ("anger", 90) })
        {
            var folder = Directory.CreateDirectory(Path.Combine(_folder, "faces", "train", label)).FullName;
            for (var i = 0; i < 3; i++)
                File.WriteAllBytes(Path.Combine(folder, $"{i}.png"), GrayPng((byte)(shade + i)));
            File.WriteAllBytes(Path.Combine(folder, "photo.jpg"), s_jpeg);
        }
        File.WriteAllText(Path.Combine(_folder, "faces", "train", "anger", "broken.png"), "no picture");

        var output = await ImportAsync("--size", "16");

        output.ShouldStartWith("mine: 8 / 0 / 0 faces");
        output.ShouldContain("broken.png");
        var registry = new DatasetRegistry(new() { DataDirectory = Path.Combine(_folder, "data") });
        using var dataset = registry.Open("mine");
        dataset.Info.Classes.ShouldBe(["happiness", "anger"], ignoreOrder: true);
        dataset.Count.ShouldBe(8);
        (dataset.Info.Width, dataset.Info.Height).ShouldBe((16, 16));
        var shades = Enumerable.Range(0, 8).Select(face => dataset.Pixels(face)[0]).ToList();
        shades.Count(shade => shade is >= 90 and <= 92).ShouldBe(3);
        shades.Count(shade => shade is >= 200 and <= 202).ShouldBe(3);
    }

    [Fact]
    public async Task What_could_not_be_used_is_counted_by_kind_with_its_remedy_and_oddities_are_warnings()
    {
        foreach (var number in new[] { "1", "2" })
        {
            var folder = Directory.CreateDirectory(Path.Combine(_folder, "faces", number)).FullName;
            File.WriteAllBytes(Path.Combine(folder, "good.png"), GrayPng(9));
            for (var i = 0; i < 15; i++)
                File.WriteAllBytes(Path.Combine(folder, $"cut{i}.jpg"), s_jpeg[..^20]);
        }

        var output = await ImportAsync();

        output.ShouldContain("30 broken images: get again, or remove.");
        output.ShouldContain("Warning: The class folders are numbers (1, 2)");
        output.ShouldContain(
            $"and 10 more, all of them in {Path.Combine(_folder, "data", "datasets", "mine", "report.json")}"
        );
        var named = await ImportAsync("--replace", "--class-names", "sad, happy");
        named.ShouldNotContain("Warning");
        named.ShouldContain("  happy");
    }

    [Fact]
    public async Task A_folder_without_faces_is_refused()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "faces"));

        var (code, _, error) = await Cli.RunAsync([
            "import",
            "imagefolder",
            Path.Combine(_folder, "faces"),
            "--name",
            "mine",
            "--data",
            _folder,
        ]);

        code.ShouldBe(SqsCli.Failed);
        error.ShouldContain(Path.Combine(_folder, "faces"));
    }

    private Task<string> ImportAsync(params string[] more) =>
        Cli.DoAsync([
            "import",
            "imagefolder",
            Path.Combine(_folder, "faces"),
            "--name",
            "mine",
            "--data",
            Path.Combine(_folder, "data"),
            .. more,
        ]);

    private static byte[] GrayPng(byte shade)
    {
        var pixels = new byte[16 * 16];
        Array.Fill(pixels, shade);
        return Png.Encode(pixels, 16, 16, 1);
    }
}
