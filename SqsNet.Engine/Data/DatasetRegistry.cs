using SqsNet.Engine.Events;

namespace SqsNet.Engine.Data;

/// <summary>The datasets under the engine's datasets directory. Safe for several threads and processes.</summary>
/// <param name="options">Where the datasets are.</param>
/// <remarks>"synthetic" is always there: it is drawn when it is first opened.</remarks>
public sealed class DatasetRegistry(EngineOptions options)
{
    private static readonly IImporter[] s_importers =
    [
        new SyntheticImporter(),
        new ImageFolderImporter(),
        new FerPlusImporter(),
        new RafDbImporter(),
        new AffectNetImporter(),
    ];

    private static readonly ImportRequest s_builtIn = new("synthetic", null, "synthetic");

    /// <summary>Kinds of sources that can be imported.</summary>
    public static IReadOnlyList<string> Kinds { get; } = [.. s_importers.Select(i => i.Kind)];

    /// <summary>All datasets, the built-in one first, then by name. One that cannot be read is left out.</summary>
    public IReadOnlyList<DatasetInfo> List()
    {
        var names = Directory.Exists(options.DatasetsDirectory)
            ? Directory.EnumerateDirectories(options.DatasetsDirectory).Select(p => Path.GetFileName(p))
            : [];
        return
        [
            FindOrNull(s_builtIn.Name) ?? SyntheticImporter.Describe(s_builtIn),
            .. names
                .Where(name => IsName(name) && name != s_builtIn.Name)
                .Order(StringComparer.Ordinal)
                .Select(FindOrNull)
                .OfType<DatasetInfo>(),
        ];
    }

    /// <summary>The dataset of that name, or null.</summary>
    /// <exception cref="DatasetException">Its description cannot be read.</exception>
    public DatasetInfo? Find(string name)
    {
        if (!IsName(name))
            return null;
        return Folder(name).ReadInfo() ?? (name == s_builtIn.Name ? SyntheticImporter.Describe(s_builtIn) : null);
    }

    /// <summary>Opens a dataset; "synthetic" is drawn first if need be, which takes a few seconds.</summary>
    /// <exception cref="NotFoundException">There is no such dataset.</exception>
    /// <exception cref="DatasetException">Its files are damaged; the message names the file and the remedy.</exception>
    public FaceDataset Open(string name)
    {
        if (name == s_builtIn.Name)
            DrawBuiltIn();
        var folder = Folder(name);
        var info = (IsName(name) ? folder.ReadInfo() : null) ?? throw Missing(name);
        return FaceDataset.Open(info, folder.FacesPath, folder.ReadTestParts());
    }

    /// <summary>
    /// Makes a dataset. It appears whole or not at all; an import that was cancelled, killed or ran out of room goes on
    /// where it was when it is asked for again.
    /// </summary>
    /// <param name="request">What to import and under which name.</param>
    /// <param name="progress">Told after every few hundred faces.</param>
    /// <param name="cancellationToken">Ends the import; what is done stays for the next time.</param>
    /// <exception cref="DatasetException">
    /// The source or the request cannot be used, or the dataset cannot be written; the message says why.
    /// </exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public Task<ImportReport> ImportAsync(
        ImportRequest request,
        IProgress<ImportProgress>? progress,
        CancellationToken cancellationToken
    ) => Task.Run(() => Import(request, progress, cancellationToken), cancellationToken);

    /// <summary>Removes a dataset; the source that it was imported from is not touched.</summary>
    /// <exception cref="NotFoundException">There is no such dataset.</exception>
    public void Delete(string name)
    {
        if (!IsName(name) || !Directory.Exists(Folder(name).Path))
            throw Missing(name);
        Folder(name).Remove();
    }

    private NotFoundException Missing(string name) =>
        new($"Dataset '{name}' (there are {string.Join(", ", List().Select(info => info.Name))}; an import makes one)");

    /// <summary>What the import of a dataset found: every file and row that could not be used; null where nothing is known.</summary>
    /// <exception cref="DatasetException">The report is damaged.</exception>
    public ImportReport? FindReport(string name) => IsName(name) ? Folder(name).ReadReport() : null;

    /// <summary>Where the report of a dataset's import is.</summary>
    public string ReportPath(string name) => Folder(name).ReportPath;

    /// <summary>Imports that were interrupted, by name: asking for the same again goes on where they were.</summary>
    public IReadOnlyList<ImportRequest> Unfinished()
    {
        if (!Directory.Exists(options.DatasetsDirectory))
            return [];
        return
        [
            .. Directory
                .EnumerateDirectories(options.DatasetsDirectory, ".*.partial")
                .Select(path => Path.GetFileName(path)[1..^".partial".Length])
                .Where(name => IsName(name) && name != s_builtIn.Name)
                .Order(StringComparer.Ordinal)
                .Where(IsIdle)
                .Select(name => Folder(name).ReadPartialRequest())
                .OfType<ImportRequest>(),
        ];
    }

    /// <summary>Removes what an interrupted import left; nothing where there is none.</summary>
    /// <exception cref="DatasetException">The import is under way.</exception>
    public void Discard(string name)
    {
        if (!IsName(name))
            throw Missing(name);
        using var held = Folder(name).TryLock() ?? throw UnderWay(name);
        Folder(name).RemovePartial();
    }

    private bool IsIdle(string name)
    {
        using var held = Folder(name).TryLock();
        return held is not null;
    }

    private static DatasetException UnderWay(string name) =>
        new($"Another import of the dataset '{name}' is under way. Wait for it, or cancel it where it was started.");

    internal ImportReport Import(
        ImportRequest request,
        IProgress<ImportProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        var importer = Check(request);
        var folder = Folder(request.Name);
        using var held = folder.TryLock() ?? throw UnderWay(request.Name);
        if (!request.Replace && Directory.Exists(folder.Path))
            throw new DatasetException(
                $"A dataset '{request.Name}' exists already. Choose another name, delete it first, or ask for it to be replaced."
            );
        using var plan = Plan(importer, request, cancellationToken);
        return ImportPipeline.Run(plan, request, folder, progress, cancellationToken);
    }

    internal static ImportPlan Plan(IImporter importer, ImportRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return importer.Plan(request, cancellationToken);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new DatasetException(
                $"{e.Message.TrimEnd('.')}. The program runs as '{Environment.UserName}': let that user read the folder (chmod -R u+rX, or its group), then import again.",
                e
            );
        }
        catch (IOException e)
        {
            throw new DatasetException($"{request.Path} cannot be read: {e.Message} Mend that, then import again.", e);
        }
    }

    private static IImporter Check(ImportRequest request)
    {
        if (!IsName(request.Name))
            throw new DatasetException(
                $"'{request.Name}' is not a dataset name: lower-case letters, digits, '-' and '_', at most 64, the first a letter or digit."
            );
        var importer =
            s_importers.FirstOrDefault(i => i.Kind == request.Kind)
            ?? throw new DatasetException($"'{request.Kind}' is not a kind of dataset: {string.Join(", ", Kinds)}.");
        if (request.Name == s_builtIn.Name && request != s_builtIn with { Replace = request.Replace })
            throw new DatasetException("The name 'synthetic' belongs to the built-in dataset; choose another.");
        if (request.Kind != s_builtIn.Kind && !Directory.Exists(request.Path))
            throw new DatasetException(
                $"The folder '{request.Path}' does not exist. Name a folder that this machine can see."
            );
        if (request.Lists is { } lists && !Directory.Exists(lists))
            throw new DatasetException($"The folder of lists '{lists}' does not exist.");
        if (request.ClassNames is not null && request.Kind != "imagefolder")
            throw new DatasetException(
                $"Class names can be given for an image folder alone; the classes of {request.Kind} are declared by its authors."
            );
        if (request.Kind != s_builtIn.Kind)
            ImageFile.RequireLibrary();
        if (request.Size is < 8 or > 512)
            throw new DatasetException($"The side of the faces must be 8 to 512 pixels, not {request.Size}.");
        if (request.Channels is not (null or 1 or 3))
            throw new DatasetException($"The faces can have 1 or 3 channels, not {request.Channels}.");
        if (request.ValidationFraction is not (>= 0 and <= 0.5) || request.TestFraction is not (>= 0 and <= 0.5))
            throw new DatasetException("The shares of validation and test must be 0 to 0.5.");
        return importer;
    }

    private void DrawBuiltIn()
    {
        var folder = Folder(s_builtIn.Name);
        var notes = SyntheticImporter.Describe(s_builtIn).Notes;
        while (!string.Equals(folder.ReadInfo()?.Notes, notes, StringComparison.Ordinal))
        {
            using var held = folder.TryLock();
            // Another thread or process is drawing them: look again until it is done.
            if (held is null)
                Thread.Sleep(50);
            else if (!string.Equals(folder.ReadInfo()?.Notes, notes, StringComparison.Ordinal))
                ImportPipeline.Run(
                    new SyntheticImporter().Plan(s_builtIn, CancellationToken.None),
                    s_builtIn,
                    folder,
                    progress: null,
                    CancellationToken.None
                );
        }
    }

    private DatasetInfo? FindOrNull(string name)
    {
        try
        {
            return Folder(name).ReadInfo();
        }
        catch (DatasetException)
        {
            return null;
        }
    }

    private DatasetFolder Folder(string name) => new(options.DatasetsDirectory, name);

    private static bool IsName(string name) =>
        name.Length is > 0 and <= 64
        && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '_')
        && name[0] is not ('-' or '_');
}
