using Microsoft.AspNetCore.WebUtilities;
using SqsNet.Engine.Sweeps;
using SqsNet.Web.Api;
using SqsNet.Web.Components.Workbench;

namespace SqsNet.Web;

/// <summary>Every address of the dashboard, once.</summary>
public static class Urls
{
    public const string Home = "/";
    public const string Login = "/login";
    public const string Logout = "/logout";
    public const string Health = "/health";
    public const string Api = "/api";
    public const string OpenApi = "/openapi/v1.json";
    public const string LiveHub = "/hubs/live";
    public const string NotFound = "/not-found";
    public const string Error = "/error";

    /// <summary>The first parts of addresses that programs and sockets use: errors are told without pages there.</summary>
    public static readonly IReadOnlyList<string> ForPrograms = [Api, "/hubs", "/openapi", "/_blazor", Health];

    public const string Sweeps = "/sweeps";
    public const string NewSweep = "/sweeps/new";
    public const string Datasets = "/datasets";
    public const string Models = "/models";
    public const string Compare = "/compare";
    public const string Inspect = "/inspect";
    public const string System = "/system";

    /// <summary>The page that looks at a picture, with a trial's weights.</summary>
    public static string InspectWith(long trialId) => $"{Inspect}?trial={trialId}";

    /// <summary>Two groups of trials side by side, by the trials' ids.</summary>
    public static string Comparison(IEnumerable<TrialRecord> a, IEnumerable<TrialRecord> b) =>
        $"{Compare}?a={TrialSelection.WriteIds(a)}&b={TrialSelection.WriteIds(b)}";

    /// <summary>The form, filled with an earlier sweep's specification.</summary>
    public static string NewSweepFrom(long id) => $"{NewSweep}?from={id}";

    /// <summary>The form, filled with the sweep that confirms a configuration of an earlier one.</summary>
    public static string ConfirmingSweep(long id, int configuration) => $"{NewSweep}?from={id}&confirm={configuration}";

    /// <summary>What the import of a dataset could not use, as JSON.</summary>
    public static string ImportReport(string dataset) => $"{Api}/datasets/{Uri.EscapeDataString(dataset)}/report";

    /// <summary>The form, filled with a preset.</summary>
    public static string NewSweepPreset(string name) => $"{NewSweep}?preset={Uri.EscapeDataString(name)}";

    public static string Sweep(long id) => $"/sweeps/{id}";

    /// <summary>The table of a sweep's trials as it is shown, as a file.</summary>
    public static string TrialTable(long sweepId, TrialTableQuery query, string format) =>
        QueryHelpers.AddQueryString(
            $"{Api}/sweeps/{sweepId}/table",
            new Dictionary<string, string?>
            {
                ["format"] = format,
                ["cols"] = query.Columns,
                ["sort"] = query.Sort,
                ["where"] = query.Where,
                ["hide"] = query.Hidden,
            }
        );

    /// <summary>A sweep's trials column by column.</summary>
    public static string Relations(long sweepId, IReadOnlyList<string> columns) =>
        QueryHelpers.AddQueryString($"{Api}/sweeps/{sweepId}/relations", "cols", string.Join(',', columns));

    /// <summary>What a sweep's objective is expected to be over two parameters.</summary>
    public static string Surface(long sweepId, string x, string y) =>
        QueryHelpers.AddQueryString(
            $"{Api}/sweeps/{sweepId}/surface",
            new Dictionary<string, string?> { ["x"] = x, ["y"] = y }
        );

    public static string Trial(long id) => $"/trials/{id}";

    public static string TrialView(long id, string view) => $"/trials/{id}?view={view}";

    public static string TrialLog(long id) => TrialView(id, "log");

    public static string Inspector(long trialId) => $"/trials/{trialId}/inspector";

    public static string Maps(long trialId, int quad) => $"{Api}/trials/{trialId}/quads/{quad}/maps";

    /// <summary>The maps of any four faces of the trial's dataset, with its best weights.</summary>
    public static string MapsOfFaces(long trialId, IReadOnlyList<int> faces) =>
        $"{Api}/trials/{trialId}/maps?faces={QuadFaces.Write(faces)}";

    public static string Artifact(long trialId, long artifact) => $"{Api}/trials/{trialId}/artifacts/{artifact}";

    public static string Face(string dataset, int index) =>
        $"{Api}/datasets/{Uri.EscapeDataString(dataset)}/faces/{index}.png";

    public static string Mask(string dataset, int index) =>
        $"{Api}/datasets/{Uri.EscapeDataString(dataset)}/masks/{index}.png";

    public static string Report(long sweepId, string table) => $"/sweeps/{sweepId}/reports/{table}";

    /// <summary>A table as a file; without a configuration, the table's own choice.</summary>
    public static string ReportFile(long sweepId, string table, string format, int? configuration) =>
        $"{Api}/reports/{table}?sweep={sweepId}&format={format}"
        + (configuration is null ? "" : $"&configuration={configuration}");

    /// <summary>The login link; the query's name is a contract.</summary>
    public static string LoginWith(string token) => $"{Login}?t={Uri.EscapeDataString(token)}";
}
