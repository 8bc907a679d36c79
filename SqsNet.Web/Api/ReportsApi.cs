using SqsNet.Engine.Reports;
using SqsNet.Engine.Sweeps;
using SqsNet.Storage;

namespace SqsNet.Web.Api;

/// <summary>A table that can be made of a sweep.</summary>
internal sealed record ReportView(string Name, string Description);

/// <summary>The paper's tables, computed from every seed.</summary>
internal static class ReportsApi
{
    public static void MapReports(this RouteGroupBuilder api)
    {
        api.MapGet(
                "/reports",
                () => ReportRegistry.Names.Select(name => new ReportView(name, ReportRegistry.Describe(name)))
            )
            .WithSummary("The tables that can be made of a sweep")
            .Produces<IReadOnlyList<ReportView>>();
        api.MapGet("/reports/{table}", TableAsync)
            .WithSummary("A table of a sweep, as json, markdown, csv or latex")
            .Produces(
                StatusCodes.Status200OK,
                null,
                "application/json",
                "text/markdown",
                "text/csv",
                "application/x-tex"
            );
    }

    private static async Task<IResult> TableAsync(
        string table,
        long? sweep,
        string? format,
        int? configuration,
        ReportQueries reports,
        CancellationToken cancellationToken
    )
    {
        if (!ReportRegistry.Names.Contains(table))
            return Problems.NotFound($"Table '{table}' (there are {string.Join(", ", ReportRegistry.Names)})");
        var errors = new List<ConfigError>();
        if (sweep is null)
            errors.Add(new("sweep", "is missing: the id of a sweep"));
        if (ReportRenderer.FindFormat(format ?? "json") is not { } chosen)
            return Problems.Invalid([.. errors, UnknownFormat(format)]);
        if (errors.Count > 0)
            return Problems.Invalid(errors);
        var input = await reports.ReadAsync(sweep!.Value, table, cancellationToken);
        var made = ReportRegistry.Create(table, input with { Configuration = configuration });
        return File(made, chosen);
    }

    /// <summary>A table, written.</summary>
    internal static IResult File(ReportTable table, ReportFormat format) =>
        Results.Text(ReportRenderer.Render(table, format), $"{ReportRenderer.ContentType(format)}; charset=utf-8");

    /// <summary>Says which formats there are.</summary>
    internal static ConfigError UnknownFormat(string? format) =>
        new(
            "format",
            $"must be one of {string.Join(", ", Enum.GetValues<ReportFormat>().Select(SweepSpecJson.Word))}; it is '{format}'"
        );
}
