using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using SqsNet.Engine.Data;
using SqsNet.Engine.Sweeps;

namespace SqsNet.Web.Api;

/// <summary>A registered dataset.</summary>
/// <param name="Counts">Faces of each class, by split: "train", "validation", "test".</param>
/// <param name="Totals">Faces by split.</param>
/// <param name="Warnings">What is odd about it, such as counts that differ from the published ones.</param>
/// <param name="TestParts">Named parts of the test split that are also judged by themselves, with their numbers of faces.</param>
/// <param name="Copies">Faces by split that are, to the last pixel, also training faces.</param>
internal sealed record DatasetView(
    string Name,
    string Kind,
    IReadOnlyList<string> Classes,
    int Width,
    int Height,
    int Channels,
    IReadOnlyDictionary<string, IReadOnlyList<int>> Counts,
    IReadOnlyDictionary<string, int> Totals,
    bool HasMasks,
    string Notes,
    IReadOnlyList<string> Warnings,
    IReadOnlyDictionary<string, int> TestParts,
    IReadOnlyDictionary<string, int> Copies,
    string Hash
)
{
    public static DatasetView Of(DatasetInfo info) =>
        new(
            info.Name,
            info.Kind,
            info.Classes,
            info.Width,
            info.Height,
            info.Channels,
            info.Counts.ToDictionary(entry => SweepSpecJson.Word(entry.Key), entry => entry.Value),
            info.Counts.ToDictionary(entry => SweepSpecJson.Word(entry.Key), entry => entry.Value.Sum()),
            info.HasMasks,
            info.Notes,
            info.Warnings,
            info.TestParts,
            info.Copies.ToDictionary(entry => SweepSpecJson.Word(entry.Key), entry => entry.Value),
            info.Hash
        );
}

/// <summary>Asks for a dataset to be made.</summary>
/// <param name="Kind">One of the kinds that /api/datasets/sources lists.</param>
/// <param name="Folder">A folder that /api/datasets/sources lists; null for "synthetic".</param>
/// <param name="Name">Name to register it under: lower-case letters, digits, '-' and '_', at most 64.</param>
/// <param name="Size">Side of the stored square faces in pixels; null takes the kind's own.</param>
/// <param name="Channels">Channels of the stored faces, 1 or 3; null takes the source's own.</param>
/// <param name="Classes">Classes of FERPlus and AffectNet, 7 or 8; null takes all.</param>
/// <param name="Rule">How FERPlus' votes become labels: "majority", "crossEntropy", "probability" or "multiTarget".</param>
/// <param name="ClassNames">Names of an image folder's classes, in the order of its folders; null takes the folders' own.</param>
/// <param name="Seed">Seed of every draw.</param>
/// <param name="Replace">Whether a dataset of that name is replaced.</param>
/// <param name="Synthetic">Numbers of synthetic faces.</param>
internal sealed record ImportBody(
    string? Kind,
    string? Folder,
    string? Name,
    int? Size = null,
    int? Channels = null,
    int? Classes = null,
    FerPlusRule Rule = FerPlusRule.Majority,
    IReadOnlyList<string>? ClassNames = null,
    long Seed = 0,
    bool Replace = false,
    SyntheticCounts? Synthetic = null
);

/// <summary>What an import made and what it could not use.</summary>
/// <param name="TakenOver">Faces that an interrupted import had already read.</param>
internal sealed record ImportView(
    DatasetView Dataset,
    IReadOnlyList<ImportProblem> Problems,
    IReadOnlyDictionary<string, int> ProblemCounts,
    IReadOnlyDictionary<string, int> LeftOut,
    int TakenOver,
    double Seconds
)
{
    public static ImportView Of(ImportReport report) =>
        new(
            DatasetView.Of(report.Dataset),
            report.Problems,
            report.ProblemCounts.ToDictionary(entry => SweepSpecJson.Word(entry.Key), entry => entry.Value),
            report.LeftOut,
            report.TakenOver,
            report.Seconds
        );
}

/// <summary>An import that was interrupted: the same request goes on where it was.</summary>
/// <param name="Name">Name of the dataset that it was to make.</param>
/// <param name="Kind">Kind of its source.</param>
internal sealed record UnfinishedView(string Name, string Kind);

/// <summary>What can be imported.</summary>
/// <param name="Kinds">Kinds of sources.</param>
/// <param name="Folders">Folders under the import roots that the operator configured.</param>
internal sealed record SourcesView(IReadOnlyList<string> Kinds, IReadOnlyList<string> Folders);

/// <summary>Datasets, and their faces as pictures.</summary>
internal static class DatasetsApi
{
    public static void MapDatasets(this RouteGroupBuilder api)
    {
        var datasets = api.MapGroup("/datasets");
        datasets
            .MapGet("", (DatasetRegistry registry) => registry.List().Select(DatasetView.Of))
            .WithSummary("Registered datasets")
            .Produces<IReadOnlyList<DatasetView>>();
        datasets
            .MapPost("", ImportAsync)
            .WithSummary("Make a dataset from a folder under a configured root, or synthetic faces")
            .Produces<ImportView>(StatusCodes.Status201Created);
        datasets.MapGet("/sources", Sources).WithSummary("What can be imported").Produces<SourcesView>();
        datasets
            .MapGet(
                "/unfinished",
                (DatasetRegistry registry) => registry.Unfinished().Select(r => new UnfinishedView(r.Name, r.Kind))
            )
            .WithSummary("Imports that were interrupted")
            .Produces<IReadOnlyList<UnfinishedView>>();
        datasets
            .MapDelete("/unfinished/{name}", Discard)
            .WithSummary("Remove what an interrupted import left")
            .Produces(StatusCodes.Status204NoContent);
        datasets
            .MapGet("/{name}/report", Report)
            .WithSummary("What the import of a dataset could not use")
            .Produces<ImportView>();
        datasets.MapGet("/{name}", Get).WithSummary("One dataset").Produces<DatasetView>();
        datasets
            .MapGet("/{name}/faces/{index:int}.png", FaceAsync)
            .WithSummary("A face")
            .Produces(200, null, "image/png");
        datasets
            .MapGet("/{name}/masks/{index:int}.png", MaskAsync)
            .WithSummary("Where a synthetic face's expression is")
            .Produces(200, null, "image/png");
    }

    private static IResult Get(string name, DatasetRegistry registry) =>
        registry.Find(name) is { } info ? Results.Ok(DatasetView.Of(info)) : Problems.NotFound($"Dataset '{name}'");

    private static IResult Report(string name, DatasetRegistry registry) =>
        registry.FindReport(name) is { } report
            ? Results.Ok(ImportView.Of(report))
            : Problems.NotFound($"The report of dataset '{name}'");

    private static IResult Discard(string name, DatasetRegistry registry)
    {
        if (!registry.Unfinished().Any(request => request.Name == name))
            return Problems.NotFound($"An unfinished import of '{name}'");
        registry.Discard(name);
        return Results.NoContent();
    }

    private static Ok<SourcesView> Sources(IOptions<SqsNetOptions> options) =>
        TypedResults.Ok(new SourcesView(DatasetRegistry.Kinds, [.. ImportRoots.Folders(options.Value).Keys.Order()]));

    private static async Task<IResult> ImportAsync(
        ImportBody body,
        DatasetRegistry registry,
        IOptions<SqsNetOptions> options,
        CancellationToken cancellationToken
    )
    {
        var errors = new List<ConfigError>();
        if (body.Kind is null || !DatasetRegistry.Kinds.Contains(body.Kind))
            errors.Add(new("kind", $"must be one of {string.Join(", ", DatasetRegistry.Kinds)}; it is '{body.Kind}'"));
        if (string.IsNullOrEmpty(body.Name))
            errors.Add(new("name", "is missing"));
        string? path = null;
        if (body.Kind != "synthetic" && !ImportRoots.Folders(options.Value).TryGetValue(body.Folder ?? "", out path))
            errors.Add(new("folder", $"must be a folder under an import root of the server; it is '{body.Folder}'"));
        if (errors.Count > 0)
            return Problems.Invalid(errors);

        var request = new ImportRequest(body.Kind!, path, body.Name!)
        {
            Size = body.Size,
            Channels = body.Channels,
            Classes = body.Classes,
            FerPlusRule = body.Rule,
            ClassNames = body.ClassNames,
            Seed = body.Seed,
            Replace = body.Replace,
            Synthetic = body.Synthetic ?? new(),
        };
        try
        {
            var report = await registry.ImportAsync(request, null, cancellationToken);
            return Results.Created($"{Urls.Api}/datasets/{report.Dataset.Name}", ImportView.Of(report));
        }
        catch (DatasetException refused)
        {
            return Problems.Invalid("$", refused.Message);
        }
    }

    private static Task<IResult> FaceAsync(string name, int index, DatasetRegistry registry, HttpContext context) =>
        PictureAsync(
            name,
            index,
            registry,
            context,
            dataset => Png.Encode(dataset.Pixels(index), dataset.Info.Width, dataset.Info.Height, dataset.Info.Channels)
        );

    private static Task<IResult> MaskAsync(string name, int index, DatasetRegistry registry, HttpContext context) =>
        PictureAsync(
            name,
            index,
            registry,
            context,
            dataset =>
                dataset.Info.HasMasks
                    ? Png.Encode(dataset.Mask(index), dataset.Info.Width, dataset.Info.Height, 1)
                    : null
        );

    // On a pool thread: the built-in dataset is drawn when it is first opened, which takes seconds.
    private static Task<IResult> PictureAsync(
        string name,
        int index,
        DatasetRegistry registry,
        HttpContext context,
        Func<FaceDataset, byte[]?> draw
    ) =>
        Task.Run(() =>
        {
            if (registry.Find(name) is null)
                return Problems.NotFound($"Dataset '{name}'");
            using var dataset = registry.Open(name);
            if (index < 0 || index >= dataset.Count || draw(dataset) is not { } png)
                return Problems.NotFound($"Picture {index} of dataset '{name}'");
            context.Response.Headers.CacheControl = "private, max-age=600";
            return Results.Bytes(png, "image/png");
        });
}
