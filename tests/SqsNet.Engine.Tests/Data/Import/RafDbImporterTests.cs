using System.IO.Compression;
using SqsNet.Engine.Data;

namespace SqsNet.Engine.Tests.Data.Import;

public class RafDbImporterTests : ImporterTests
{
    private static readonly string[] s_classes =
    [
        "neutral",
        "happiness",
        "sadness",
        "surprise",
        "fear",
        "disgust",
        "anger",
    ];

    private void WriteOfficial(params string[] rows)
    {
        WriteLines("basic/EmoLabel/list_patition_label.txt", rows);
        foreach (var row in rows)
            Write($"basic/Image/aligned/{row.Split('.')[0]}_aligned.jpg", SomeFace.Jpeg);
    }

    [Fact]
    public async Task Official_numbers_become_canonical_classes()
    {
        WriteOfficial([.. Enumerable.Range(1, 7).Select(n => $"train_{n:D5}.jpg {n}"), "test_0001.jpg 7"]);
        var report = await ImportAsync("rafdb");
        report.Problems.ShouldBeEmpty();
        report.Dataset.Classes.ShouldBe(s_classes);
        (report.Dataset.Width, report.Dataset.Channels).ShouldBe((100, 3));
        using var faces = Registry.Open("faces");
        // 1 surprise, 2 fear, 3 disgust, 4 happiness, 5 sadness, 6 anger, 7 neutral.
        Enumerable.Range(0, 7).Select(faces.Label).ShouldBe([3, 4, 5, 1, 2, 6, 0]);
        faces.Split(7).ShouldBe(DatasetSplit.Test);
        faces.FileName(7).ShouldBe("test_0001_aligned.jpg");
        faces.Indices(DatasetSplit.Validation).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("train_00009.jpg")]
    [InlineData("train_00009.jpg 0")]
    [InlineData("train_00009.jpg 8")]
    [InlineData("train_00009.jpg five")]
    [InlineData("train_00009.jpg 5 6")]
    [InlineData("valid_00009.jpg 5")]
    [InlineData("../train_00009.jpg 5")]
    public async Task A_row_that_is_wrong_is_reported_by_its_number_and_passed_over(string row)
    {
        WriteOfficial("train_00001.jpg 5", "test_0001.jpg 1");
        File.AppendAllLines(Source.File("basic/EmoLabel/list_patition_label.txt"), [row]);
        var report = await ImportAsync("rafdb");
        var problem = report.Problems.ShouldHaveSingleItem();
        problem.Kind.ShouldBe(ImportProblemKind.BadRow);
        problem.Item.ShouldBe("list_patition_label.txt row 3");
        report.Dataset.Total(DatasetSplit.Train).ShouldBe(1);
    }

    [Fact]
    public async Task An_image_that_is_missing_is_reported_and_the_counts_are_held_against_the_published_ones()
    {
        WriteOfficial("train_00001.jpg 5", "train_00002.jpg 4", "test_0001.jpg 1");
        File.Delete(Source.File("basic/Image/aligned/train_00002_aligned.jpg"));
        var report = await ImportAsync("rafdb");
        report.Problems.ShouldHaveSingleItem().Kind.ShouldBe(ImportProblemKind.MissingImage);
        report.Dataset.Warnings.Count.ShouldBe(2);
        report
            .Dataset.Warnings[0]
            .ShouldStartWith("The train split has 1 faces; 12,271 were published (neutral 0 instead of 2,524, ");
        report.Dataset.Warnings[0].ShouldContain("sadness 1 instead of 1,982");
        report.Dataset.Warnings[1].ShouldStartWith("The test split has 1 faces; 3,068 were published");
    }

    [Fact]
    public async Task Folders_one_to_seven_are_read_and_others_are_refused()
    {
        foreach (var split in new[] { "train", "test" })
        {
            for (var n = 1; n <= 7; n++)
                Write($"DATASET/{split}/{n}/{split}_0000{n}_aligned.jpg", SomeFace.Jpeg);
        }
        var report = await ImportAsync("rafdb");
        report.Dataset.Counts[DatasetSplit.Train].ShouldBe([1, 1, 1, 1, 1, 1, 1]);
        using (var faces = Registry.Open("faces"))
            faces.Label(0).ShouldBe(3);
        Directory.Move(Source.File("DATASET/train/7"), Source.File("DATASET/train/0"));
        var error = await Should.ThrowAsync<DatasetException>(() =>
            ImportAsync("rafdb", r => r with { Replace = true })
        );
        error.Message.ShouldContain("0, 1, 2, 3, 4, 5, 6, not RAF-DB's 1 to 7");
    }

    // As RAN's lists spell them: occlusions without folder and ending, poses with both.
    [Fact]
    public async Task Lists_of_difficult_test_faces_become_parts_of_the_test_split()
    {
        WriteOfficial("train_00001.jpg 5", "test_0001.jpg 1", "test_0002.jpg 2", "test_0003.jpg 3");
        WriteLines(
            "lists/rafdb_occlusion_list.txt",
            "test_0003_aligned 2 4",
            "test_0001_aligned 0 4",
            "test_0003_aligned 2 4"
        );
        WriteLines("lists/val_raf_db_list.txt", "1/test_0002_aligned.jpg", "1/test_0009_aligned.jpg");
        var report = await ImportAsync("rafdb");
        report.Dataset.TestParts.ShouldBe(new Dictionary<string, int> { ["occlusion"] = 2, ["pose30"] = 1 });
        report.Dataset.Warnings.ShouldContain(
            "1 of the 2 faces in val_raf_db_list.txt are not in the test split, the first of them test_0009_aligned."
        );
        using var faces = Registry.Open("faces");
        faces
            .TestParts["occlusion"]
            .Select(faces.FileName)
            .ShouldBe(["test_0001_aligned.jpg", "test_0003_aligned.jpg"]);
        faces.TestParts["pose30"].Select(faces.FileName).ShouldBe(["test_0002_aligned.jpg"]);
    }

    [Fact]
    public async Task A_folder_of_lists_that_holds_none_is_refused()
    {
        WriteOfficial("train_00001.jpg 5", "test_0001.jpg 1");
        Write("elsewhere/other.txt", []);
        var error = await Should.ThrowAsync<DatasetException>(() =>
            ImportAsync("rafdb", r => r with { Lists = Source.File("elsewhere/x")[..^2] })
        );
        error.Message.ShouldContain("rafdb_occlusion_list.txt");
    }

    [Fact]
    public async Task A_folder_that_is_not_RAF_DB_is_refused_with_what_was_looked_for()
    {
        var error = await Should.ThrowAsync<DatasetException>(() => ImportAsync("rafdb"));
        error.Message.ShouldContain("list_patition_label.txt");
    }

    // As many faces of each class as the official list has, in one archive, as the set is handed out.
    [Fact]
    public async Task The_whole_set_has_the_official_counts()
    {
        int[] train = [1290, 281, 717, 4772, 1982, 705, 2524];
        int[] test = [329, 74, 160, 1185, 478, 162, 680];
        var names = Rows("train", 5, train).Concat(Rows("test", 4, test)).ToList();
        WriteLines("EmoLabel/list_patition_label.txt", names.Select(n => $"{n.Name}.jpg {n.Number}"));
        using (var archive = ZipFile.Open(Source.File("Image/aligned.zip"), ZipArchiveMode.Create))
        {
            foreach (var (name, _) in names)
            {
                using var entry = archive
                    .CreateEntry($"aligned/{name}_aligned.jpg", CompressionLevel.NoCompression)
                    .Open();
                entry.Write(SomeFace.Jpeg);
            }
        }
        var report = await ImportAsync("rafdb", r => r with { Size = 8 });
        report.Problems.ShouldBeEmpty();
        report.Dataset.Counts[DatasetSplit.Train].ShouldBe([2524, 4772, 1982, 1290, 281, 717, 705]);
        report.Dataset.Counts[DatasetSplit.Test].ShouldBe([680, 1185, 478, 329, 74, 160, 162]);
        report.Dataset.Warnings.ShouldBeEmpty();

        static IEnumerable<(string Name, int Number)> Rows(string split, int digits, int[] counts)
        {
            var next = 1;
            for (var number = 1; number <= counts.Length; number++)
            {
                for (var i = 0; i < counts[number - 1]; i++)
                    yield return ($"{split}_{(next++).ToString($"D{digits}")}", number);
            }
        }
    }

    [Fact]
    public void The_real_list_has_the_official_counts()
    {
        var list = Path.Combine(SharedData.Require("lists/rafdb"), "list_patition_label.txt");
        Directory.CreateDirectory(Source.File("Image/aligned/x")[..^2]);
        File.Copy(list, Source.File("EmoLabel/list_patition_label.txt"));
        using var plan = new RafDbImporter().Plan(new("rafdb", Source.Path, "faces"), CancellationToken.None);
        // Every row is understood: what is missing is the images alone.
        plan.Problems.Count.ShouldBe(15_339);
        plan.Problems.ShouldAllBe(p => p.Kind == ImportProblemKind.MissingImage);
    }
}
