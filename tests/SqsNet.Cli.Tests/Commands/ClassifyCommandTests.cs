using System.Text.Json;

namespace SqsNet.Cli.Tests.Commands;

[Collection(TrainedSweep.Collection)]
public sealed class ClassifyCommandTests(TrainedSweep trained) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sqsnet-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task An_image_gets_the_names_of_the_trials_classes_with_their_shares()
    {
        var text = await Cli.DoAsync("classify", Image(), "--weights", Weights, "--top", "2", "--device", "cpu");

        var lines = text.TrimEnd().Split('\n');
        lines.Length.ShouldBe(3);
        lines[0].Trim().ShouldBe(Image());
        lines[1].ShouldMatch(@"^ +\d+\.\d%  [a-z]+\s*$");
    }

    [Fact]
    public async Task Several_images_become_a_list_of_JSON()
    {
        var json = await Cli.DoAsync("classify", Image(), Image(), "--weights", Weights, "--json");

        using var list = JsonDocument.Parse(json);
        list.RootElement.GetArrayLength().ShouldBe(2);
        var classes = list.RootElement[1].GetProperty("classes");
        classes.GetArrayLength().ShouldBe(5);
        classes[0].GetProperty("label").GetString().ShouldNotBeNullOrEmpty();
        classes[0].GetProperty("probability").GetDouble().ShouldBeGreaterThan(1.0 / 7);
    }

    [Fact]
    public async Task A_file_that_is_no_image_is_named()
    {
        var image = Path.Combine(_folder, "note.jpg");
        await File.WriteAllTextAsync(image, "not a picture", TestContext.Current.CancellationToken);

        await RefuseAsync(["classify", image, "--weights", Weights], image);
        await RefuseAsync(["classify", image + ".png", "--weights", Weights], "There is no image");
    }

    [Fact]
    public async Task Missing_weights_names_and_models_are_named()
    {
        await RefuseAsync(
            ["classify", Image(), "--weights", "/nowhere.safetensors"],
            "There are no weights at /nowhere"
        );
        await RefuseAsync(["classify", Image(), "--weights", Weights, "--labels", "/none.txt"], "/none.txt");
        var labels = Path.Combine(_folder, "labels.txt");
        await File.WriteAllTextAsync(labels, "one\ntwo\n", TestContext.Current.CancellationToken);
        await RefuseAsync(["classify", Image(), "--weights", Weights, "--labels", labels], "2 classes");
        await RefuseAsync(["classify", Image(), "--weights", Weights, "--model", "resnet18"], "not of resnet18");
    }

    [Theory]
    [InlineData("--top", "0")]
    [InlineData("--normalization", "imageNet")]
    [InlineData("--normalization", "other")]
    public async Task Options_that_make_no_sense_are_bad_usage(string option, string value)
    {
        var (code, _, error) = await Cli.RunAsync("classify", Image(), "--weights", Weights, option, value);

        code.ShouldBe(SqsCli.BadUsage);
        error.ShouldContain(value == "other" ? "other" : option);
    }

    private string Weights => Path.Combine(trained.Data, "trials", "1", "best.safetensors");

    /// <summary>A red square of two pixels by two, as a BMP.</summary>
    private string Image()
    {
        var path = Path.Combine(_folder, "red.bmp");
        byte[] header =
        [
            0x42,
            0x4D,
            70,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            54,
            0,
            0,
            0,
            40,
            0,
            0,
            0,
            2,
            0,
            0,
            0,
            2,
            0,
            0,
            0,
            1,
            0,
            24,
            0,
        ];
        byte[] row = [0, 0, 255, 0, 0, 255, 0, 0];
        File.WriteAllBytes(path, [.. header, .. new byte[24], .. row, .. row]);
        return path;
    }

    private static async Task RefuseAsync(string[] args, string because)
    {
        var (code, output, error) = await Cli.RunAsync([.. args, "--device", "cpu"]);

        code.ShouldBe(SqsCli.Failed);
        output.ShouldBeEmpty();
        error.TrimEnd().Split('\n').ShouldHaveSingleItem().ShouldContain(because);
    }
}
