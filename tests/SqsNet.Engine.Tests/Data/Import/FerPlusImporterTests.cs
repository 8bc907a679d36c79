using System.Diagnostics;
using System.IO.Compression;
using SqsNet.Engine.Data;

namespace SqsNet.Engine.Tests.Data.Import;

public class FerPlusImporterTests(ITestOutputHelper output) : ImporterTests
{
    private const string Happy = "\"(0, 0, 48, 48)\",0,9,0,0,0,0,0,0,1,0";
    private const string Sad = "\"(0, 0, 48, 48)\",0,0,0,8,2,0,0,0,0,0";

    private static string Row(int number, string labels) => $"fer{number:D7}.png,{labels}";

    private void WritePart(string folder, int first, params string[] labels)
    {
        for (var i = 0; i < labels.Length; i++)
            Write($"{folder}/fer{first + i:D7}.png", Png.Encode(SomeFace.Pixels(48, 48, 1), 48, 48, 1));
        WriteLines($"{folder}/label.csv", labels.Select((l, i) => Row(first + i, l)));
    }

    private void WriteSmallParts()
    {
        WritePart("FER2013Train", 0, Happy, Sad);
        WritePart("FER2013Valid", 10, Happy);
        WritePart("FER2013Test", 20, Sad);
    }

    [Fact]
    public async Task Folders_with_labels_are_read()
    {
        WriteSmallParts();
        var report = await ImportAsync("ferplus");
        report.Problems.ShouldBeEmpty();
        report.Dataset.Classes.ShouldBe([
            "neutral",
            "happiness",
            "surprise",
            "sadness",
            "anger",
            "disgust",
            "fear",
            "contempt",
        ]);
        report.Dataset.Counts[DatasetSplit.Train].ShouldBe([0, 1, 0, 1, 0, 0, 0, 0]);
        using var faces = Registry.Open("faces");
        faces.FileName(1).ShouldBe("FER2013Train/fer0000001.png");
        faces.Pixels(1).ToArray().ShouldBe(SomeFace.Pixels(48, 48, 1));
        faces.RepeatsTraining(3).ShouldBeTrue();
    }

    [Theory]
    [InlineData("fer0000009.png,\"(0, 0, 48, 48)\",1,2,3", "5 values instead of 12")]
    [InlineData("fer0000009.png,\"(0, 0, 48, 48)\",a,9,0,0,0,0,0,0,1,0", "not ten numbers")]
    [InlineData("fer0000009.png,\"(0, 0, 48, 48)\",-1,9,0,0,0,0,0,0,1,0", "not ten numbers")]
    [InlineData("fer0000009.png,\"(0, 0, 48, 48)\",99999999999,9,0,0,0,0,0,0,1,0", "not ten numbers")]
    [InlineData("fer0000009.png,\"(9, 0, 4, 48)\",0,9,0,0,0,0,0,0,1,0", "not a box")]
    [InlineData("fer0000009.png,\"(0, 0, 48)\",0,9,0,0,0,0,0,0,1,0", "not a box")]
    [InlineData("../../etc/passwd,\"(0, 0, 48, 48)\",0,9,0,0,0,0,0,0,1,0", "not the name of an image")]
    [InlineData(",\"(0, 0, 48, 48)\",0,9,0,0,0,0,0,0,1,0", "not the name of an image")]
    [InlineData("fer0000000.png,\"(0, 0, 48, 48)\",0,9,0,0,0,0,0,0,1,0", "has a row already")]
    [InlineData(
        "Usage,Image name,neutral,happiness,surprise,sadness,anger,disgust,fear,contempt,unknown,NF",
        "not a box"
    )]
    public async Task A_row_that_is_wrong_is_reported_by_its_number_and_passed_over(string row, string reason)
    {
        WriteSmallParts();
        File.AppendAllLines(Source.File("FER2013Train/label.csv"), [row]);
        var report = await ImportAsync("ferplus");
        var problem = report.Problems.ShouldHaveSingleItem();
        problem.Item.ShouldBe("label.csv row 3");
        problem.Kind.ShouldBe(ImportProblemKind.BadRow);
        problem.Message.ShouldContain(reason);
        report.Dataset.Total(DatasetSplit.Train).ShouldBe(2);
    }

    [Fact]
    public async Task Images_and_rows_without_each_other_are_reported()
    {
        WriteSmallParts();
        File.Delete(Source.File("FER2013Train/fer0000001.png"));
        Write("FER2013Test/fer0000099.png", SomeFace.GrayPng(1, 48));
        var report = await ImportAsync("ferplus");
        report
            .Problems.Select(p => (p.Item, p.Kind))
            .ShouldBe([
                ("label.csv row 2", ImportProblemKind.MissingImage),
                ("FER2013Test/fer0000099.png", ImportProblemKind.MissingLabel),
            ]);
    }

    [Fact]
    public async Task Archives_are_read_without_unpacking_and_names_that_lead_outside_are_refused()
    {
        WriteSmallParts();
        foreach (var part in new[] { "FER2013Train", "FER2013Valid", "FER2013Test" })
        {
            File.Move(Source.File($"{part}/label.csv"), Source.File($"{part}_label.csv"));
            ZipFile.CreateFromDirectory(Source.File($"{part}/x")[..^2], Source.File($"{part}.zip"));
            Directory.Delete(Source.File($"{part}/x")[..^2], recursive: true);
        }
        using (var archive = ZipFile.Open(Source.File("FER2013Train.zip"), ZipArchiveMode.Update))
        {
            foreach (var name in new[] { "../../escaped.png", "/etc/escaped.png", "C:/escaped.png", "a/../b.png" })
                archive.CreateEntry(name);
        }
        var report = await ImportAsync("ferplus");
        report.Dataset.Total(DatasetSplit.Train).ShouldBe(2);
        report.Problems.Count.ShouldBe(4);
        report.Problems.ShouldAllBe(p => p.Kind == ImportProblemKind.UnsafeName);
        Directory
            .EnumerateFiles(Path.GetDirectoryName(Source.Path)!, "escaped.png", SearchOption.TopDirectoryOnly)
            .ShouldBeEmpty();
    }

    [Fact]
    public async Task An_archive_that_was_cut_short_is_named()
    {
        WriteSmallParts();
        Directory.Delete(Source.File("FER2013Valid/x")[..^2], recursive: true);
        WriteLines("FER2013Valid.zip", "PK\x3\x4 and then nothing");
        WriteLines("FER2013Valid_label.csv", Row(10, Happy));
        var error = await Should.ThrowAsync<DatasetException>(() => ImportAsync("ferplus"));
        error.Message.ShouldContain("FER2013Valid.zip is not a whole ZIP archive");
    }

    [Fact]
    public async Task Missing_parts_and_labels_are_named()
    {
        WriteSmallParts();
        File.Delete(Source.File("FER2013Valid/label.csv"));
        (await Should.ThrowAsync<DatasetException>(() => ImportAsync("ferplus"))).Message.ShouldContain(
            "labels are missing"
        );
        Directory.Delete(Source.File("FER2013Valid/x")[..^2], recursive: true);
        (await Should.ThrowAsync<DatasetException>(() => ImportAsync("ferplus"))).Message.ShouldContain(
            "FER2013Valid.zip"
        );
    }

    [Fact]
    public async Task Soft_targets_are_kept_for_training_faces_and_are_one_hot_elsewhere()
    {
        WriteSmallParts();
        WritePart("FER2013Train", 0, "\"(0, 0, 48, 48)\",6,4,0,0,0,0,0,0,0,0", Sad);
        await ImportAsync("ferplus", r => r with { FerPlusRule = FerPlusRule.CrossEntropy });
        using var faces = Registry.Open("faces");
        faces.Target(0).ToArray().ShouldBe([0.6f, 0.4f, 0, 0, 0, 0, 0, 0], 1e-6);
        faces.Target(3).ToArray().ShouldBe([0, 0, 0, 1, 0, 0, 0, 0]);
        faces.Label(0).ShouldBe(0);
    }

    // The official counts, per class in FERPlus' order, and the duplicates that are in it.
    [Fact]
    public async Task Real_FERPlus_has_the_official_counts()
    {
        var watch = Stopwatch.StartNew();
        var report = await ImportAsync(
            "ferplus",
            r => r with { Path = SharedData.Require("ferplus"), Lists = SharedData.Require("lists/ferplus") }
        );
        output.WriteLine($"FERPlus in {watch.Elapsed}. {report.Dataset.Notes}");
        report.Problems.ShouldBeEmpty();
        report.Dataset.Counts[DatasetSplit.Train].ShouldBe([8733, 7284, 3136, 3022, 2098, 116, 536, 120]);
        report.Dataset.Counts[DatasetSplit.Validation].ShouldBe([1180, 862, 411, 348, 289, 25, 60, 16]);
        report.Dataset.Counts[DatasetSplit.Test].ShouldBe([1083, 892, 394, 382, 269, 16, 86, 15]);
        report.Dataset.Warnings.ShouldBeEmpty();
        report.Dataset.Copies.ShouldBe(
            new Dictionary<DatasetSplit, int> { [DatasetSplit.Validation] = 245, [DatasetSplit.Test] = 244 },
            ignoreOrder: true
        );
        report.Dataset.Notes.ShouldContain("244 test and 245 validation faces are pixel-exact copies");
        using var faces = Registry.Open("faces");
        faces.Verify();
        faces.Indices(DatasetSplit.Test).Count(faces.RepeatsTraining).ShouldBe(244);
        report.Dataset.TestParts.ShouldBe(
            new Dictionary<string, int>
            {
                ["occlusion"] = 605,
                ["pose30"] = 1170,
                ["pose45"] = 633,
            }
        );
        // The lists name the class of each face before its file: what they say is what the votes say.
        var classes = File.ReadLines(Path.Combine(SharedData.Require("lists/ferplus"), "pose_45_ferplus_list.txt"))
            .ToDictionary(line => line[2..^4], line => line[0] - '0');
        foreach (var face in faces.TestParts["pose45"])
            faces.Label(face).ShouldBe(classes[Path.GetFileNameWithoutExtension(faces.FileName(face))]);
    }

    // Each left-out or moved face shows: the counts of every rule are those of the official trainer, and of seven classes too.
    [Theory]
    [InlineData(FerPlusRule.CrossEntropy, 8, TargetUse.Shares, 27_947)]
    [InlineData(FerPlusRule.Probability, 8, TargetUse.Drawn, 27_947)]
    [InlineData(FerPlusRule.MultiTarget, 8, TargetUse.Any, 27_667)]
    [InlineData(FerPlusRule.Majority, 7, TargetUse.Shares, 24_925)]
    [Trait("Category", "Slow")]
    public async Task Real_FERPlus_has_the_official_counts_by_every_rule(
        FerPlusRule rule,
        int classes,
        TargetUse use,
        int train
    )
    {
        var report = await ImportAsync(
            "ferplus",
            r => r with { Path = SharedData.Require("ferplus"), FerPlusRule = rule, Classes = classes }
        );
        report.Dataset.Total(DatasetSplit.Train).ShouldBe(train);
        report.Dataset.Total(DatasetSplit.Test).ShouldBe(classes == 7 ? 3_122 : 3_137);
        report.Dataset.Warnings.ShouldBeEmpty();
        report.Dataset.TargetUse.ShouldBe(use);
    }

    [Fact]
    public async Task Counts_that_differ_from_the_published_ones_are_a_warning_for_each_split()
    {
        WriteSmallParts();
        var report = await ImportAsync("ferplus");
        report.Dataset.Warnings.Count.ShouldBe(3);
        report
            .Dataset.Warnings[0]
            .ShouldStartWith("The train split has 2 faces; 25,045 were published (neutral 0 instead of 8,733");
    }

    [Fact]
    public void Real_votes_by_the_other_rules_have_the_counts_of_the_official_trainer()
    {
        var rows = File.ReadLines(Path.Combine(SharedData.Require("ferplus"), "FER2013Train_label.csv"))
            .Select(row => Csv.Split(row).Skip(2).Select(int.Parse).ToArray())
            .ToList();
        int[] Count(FerPlusRule rule)
        {
            var counts = new int[8];
            foreach (var target in rows.Select(v => FerPlusVotes.Apply(v, rule)).OfType<float[]>())
                counts[Array.IndexOf(target, target.Max())]++;
            return counts;
        }
        Count(FerPlusRule.CrossEntropy).ShouldBe([10107, 7501, 3517, 3445, 2401, 170, 643, 163]);
        Count(FerPlusRule.MultiTarget).Sum().ShouldBe(27667);
    }
}
