using System.Text.Json;
using SqsNet.Engine.Sweeps;
using SqsNet.Engine.Training;

namespace SqsNet.Engine.Efficiency;

/// <summary>What has been measured, and what is wrong with the file that keeps it.</summary>
/// <param name="Speeds">The measurements, newest first.</param>
/// <param name="Problem">Why the file could not be read; null when it could, or is not there.</param>
public sealed record KeptSpeeds(IReadOnlyList<ModelSpeed> Speeds, string? Problem)
{
    /// <summary>The newest measurement of a model at its default image size; null before the first.</summary>
    public ModelSpeed? Find(string model, int imageSize) =>
        Speeds.FirstOrDefault(speed => speed.Model == model && speed.ImageSize == imageSize);
}

/// <summary>Keeps measurements in efficiency.json of the data directory: one per model, image size, device, element type and threads.</summary>
/// <remarks>Safe from any thread of a process; two processes that measure at once spoil each other's numbers anyway.</remarks>
public sealed class SpeedFile(string dataDirectory)
{
    /// <summary>Its name in the data directory.</summary>
    public const string FileName = "efficiency.json";

    private const int Version = 1;
    private const string AsideSuffix = ".damaged";
    private readonly Lock _lock = new();

    private string FilePath => Path.Combine(dataDirectory, FileName);

    /// <summary>Reads what there is. A file that cannot be read is told of, not thrown: the rest of a page does not need it.</summary>
    public KeptSpeeds Read()
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(FilePath);
        }
        catch (Exception absent) when (absent is FileNotFoundException or DirectoryNotFoundException)
        {
            return new([], null);
        }
        try
        {
            var content =
                JsonSerializer.Deserialize<Content>(bytes, SweepSpecJson.Options)
                ?? throw new JsonException("it is empty");
            return content.Version == Version
                ? new([.. content.Measurements.OrderByDescending(speed => speed.MeasuredAt)], null)
                : new([], Explain($"it has version {content.Version}, and this program reads version {Version}"));
        }
        catch (JsonException malformed)
        {
            return new([], Explain(malformed.Message));
        }
    }

    /// <summary>Keeps a measurement in place of an older one under the same conditions.</summary>
    /// <remarks>A file that cannot be read is put aside under another name first.</remarks>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Keep(ModelSpeed speed)
    {
        lock (_lock)
        {
            Directory.CreateDirectory(dataDirectory);
            var kept = Read();
            if (kept.Problem is not null)
                File.Move(FilePath, FilePath + AsideSuffix, overwrite: true);
            var others = kept.Speeds.Where(old => !old.IsReplacedBy(speed));
            var content = new Content(Version, [speed, .. others]);
            DurableFile.Write(FilePath, JsonSerializer.SerializeToUtf8Bytes(content, SweepSpecJson.Options));
        }
    }

    private string Explain(string why) =>
        $"{FilePath} cannot be read ({why}). The next measurement starts a new file and puts this one aside.";

    private sealed record Content(int Version, IReadOnlyList<ModelSpeed> Measurements);
}
