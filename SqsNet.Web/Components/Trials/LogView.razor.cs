using Microsoft.AspNetCore.Components;
using SqsNet.Engine.Sweeps;
using SqsNet.Storage;
using SqsNet.Web.Live;

namespace SqsNet.Web.Components.Trials;

/// <summary>A trial's newest log lines and its files.</summary>
public sealed partial class LogView : IDisposable
{
    private const int Limit = 1000;
    private readonly Departure _gone = new();
    private IReadOnlyList<LogLine>? _lines;
    private IReadOnlyList<TrialArtifact>? _files;
    private (long, long) _shown;

    [Parameter, EditorRequired]
    public TrialRecord Trial { get; set; } = null!;

    [Inject]
    private TrialQueries Queries { get; set; } = null!;

    protected override async Task OnParametersSetAsync()
    {
        var asked = (Trial.Id, Trial.LastSeq);
        if (asked == _shown)
            return;
        _shown = asked;
        _lines = await Queries.LastLogsAsync(Trial.Id, Limit, _gone.Token);
        _files = await Queries.ArtifactsAsync(Trial.Id, null, _gone.Token);
    }

    public void Dispose()
    {
        _gone.Dispose();
    }
}
