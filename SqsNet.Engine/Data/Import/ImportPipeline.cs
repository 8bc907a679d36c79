using System.Diagnostics;

namespace SqsNet.Engine.Data;

/// <summary>Reads the planned faces on all cores and writes them in order.</summary>
internal static class ImportPipeline
{
    // Faces read at once before they are written: enough to keep the cores busy, little to hold in memory.
    private const int Batch = 256;

    /// <summary>Makes the dataset in the folder's partial place and moves it into its own.</summary>
    /// <exception cref="DatasetException">No face could be used.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; nothing is left behind.</exception>
    public static ImportReport Run(
        ImportPlan plan,
        ImportRequest request,
        DatasetFolder folder,
        IProgress<ImportProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        var watch = Stopwatch.StartNew();
        var problems = new List<ImportProblem>(plan.Problems);
        folder.BeginPartial();
        try
        {
            RequireSpace(folder.PartialPath, plan);
            using var writer = new FaceCacheWriter(folder.PartialFacesPath, plan.Shape);
            for (var start = 0; start < plan.Faces.Count; start += Batch)
            {
                ReadBatch(plan.Faces, start, writer, problems, cancellationToken);
                var done = Math.Min(start + Batch, plan.Faces.Count);
                progress?.Report(new(done, plan.Faces.Count, problems.Count));
            }
            if (writer.Count == 0)
                throw new DatasetException(NothingUsable(request, problems));
            var info = Describe(plan, request, writer);
            var report = new ImportReport(info with { Hash = writer.Complete() }, problems)
            {
                LeftOut = plan.LeftOut,
                Seconds = watch.Elapsed.TotalSeconds,
            };
            writer.Dispose();
            folder.CompletePartial(report);
            return report;
        }
        finally
        {
            folder.RemovePartial();
        }
    }

    // Better now than after an hour, in the middle of a file.
    private static void RequireSpace(string path, ImportPlan plan)
    {
        var needed = (long)plan.Faces.Count * (plan.Shape.PixelBytes + plan.Shape.MaskBytes);
        var free = new DriveInfo(path).AvailableFreeSpace;
        if (needed > free)
            throw new DatasetException(
                $"{plan.Faces.Count} faces of {plan.Shape.Width} x {plan.Shape.Height} need {needed >> 20} MiB; the disk of {path} has {free >> 20} MiB left. Ask for a smaller size."
            );
    }

    private static void ReadBatch(
        IReadOnlyList<FaceSource> sources,
        int start,
        FaceCacheWriter writer,
        List<ImportProblem> problems,
        CancellationToken cancellationToken
    )
    {
        var count = Math.Min(Batch, sources.Count - start);
        var pixels = new FacePixels[count];
        var faults = new ImportProblem?[count];
        var options = new ParallelOptions { CancellationToken = cancellationToken };
        Parallel.For(0, count, options, i => faults[i] = Read(sources[start + i], out pixels[i]));
        for (var i = 0; i < count; i++)
        {
            var source = sources[start + i];
            if (faults[i] is { } fault)
                problems.Add(fault);
            else if (source.IsLeftOut)
                writer.Remember(pixels[i].Pixels);
            else
                writer.Add(
                    new(source.Name, source.Label, source.Split, pixels[i].Pixels)
                    {
                        Mask = pixels[i].Mask,
                        Target = source.Target,
                    }
                );
        }
    }

    private static ImportProblem? Read(FaceSource source, out FacePixels pixels)
    {
        pixels = default;
        try
        {
            pixels = source.Make();
            return null;
        }
        catch (FaceProblemException e)
        {
            return new(source.Name, e.Kind, e.Message);
        }
        catch (FileNotFoundException)
        {
            return new(source.Name, ImportProblemKind.MissingImage, "The file is not there.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return new(source.Name, ImportProblemKind.UnreadableFile, e.Message);
        }
    }

    private static DatasetInfo Describe(ImportPlan plan, ImportRequest request, FaceCacheWriter writer)
    {
        var counts = Enum.GetValues<DatasetSplit>().ToDictionary(s => s, _ => new int[plan.Classes.Count]);
        for (var i = 0; i < writer.Count; i++)
            counts[(DatasetSplit)writer.Splits[i]][writer.Labels[i]]++;
        var repeats = writer.FindRepeats();
        int Repeated(DatasetSplit split) => repeats.Where((r, i) => r != 0 && writer.Splits[i] == (byte)split).Count();
        var notes = new List<string> { plan.Notes };
        notes.AddRange(plan.LeftOut.Select(l => $"{l.Value} left out: {l.Key}."));
        if (repeats.Any(r => r != 0))
            notes.Add(
                $"{Repeated(DatasetSplit.Test)} test and {Repeated(DatasetSplit.Validation)} validation faces are pixel-exact copies of a training face{(plan.Faces.Any(f => f.IsLeftOut) ? ", left-out ones included" : "")}."
            );
        return new()
        {
            Name = request.Name,
            Kind = request.Kind,
            Classes = plan.Classes,
            Width = plan.Shape.Width,
            Height = plan.Shape.Height,
            Channels = plan.Shape.Channels,
            HasMasks = plan.Shape.HasMasks,
            Counts = counts.ToDictionary(c => c.Key, c => (IReadOnlyList<int>)c.Value),
            Notes = string.Join(' ', notes),
        };
    }

    private static string NothingUsable(ImportRequest request, List<ImportProblem> problems)
    {
        var first = problems.Count == 0 ? "there were none" : $"{problems[0].Item}: {problems[0].Message}";
        return $"None of the faces in {request.Path} could be used; the first problem: {first}";
    }
}
