using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace SqsNet.Engine.Data;

/// <summary>The files of one registered dataset: dataset.json, faces.bin, report.json.</summary>
/// <remarks>
/// A dataset is made in a hidden folder beside its place, brought to the disk, then renamed: whoever looks sees it whole
/// or not at all, also after a power cut.
/// </remarks>
internal sealed partial class DatasetFolder(string root, string name)
{
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
    public DatasetInfo? ReadInfo()
    {
        try
        {
            return JsonSerializer.Deserialize<DatasetInfo>(File.ReadAllBytes(InfoPath), Json);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            throw new DatasetException(
                $"{InfoPath} cannot be read: {e.Message} Delete the dataset '{name}' and import it again.",
                e
            );
        }
    }

    /// <summary>An empty folder to make the dataset in; what an interrupted import left there is removed.</summary>
    public void BeginPartial()
    {
        if (Directory.Exists(PartialPath))
            Directory.Delete(PartialPath, recursive: true);
        Directory.CreateDirectory(PartialPath);
    }

    /// <summary>Adds description and report to the partial folder and moves it into place, over an older dataset.</summary>
    public void CompletePartial(ImportReport report)
    {
        WriteDurably(System.IO.Path.Combine(PartialPath, "report.json"), report);
        WriteDurably(System.IO.Path.Combine(PartialPath, "dataset.json"), report.Dataset);
        FlushFolder(PartialPath);
        if (Directory.Exists(Path))
            Remove();
        Directory.Move(PartialPath, Path);
        FlushFolder(root);
    }

    /// <summary>Removes the dataset; a trial that has it open keeps reading what it has mapped.</summary>
    public void Remove()
    {
        // Out of sight in one step first, so that nobody meets a half-deleted dataset.
        var grave = System.IO.Path.Combine(root, $".{name}.deleted-{Guid.NewGuid():N}");
        Directory.Move(Path, grave);
        Directory.Delete(grave, recursive: true);
    }

    public void RemovePartial()
    {
        if (Directory.Exists(PartialPath))
            Directory.Delete(PartialPath, recursive: true);
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
