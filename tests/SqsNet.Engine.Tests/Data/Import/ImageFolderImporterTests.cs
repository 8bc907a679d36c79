using System.Buffers.Binary;
using System.Diagnostics;
using System.IO.Compression;
using SqsNet.Engine.Data;

namespace SqsNet.Engine.Tests.Data.Import;

public class ImageFolderImporterTests(ITestOutputHelper output) : ImporterTests
{
    [Fact]
    public async Task Split_folders_become_splits_and_class_folders_classes()
    {
        foreach (var (split, count) in new[] { ("train", 3), ("valid", 2), ("test", 1) })
        {
            foreach (var name in new[] { "happy", "angry" })
            {
                for (var i = 0; i < count; i++)
                    Write($"{split}/{name}/{i}.png", SomeFace.GrayPng((byte)(i * 10)));
            }
        }
        var report = await ImportAsync("imagefolder");
        report.Problems.ShouldBeEmpty();
        report.Dataset.Classes.ShouldBe(["happiness", "anger"]);
        report.Dataset.Counts[DatasetSplit.Train].ShouldBe([3, 3]);
        report.Dataset.Counts[DatasetSplit.Validation].ShouldBe([2, 2]);
        report.Dataset.Counts[DatasetSplit.Test].ShouldBe([1, 1]);
        report.Dataset.Channels.ShouldBe(1);
        using var faces = Registry.Open("faces");
        var last = faces.Indices(DatasetSplit.Train)[2];
        faces.FileName(last).ShouldBe("train/angry/2.png");
        faces.Label(last).ShouldBe(1);
        faces.Pixels(last).ToArray().ShouldAllBe(p => p == 20);
    }

    [Fact]
    public async Task Class_folders_alone_are_split_class_by_class_by_the_seed()
    {
        for (var i = 0; i < 40; i++)
        {
            Write($"b/{i:D2}.png", SomeFace.GrayPng((byte)i));
            if (i < 20)
                Write($"a/{i:D2}.png", SomeFace.GrayPng((byte)(100 + i)));
        }
        var report = await ImportAsync("imagefolder");
        report.Dataset.Counts[DatasetSplit.Train].ShouldBe([16, 32]);
        report.Dataset.Counts[DatasetSplit.Validation].ShouldBe([2, 4]);
        report.Dataset.Counts[DatasetSplit.Test].ShouldBe([2, 4]);
        report.Dataset.Notes.ShouldContain("seed 0");
        var again = await ImportAsync("imagefolder", r => r with { Name = "again" });
        again.Dataset.Hash.ShouldBe(report.Dataset.Hash);
        var other = await ImportAsync("imagefolder", r => r with { Name = "other", Seed = 1 });
        other.Dataset.Hash.ShouldNotBe(report.Dataset.Hash);
    }

    [Fact]
    public async Task Broken_images_are_reported_by_name_and_passed_over()
    {
        Write("a/good.png", SomeFace.GrayPng(1));
        Write("b/good.jpg", SomeFace.Jpeg);
        Write("a/cut.jpg", SomeFace.Jpeg[..^20]);
        Write("a/empty.png", []);
        Write("b/really.webp.jpg", "RIFF\x10\0\0\0WEBPVP8 "u8.ToArray());
        var report = await ImportAsync("imagefolder", r => r with { ValidationFraction = 0, TestFraction = 0 });
        report.Dataset.Total(DatasetSplit.Train).ShouldBe(2);
        report
            .Problems.Select(p => (p.Item, p.Kind))
            .ShouldBe([
                ("a/cut.jpg", ImportProblemKind.BrokenImage),
                ("a/empty.png", ImportProblemKind.BrokenImage),
                ("b/really.webp.jpg", ImportProblemKind.UnsupportedFormat),
            ]);
        report.Problems[2].Message.ShouldContain("WebP");
        report.ProblemCounts[ImportProblemKind.BrokenImage].ShouldBe(2);
    }

    [Fact]
    public async Task Images_are_known_by_what_they_hold_and_none_is_passed_over_in_silence()
    {
        Write("a/jpeg.jfif", SomeFace.Jpeg);
        Write("a/whole.png", SomeFace.GrayPng(1));
        Write("a/.ipynb_checkpoints/whole.png", SomeFace.GrayPng(1));
        WriteLines("scripts/Makefile", "all:");
        Write("b/png.tiff", SomeFace.GrayPng(2));
        Write("b/moving.gif", "GIF89a"u8.ToArray());
        Write("b/._1.jpg", "what macOS packs beside a file"u8.ToArray());
        Write("__MACOSX/b/1.jpg", SomeFace.Jpeg);
        WriteLines("a/landmarks.txt", "1 2");
        WriteLines("b/landmarks.TXT", "1 2");
        WriteLines("b/Thumbs.db", "");
        var report = await ImportAsync("imagefolder", r => r with { ValidationFraction = 0, TestFraction = 0 });
        report.Dataset.Classes.ShouldBe(["a", "b"]);
        report.Dataset.Counts[DatasetSplit.Train].ShouldBe([2, 1]);
        report.Problems.ShouldHaveSingleItem().Item.ShouldBe("b/moving.gif");
        report.Problems[0].Message.ShouldContain("GIF");
        report.Dataset.Notes.ShouldContain("1 .db, 2 .txt, 1 without one");
    }

    [Fact]
    public async Task Folders_beside_those_of_the_splits_are_no_classes_and_are_named()
    {
        foreach (var split in new[] { "train", "test" })
        {
            Write($"{split}/a/1.png", SomeFace.GrayPng(1));
            Write($"{split}/b/1.png", SomeFace.GrayPng(2));
        }
        Write("figures/1/1.png", SomeFace.GrayPng(3));
        var report = await ImportAsync("imagefolder");
        report.Dataset.Classes.ShouldBe(["a", "b"]);
        report.Dataset.Warnings.ShouldHaveSingleItem().ShouldContain("figures");
    }

    [Fact]
    public async Task A_class_that_two_splits_spell_differently_is_refused()
    {
        foreach (var folder in new[] { "train/happy", "train/sad", "test/Happiness", "test/sad" })
            Write($"{folder}/1.png", SomeFace.GrayPng(1));
        var error = await Should.ThrowAsync<DatasetException>(() => ImportAsync("imagefolder"));
        error.Message.ShouldContain("Happiness, happy");
    }

    [Fact]
    public async Task A_class_that_a_split_lacks_is_a_warning()
    {
        foreach (var folder in new[] { "train/happy", "train/sad", "val/happy", "val/sad", "test/sad", "test/fear" })
            Write($"{folder}/1.png", SomeFace.GrayPng(1));
        var report = await ImportAsync("imagefolder");
        report.Dataset.Warnings.ShouldBe(
            [
                "The train split has no faces of fear.",
                "The validation split has no faces of fear.",
                "The test split has no faces of happiness.",
            ],
            ignoreOrder: true
        );
    }

    [Fact]
    public async Task A_class_may_be_called_like_a_split()
    {
        foreach (var name in new[] { "test", "happy" })
            Write($"{name}/1.png", SomeFace.GrayPng(1));
        var report = await ImportAsync("imagefolder");
        report.Dataset.Classes.ShouldBe(["happy", "test"]);
    }

    [Fact]
    public async Task Stored_size_is_the_usual_one_of_the_images_unless_asked_for()
    {
        foreach (var (name, side) in new[] { ("a/1", 50), ("a/2", 60), ("b/1", 60), ("b/2", 300) })
            Write(name + ".png", SomeFace.GrayPng(9, side));
        (await ImportAsync("imagefolder")).Dataset.Width.ShouldBe(60);
        var asked = await ImportAsync("imagefolder", r => r with { Name = "asked", Size = 20, Channels = 3 });
        (asked.Dataset.Width, asked.Dataset.Height, asked.Dataset.Channels).ShouldBe((20, 20, 3));
    }

    [Fact]
    public async Task A_test_face_that_is_also_a_training_face_is_counted_and_marked()
    {
        var shades = new Dictionary<string, byte>
        {
            ["train/a/1"] = 10,
            ["train/b/1"] = 20,
            ["val/a/1"] = 30,
            ["val/b/1"] = 20,
            ["test/a/1"] = 10,
            ["test/a/2"] = 40,
            ["test/b/1"] = 50,
        };
        foreach (var (name, shade) in shades)
            Write(name + ".png", SomeFace.GrayPng(shade));
        var report = await ImportAsync("imagefolder");
        report.Dataset.Notes.ShouldContain("1 test and 1 validation faces are pixel-exact copies of a training face.");
        using var faces = Registry.Open("faces");
        Enumerable
            .Range(0, faces.Count)
            .Where(faces.RepeatsTraining)
            .Select(faces.FileName)
            .ShouldBe(["test/a/1.png", "val/b/1.png"], ignoreOrder: true);
    }

    [Theory]
    [InlineData("nothing", "No images were found")]
    [InlineData("oneclass", "two or more")]
    [InlineData("allbroken", "could be used")]
    public async Task A_folder_without_a_dataset_is_refused_with_the_reason(string what, string reason)
    {
        if (what == "oneclass")
            Write("a/1.png", SomeFace.GrayPng(1));
        if (what == "allbroken")
        {
            Write("a/1.png", []);
            Write("b/1.png", []);
        }
        var error = await Should.ThrowAsync<DatasetException>(() => ImportAsync("imagefolder"));
        error.Message.ShouldContain(reason);
        Registry.Find("faces").ShouldBeNull();
    }

    [Fact]
    public async Task A_folder_that_is_not_there_is_refused()
    {
        var error = await Should.ThrowAsync<DatasetException>(() =>
            ImportAsync("imagefolder", r => r with { Path = "/nowhere/at/all" })
        );
        error.Message.ShouldContain("/nowhere/at/all");
    }

    [Fact]
    public async Task Folders_that_are_numbers_are_never_taken_for_expressions()
    {
        foreach (var number in new[] { "0", "1", "10", "2" })
        {
            for (var i = 0; i < 10; i++)
                Write($"{number}/{i}.png", SomeFace.GrayPng((byte)(i + int.Parse(number))));
        }
        var report = await ImportAsync("imagefolder");
        report.Dataset.Classes.ShouldBe(["0", "1", "10", "2"]);
        report.Dataset.Warnings.ShouldHaveSingleItem().ShouldContain("--class-names");
        string[] names = ["fear", "anger", "joy", "contempt"];
        var named = await ImportAsync("imagefolder", r => r with { Name = "named", ClassNames = names });
        named.Dataset.Classes.ShouldBe(names);
        named.Dataset.Warnings.ShouldBeEmpty();
        using var faces = Registry.Open("named");
        // By number, so that folder 10 has the last name.
        var ofTen = Enumerable.Range(0, faces.Count).Where(i => faces.FileName(i).StartsWith("10/"));
        ofTen.Select(faces.Label).Distinct().ShouldBe([3]);
        var error = await Should.ThrowAsync<DatasetException>(() =>
            ImportAsync("imagefolder", r => r with { Name = "wrong", ClassNames = ["fear", "anger", "joy"] })
        );
        error.Message.ShouldContain("0, 1, 2, 10; 3 class names were given");
    }

    [Fact]
    public async Task Mixed_sizes_gray_colour_progressive_and_cmyk_images_become_faces_of_one_shape()
    {
        Write("a/gray.jpg", SomeFace.GrayJpeg);
        Write("a/progressive.jpg", SomeFace.ProgressiveJpeg);
        Write("b/inks.jpg", SomeFace.CmykJpeg);
        Write("b/large.png", Png.Encode(SomeFace.Pixels(300, 200, 3), 300, 200, 3));
        Write("b/webp.jpg", "RIFF\x10\0\0\0WEBPVP8 "u8.ToArray());
        Write("b/bomb.png", Bomb());
        Write("b/cut.jpg", SomeFace.Jpeg[..^20]);
        var report = await ImportAsync("imagefolder", r => r with { Size = 24 });
        (report.Dataset.Width, report.Dataset.Height, report.Dataset.Channels).ShouldBe((24, 24, 3));
        report.Dataset.Counts.Values.Sum(c => c.Sum()).ShouldBe(4);
        report
            .Problems.Select(p => (p.Item, p.Kind))
            .ShouldBe(
                [
                    ("b/webp.jpg", ImportProblemKind.UnsupportedFormat),
                    ("b/bomb.png", ImportProblemKind.ImageTooLarge),
                    ("b/cut.jpg", ImportProblemKind.BrokenImage),
                ],
                ignoreOrder: true
            );
        report.ProblemCounts[ImportProblemKind.ImageTooLarge].ShouldBe(1);
        report.Problems.Single(p => p.Item == "b/bomb.png").Message.ShouldContain("60000 x 60000");
        report.Problems.Single(p => p.Item == "b/webp.jpg").Message.ShouldContain("Save it as one of these");
    }

    // Root may read everything, so the thread gives its rights over files up while it imports.
    [Fact]
    public void A_folder_that_may_not_be_read_is_named_with_the_remedy()
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Skip("needs Linux");
            return;
        }
        Write("a/1.png", SomeFace.GrayPng(1));
        Write("b/1.png", SomeFace.GrayPng(2));
        File.SetUnixFileMode(Source.File("b/x")[..^2], UnixFileMode.None);
        File.SetUnixFileMode(Source.Path, (UnixFileMode)0b111_101_101);
        DatasetException error;
        using (new WithoutRights())
            error = Should.Throw<DatasetException>(() =>
                DatasetRegistry.Plan(
                    new ImageFolderImporter(),
                    new("imagefolder", Source.Path, "faces"),
                    CancellationToken.None
                )
            );
        File.SetUnixFileMode(Source.File("b/x")[..^2], (UnixFileMode)0b111_101_101);
        error.Message.ShouldContain($"{Source.Path}/b");
        error.Message.ShouldContain("chmod -R u+rX");
    }

    private static byte[] Bomb()
    {
        var file = Png.Encode([1], 1, 1, 1);
        BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(16), 60_000);
        BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(20), 60_000);
        return file;
    }

    [Fact]
    public async Task Real_photographs_are_imported_and_the_one_WebP_among_them_is_named()
    {
        ZipFile.ExtractToDirectory(SharedData.Require("muxspace/balanced_small.zip"), Source.Path);
        var watch = Stopwatch.StartNew();
        var report = await ImportAsync("imagefolder", r => r with { Size = 112 });
        output.WriteLine($"{report.Dataset.Counts.Values.Sum(c => c.Sum())} photographs in {watch.Elapsed}");
        report.Dataset.Counts.Values.Sum(c => c.Sum()).ShouldBe(1566);
        report.Problems.ShouldHaveSingleItem().Kind.ShouldBe(ImportProblemKind.UnsupportedFormat);
        report.Problems[0].Message.ShouldContain("WebP");
    }
}
