using Microsoft.AspNetCore.Components;
using SqsNet.Engine.Data;

namespace SqsNet.Web.Components.Datasets;

/// <summary>One dataset with its counts and a few faces of each class.</summary>
public sealed partial class DatasetCard
{
    private const int FacesPerClass = 8;
    private static readonly DatasetSplit[] s_splits = [DatasetSplit.Train, DatasetSplit.Validation, DatasetSplit.Test];
    private IReadOnlyList<List<int>> _samples = [];
    private string? _failure;
    private int _problems;

    [Parameter, EditorRequired]
    public DatasetInfo Dataset { get; set; } = null!;

    [Parameter]
    public bool Deletable { get; set; }

    [Parameter]
    public EventCallback<DatasetInfo> OnDelete { get; set; }

    [Inject]
    private DatasetRegistry Registry { get; set; } = null!;

    private IEnumerable<DatasetSplit> Splits => s_splits.Where(split => Dataset.Total(split) > 0);

    private int Total => s_splits.Sum(Dataset.Total);

    private double LargestShare => Math.Max(1e-9, Enumerable.Range(0, Dataset.Classes.Count).Max(Share));

    // After the first render: the built-in dataset is drawn when it is first opened, which takes seconds.
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender)
            return;
        try
        {
            _samples = await Task.Run(() => Choose(Dataset.Name));
            _problems = await Task.Run(() => Registry.FindReport(Dataset.Name)?.Problems.Count ?? 0);
        }
        catch (Exception failure)
        {
            _failure = failure.Message;
        }
        StateHasChanged();
    }

    private List<List<int>> Choose(string name)
    {
        using var dataset = Registry.Open(name);
        var byClass = dataset.Info.Classes.Select(_ => new List<int>()).ToList();
        foreach (var index in dataset.Indices(DatasetSplit.Train))
        {
            var faces = byClass[dataset.Label(index)];
            if (faces.Count < FacesPerClass)
                faces.Add(index);
        }
        return byClass;
    }

    private List<int> Samples(int k) => k < _samples.Count ? _samples[k] : [];

    private int CountOf(DatasetSplit split, int k) =>
        Dataset.Counts.TryGetValue(split, out var counts) && k < counts.Count ? counts[k] : 0;

    private double Share(int k) =>
        (double)CountOf(DatasetSplit.Train, k) / Math.Max(1, Dataset.Total(DatasetSplit.Train));

    private static string Name(DatasetSplit split) =>
        split switch
        {
            DatasetSplit.Train => "Train",
            DatasetSplit.Validation => "Validation",
            DatasetSplit.Test => "Test",
            _ => split.ToString(),
        };
}
