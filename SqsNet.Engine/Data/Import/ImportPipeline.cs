using System.Diagnostics;

namespace SqsNet.Engine.Data;

/// <summary>Reads the planned faces on all cores and writes them in order.</summary>
internal static class ImportPipeline
{
    // Faces read at once before they are written: enough to keep the cores busy, little to hold in memory.
    private const int Batch = 256;

    // ENOSPC and EDQUOT of Linux.
    private static readonly int[] s_full = [28, 122];

    /// <summary>
    /// Makes the dataset in the folder's partial place and moves it into its own. Goes on where an interrupted import of
    /// the same plan was, up to the first face that is no longer the same.
    /// </summary>
    /// <exception cref="DatasetException">No face could be used, or the dataset cannot be written.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; the same import goes on from there.</exception>
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
        var done = 0;
        try
        {
            folder.BeginPartial(request);
            var key = ImportJournal.KeyOf(request, plan);
            using var writer = new FaceCacheWriter(folder.PartialFacesPath, plan.Shape);
            var takenOver = TakeOver(plan, ImportJournal.Read(folder.PartialJournalPath, key), writer, problems);
            done = takenOver.Count;
            RequireSpace(folder.PartialPath, plan, plan.Faces.Count - done);
            using var journal = new ImportJournal(folder.PartialJournalPath, key, takenOver);
            while (done < plan.Faces.Count)
            {
                journal.Append(ReadBatch(plan.Faces, done, writer, problems, cancellationToken));
                done = Math.Min(done + Batch, plan.Faces.Count);
                progress?.Report(new(done, plan.Faces.Count, problems.Count));
            }
            if (writer.Count == 0)
            {
                folder.RemovePartial();
                throw new DatasetException(NothingUsable(request, problems));
            }
            var (info, parts) = DatasetDescription.Of(plan, request, writer);
            var report = new ImportReport(info with { Hash = writer.Complete() }, problems)
            {
                LeftOut = plan.LeftOut,
                TakenOver = takenOver.Count,
                Seconds = watch.Elapsed.TotalSeconds,
            };
            writer.Dispose();
            folder.CompletePartial(report, parts);
            return report;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Faults of the source are problems of single faces: what arrives here is the dataset's own disk.
            throw new DatasetException(Unwritable(folder, e, done, plan.Faces.Count), e);
        }
    }

    /// <summary>The faces of an earlier attempt that are still the same and whole, from the first one on.</summary>
    private static List<JournalEntry> TakeOver(
        ImportPlan plan,
        List<JournalEntry> earlier,
        FaceCacheWriter writer,
        List<ImportProblem> problems
    )
    {
        var kept = new List<JournalEntry>();
        foreach (var (entry, source) in earlier.Zip(plan.Faces))
        {
            if (entry.Key != ImportJournal.KeyOf(source))
                break;
            if (entry.Outcome == FaceOutcome.Stored && !writer.TakeOver(FaceOf(source, default), entry.Checksum))
                break;
            if (entry.Outcome == FaceOutcome.Remembered)
                writer.Remember(entry.Digest);
            if (entry.Problem is { } problem)
                problems.Add(problem);
            kept.Add(entry);
        }
        writer.CutRest();
        return kept;
    }

    // Better now than after an hour, in the middle of a file.
    private static void RequireSpace(string path, ImportPlan plan, int faces)
    {
        var needed = (long)faces * (plan.Shape.PixelBytes + plan.Shape.MaskBytes);
        var free = new DriveInfo(path).AvailableFreeSpace;
        if (needed > free)
            throw new DatasetException(
                $"{faces} faces of {plan.Shape.Width} x {plan.Shape.Height} need {needed >> 20} MiB; the disk of {path} has {free >> 20} MiB left. Make room, or ask for a smaller size."
            );
    }

    private static JournalEntry[] ReadBatch(
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
        var keys = new UInt128[count];
        var options = new ParallelOptions { CancellationToken = cancellationToken };
        Parallel.For(
            0,
            count,
            options,
            i =>
            {
                keys[i] = ImportJournal.KeyOf(sources[start + i]);
                faults[i] = Read(sources[start + i], out pixels[i]);
            }
        );
        var entries = new JournalEntry[count];
        for (var i = 0; i < count; i++)
        {
            var source = sources[start + i];
            if (faults[i] is { } fault)
            {
                problems.Add(fault);
                entries[i] = new(keys[i], FaceOutcome.Problem) { Problem = fault };
            }
            else if (source.IsLeftOut)
                entries[i] = new(keys[i], FaceOutcome.Remembered) { Digest = writer.Remember(pixels[i].Pixels) };
            else
                entries[i] = new(keys[i], FaceOutcome.Stored) { Checksum = writer.Add(FaceOf(source, pixels[i])) };
        }
        return entries;
    }

    private static Face FaceOf(FaceSource source, FacePixels pixels) =>
        new(source.Name, source.Label, source.Split, pixels.Pixels) { Mask = pixels.Mask, Target = source.Target };

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
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return new(source.Name, ImportProblemKind.MissingImage, "The file is not there.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return new(source.Name, ImportProblemKind.UnreadableFile, e.Message);
        }
    }

    private static string NothingUsable(ImportRequest request, List<ImportProblem> problems)
    {
        var first = problems.Count == 0 ? "there were none" : $"{problems[0].Item}: {problems[0].Message}";
        return $"None of the faces in {request.Path} could be used; the first problem: {first}";
    }

    private static string Unwritable(DatasetFolder folder, Exception fault, int done, int total)
    {
        var isFull = Array.IndexOf(s_full, fault.HResult & 0xffff) >= 0;
        var what = isFull
            ? $"The disk of {folder.PartialPath} is full"
            : $"{folder.PartialPath} cannot be written: {fault.Message}";
        return $"{what.TrimEnd('.')}. {done:N0} of {total:N0} faces are done. {(isFull ? "Make room" : "Mend that")}, then start the same import again: it goes on from there.";
    }
}
