using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using SqsNet.Engine.Evaluation;
using SqsNet.Engine.Models;
using SqsNet.Engine.Parity;
using SqsNet.Engine.Randomness;
using SqsNet.Engine.Similarity;
using SqsNet.Engine.Tests.Data;
using SqsNet.Engine.Tests.Fixtures;
using SqsNet.Engine.Training;
using SqsNet.Torch;

namespace SqsNet.Engine.Tests.Evaluation;

public sealed class ImageClassifierTests : IDisposable
{
    private const string MobileNet = "weights/mobilenet_v2_imagenet_qat_bncal.safetensors";

    // Decoders may differ by a level of a pixel, the resizer rounds in 32 bits, and the reference computes in 64.
    private const double PhotographTolerance = 0.05;

    private static readonly JsonElement s_reference = Reference.Load("imagenet", "mobilenet_v2");

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<int> Photographs =>
        [.. Enumerable.Range(0, s_reference.GetProperty("photographs").GetArrayLength())];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void MobileNetV2_of_ImageNet_gives_PyTorchs_scores()
    {
        using var scope = torch.NewDisposeScope();
        using var mode = torch.no_grad();
        using var model = WeightsModel.Load(
            SharedData.Require(MobileNet),
            new ModelSpec { Name = "tf_mobilenetv2_100" },
            info: null,
            classes: null
        );
        model.Classes.ShouldBe(1000);
        var scores = model.forward(FormulaWeights.Images([1, 3, 224, 224])).Values();
        var expected = s_reference.GetProperty("formula").EnumerateArray().ToArray();
        Highest(scores).ShouldBe(expected.Select(entry => entry[0].GetInt32()));
        expected
            .Select(entry => scores[entry[0].GetInt32()])
            .ToArray()
            .ShouldBeClose([.. expected.Select(entry => entry[1].GetDouble())], 0, 2e-4, "scores");
    }

    [Theory]
    [MemberData(nameof(Photographs))]
    public void Photographs_have_PyTorchs_five_likeliest_classes(int index)
    {
        using var classifier = MobileNetOfImageNet();
        var entry = s_reference.GetProperty("photographs")[index];
        var scores = classifier.Classify(Photograph(entry), top: 5);
        var expected = entry.GetProperty("top").EnumerateArray().ToArray();
        foreach (var (score, reference) in scores.Zip(expected))
            score.Logit.ShouldBe(reference[1].GetDouble(), PhotographTolerance);
        scores[0].Class.ShouldBe(expected[0][0].GetInt32());
        scores.Select(score => score.Class).ShouldBe(expected.Select(e => e[0].GetInt32()), ignoreOrder: true);
    }

    [Fact]
    public void Likeliest_classes_come_first_with_their_names_and_shares()
    {
        using var classifier = ImageClassifier.Open(new() { Weights = Trained(["calm", "cross", "glad"]) });
        classifier.Labels.ShouldBe(["calm", "cross", "glad"]);
        var all = classifier.Classify(SomeFace.Jpeg, top: 9);
        all.Select(score => score.Class).ShouldBe([0, 1, 2], ignoreOrder: true);
        all.Sum(score => score.Probability).ShouldBe(1, 1e-9);
        all.Select(score => score.Logit).ShouldBeInOrder(SortDirection.Descending);
        all.ShouldAllBe(score => score.Label == classifier.Labels[score.Class]);
        classifier.Classify(SomeFace.Jpeg, top: 1).ShouldBe([all[0]]);
    }

    [Fact]
    public void Weights_of_a_trial_keep_the_normalisation_that_they_were_trained_with()
    {
        var spec = new ModelSpec { Name = "efficientnet_tiny_stride8", Normalization = InputNormalization.Inception };
        using var kept = ImageClassifier.Open(new() { Weights = Trained(["a", "b"], spec) });
        using var told = ImageClassifier.Open(
            new()
            {
                Weights = Trained(["a", "b"], spec),
                Model = spec with { Normalization = InputNormalization.ImageNet },
            }
        );
        var image = SomeFace.Jpeg;
        Math.Abs(kept.Classify(image, 2)[0].Logit - told.Classify(image, 2)[0].Logit).ShouldBeGreaterThan(1e-3);
    }

    [Fact]
    public void A_picture_is_made_like_the_faces_that_the_weights_were_trained_on()
    {
        using var ofColours = ImageClassifier.Open(new() { Weights = Trained(["a", "b"]) });
        using var ofGray = ImageClassifier.Open(new() { Weights = Trained(["a", "b"], faces: (16, 16, 1)) });

        var (colours, gray) = (ofColours.Classify(SomeFace.Jpeg, 2), ofGray.Classify(SomeFace.Jpeg, 2));
        Math.Abs(colours[0].Logit - gray[0].Logit).ShouldBeGreaterThan(1e-3);
        // Gray already, the picture is the same to both decoders.
        ofGray.Classify(SomeFace.GrayJpeg, 2)[0].Logit.ShouldBe(gray[0].Logit, 0.05);
    }

    [Fact]
    public void TensorFlows_list_of_names_may_begin_with_the_background()
    {
        var weights = Foreign(classes: 2);
        var model = new ModelSpec { Name = "efficientnet_tiny_stride8" };
        using var classifier = ImageClassifier.Open(
            new()
            {
                Weights = weights,
                Model = model,
                Labels = Labels("background", "tench", "goldfish"),
            }
        );
        classifier.Labels.ShouldBe(["tench", "goldfish"]);
        using var unnamed = ImageClassifier.Open(new() { Weights = weights, Model = model });
        unnamed.Labels.ShouldBe(["class 0", "class 1"]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_list_of_other_length_is_refused_with_both_numbers(int lines)
    {
        var labels = Labels([.. Enumerable.Range(0, lines).Select(i => $"n{i}")]);
        Should
            .Throw<InvalidDataException>(() =>
                ImageClassifier.Open(
                    new()
                    {
                        Weights = Foreign(classes: 2),
                        Model = new() { Name = "efficientnet_tiny_stride8" },
                        Labels = labels,
                    }
                )
            )
            .Message.ShouldContain($"names {lines} classes; the weights tell 2 apart");
    }

    [Fact]
    public void A_broken_image_is_refused()
    {
        using var classifier = ImageClassifier.Open(new() { Weights = Trained(["a", "b"]) });
        Should.Throw<InvalidDataException>(() => classifier.Classify("GIF89a"u8, top: 1));
        Should.Throw<InvalidDataException>(() => classifier.Classify(SomeFace.Jpeg.AsSpan(0, 40), top: 1));
    }

    private static ImageClassifier MobileNetOfImageNet() =>
        ImageClassifier.Open(
            new()
            {
                Weights = SharedData.Require(MobileNet),
                Model = new() { Name = "tf_mobilenetv2_100" },
                Labels = SharedData.Require("weights/imagenet_labels.txt"),
            }
        );

    private static byte[] Photograph(JsonElement entry)
    {
        var (place, digest) = (entry.GetProperty("place").GetString()!, entry.GetProperty("sha256").GetString());
        if (place.StartsWith('/'))
        {
            Assert.SkipUnless(
                File.Exists(place),
                $"needs {place}, of Debian's python3-skimage or python-matplotlib-data"
            );
            return File.ReadAllBytes(place);
        }
        using var archive = ZipFile.OpenRead(SharedData.Require("muxspace/balanced_small.zip"));
        foreach (var file in archive.Entries)
        {
            using var stream = file.Open();
            using var bytes = new MemoryStream();
            stream.CopyTo(bytes);
            if (Convert.ToHexStringLower(SHA256.HashData(bytes.ToArray())) == digest)
                return bytes.ToArray();
        }
        throw new InvalidDataException($"The archive has no image {digest}.");
    }

    private static IEnumerable<int> Highest(double[] scores) =>
        Enumerable.Range(0, scores.Length).OrderByDescending(k => scores[k]).Take(5);

    private string Labels(params string[] names)
    {
        var path = _folder.File("labels.txt");
        File.WriteAllLines(path, names);
        return path;
    }

    private string Trained(
        IReadOnlyList<string> classes,
        ModelSpec? spec = null,
        (int Width, int Height, int Channels) faces = default
    )
    {
        spec ??= new() { Name = "efficientnet_tiny_stride8" };
        using var model = ModelRegistry.Create(spec, new SqsSpec(), classes.Count, new Rng(5, "weights"));
        var path = _folder.File("best.safetensors");
        BestWeights.Save(
            path,
            model,
            new()
            {
                Model = ModelRegistry.Resolve(spec),
                Sqs = new(),
                Dataset = "few",
                Classes = classes,
                FaceWidth = faces.Width,
                FaceHeight = faces.Height,
                FaceChannels = faces.Channels,
            }
        );
        return path;
    }

    private string Foreign(int classes)
    {
        var spec = new ModelSpec { Name = "efficientnet_tiny_stride8" };
        using var model = ModelRegistry.Create(spec, new SqsSpec(), classes, new Rng(5, "weights"));
        var path = _folder.File("foreign.safetensors");
        Safetensors.Save(path, model.state_dict());
        return path;
    }
}
