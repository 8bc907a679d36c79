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
        return FaceDataset.Open(info, folder.FacesPath);
    }

    /// <summary>Makes a dataset. It appears whole or not at all; an interrupted import is simply started again.</summary>
    /// <param name="request">What to import and under which name.</param>
    /// <param name="progress">Told after every few hundred faces.</param>
    /// <param name="cancellationToken">Ends the import; nothing is left behind.</param>
    /// <exception cref="DatasetException">The source or the request cannot be used; the message says why.</exception>
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

    private ImportReport Import(
        ImportRequest request,
        IProgress<ImportProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        var importer = Check(request);
        var folder = Folder(request.Name);
        using var held =
            folder.TryLock()
            ?? throw new DatasetException($"Another import of the dataset '{request.Name}' is under way.");
        if (!request.Replace && Directory.Exists(folder.Path))
            throw new DatasetException(
                $"A dataset '{request.Name}' exists already. Choose another name, delete it first, or ask for it to be replaced."
            );
        using var plan = importer.Plan(request, cancellationToken);
        return ImportPipeline.Run(plan, request, folder, progress, cancellationToken);
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
            throw new DatasetException($"The folder '{request.Path}' does not exist.");
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
