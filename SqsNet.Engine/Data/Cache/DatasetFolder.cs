using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace SqsNet.Engine.Data;

/// <summary>The files of one registered dataset: dataset.json, faces.bin, parts.json, report.json.</summary>
/// <remarks>
/// A dataset is made in a hidden folder beside its place, brought to the disk, then renamed: whoever looks sees it whole
/// or not at all, also after a power cut.
/// </remarks>
internal sealed partial class DatasetFolder(string root, string name)
{
    private const string ReportName = "report.json";
    private const string PartsName = "parts.json";

    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public string Path => System.IO.Path.Combine(root, name);

    public string FacesPath => System.IO.Path.Combine(Path, "faces.bin");

    public string InfoPath => System.IO.Path.Combine(Path, "dataset.json");

    /// <summary>Where the dataset is made before it is moved into place.</summary>
    public string PartialPath => System.IO.Path.Combine(root, $".{name}.partial");

    public string PartialFacesPath => System.IO.Path.Combine(PartialPath, "faces.bin");

    /// <summary>The faces that the import is done with.</summary>
    public string PartialJournalPath => System.IO.Path.Combine(PartialPath, "journal.bin");

    /// <summary>What was asked for, so that it can be asked for again.</summary>
    public string PartialRequestPath => System.IO.Path.Combine(PartialPath, "request.json");

    /// <summary>Every file and row that could not be used.</summary>
    public string ReportPath => System.IO.Path.Combine(Path, ReportName);

    /// <summary>Keeps other imports of the same name out, in this process and others; null while another one is at it.</summary>
    public FileStream? TryLock()
    {
        Directory.CreateDirectory(root);
        try
        {
            return new FileStream(
                System.IO.Path.Combine(root, $".{name}.lock"),
                FileMode.OpenOrCreate,
                FileAccess.Write,
                FileShare.None
            );
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>The dataset's description, or null where there is no such dataset.</summary>
    /// <exception cref="DatasetException">dataset.json is there and cannot be read.</exception>
    public DatasetInfo? ReadInfo() => Read<DatasetInfo>(InfoPath);

    /// <summary>The folder to make the dataset in, with the request; what an interrupted import left there stays.</summary>
    public void BeginPartial(ImportRequest request)
    {
        Directory.CreateDirectory(PartialPath);
        WriteDurably(PartialRequestPath, request);
    }

    /// <summary>What an interrupted import asked for, or null where there is none.</summary>
    public ImportRequest? ReadPartialRequest()
    {
        try
        {
            return JsonSerializer.Deserialize<ImportRequest>(File.ReadAllBytes(PartialRequestPath), Json);
        }
        catch (Exception e) when (e is IOException or JsonException)
        {
            // Killed while it was written, or by an older version: nothing to go on with.
            return null;
        }
    }

    /// <summary>Adds description, parts and report to the partial folder and moves it into place, over an older dataset.</summary>
    public void CompletePartial(ImportReport report, IReadOnlyDictionary<string, int[]> testParts)
    {
        WriteDurably(System.IO.Path.Combine(PartialPath, ReportName), report);
        WriteDurably(System.IO.Path.Combine(PartialPath, PartsName), testParts);
        WriteDurably(System.IO.Path.Combine(PartialPath, "dataset.json"), report.Dataset);
        File.Delete(PartialJournalPath);
        File.Delete(PartialRequestPath);
        FlushFolder(PartialPath);
        if (Directory.Exists(Path))
            Remove();
        Directory.Move(PartialPath, Path);
        FlushFolder(root);
    }

    /// <summary>The report of the import, or null where there is none.</summary>
    public ImportReport? ReadReport() => Read<ImportReport>(ReportPath);

    /// <summary>Indices of the faces of each named part of the test split; none where there is no such file.</summary>
    public IReadOnlyDictionary<string, int[]> ReadTestParts() =>
        Read<Dictionary<string, int[]>>(System.IO.Path.Combine(Path, PartsName)) ?? [];

    /// <summary>Removes the dataset; a trial that has it open keeps reading what it has mapped.</summary>
    public void Remove()
    {
        // Out of sight in one step first, so that nobody meets a half-deleted dataset.
        var grave = System.IO.Path.Combine(root, $".{name}.deleted-{Guid.NewGuid():N}");
        Directory.Move(Path, grave);
        Directory.Delete(grave, recursive: true);
    }

    /// <summary>Removes what an interrupted import left.</summary>
    public void RemovePartial()
    {
        if (Directory.Exists(PartialPath))
            Directory.Delete(PartialPath, recursive: true);
    }

    private T? Read<T>(string path)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(File.ReadAllBytes(path), Json);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            throw new DatasetException(
                $"{path} cannot be read: {e.Message} Delete the dataset '{name}' and import it again.",
                e
            );
        }
    }

    private static void WriteDurably<T>(string path, T value)
    {
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None);
        JsonSerializer.Serialize(file, value, Json);
        file.Flush(flushToDisk: true);
    }

    private static void FlushFolder(string path)
    {
        // .NET cannot open a folder; without this a rename may be lost in a power cut. 0x10000 is O_DIRECTORY.
        var descriptor = Open(path, 0x10000);
        if (descriptor < 0)
            return;
        _ = Fsync(descriptor);
        _ = Close(descriptor);
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync")]
    private static partial int Fsync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
