namespace SqsNet.Engine.Data;

/// <summary>A named part of the test split, read from a list of files.</summary>
/// <remarks>
/// The lists of Wang et al. 2020, "Region attention networks for pose and occlusion robust facial expression recognition"
/// (github.com/kaiwang960112/Challenge-condition-FER-dataset): "0/fer0032226.jpg" for poses, "1_fer0034656.png 8 0" and
/// "test_0003_aligned 3 4" for occlusions. Folder, leading class and ending are of their own copies, so the stem counts.
/// </remarks>
/// <param name="Name">"occlusion", "pose30" or "pose45".</param>
/// <param name="File">The list, for messages.</param>
/// <param name="Stems">Names without folder and ending, each once.</param>
internal sealed record TestPart(string Name, string File, IReadOnlyList<string> Stems)
{
    /// <summary>Names of the parts, in the order of the files that are looked for.</summary>
    public static IReadOnlyList<string> Names { get; } = ["occlusion", "pose30", "pose45"];

    /// <summary>Reads the lists that are there.</summary>
    /// <param name="request">Says where to look; otherwise in the source and in its folder "lists".</param>
    /// <param name="files">Names of the lists of the three parts.</param>
    /// <exception cref="DatasetException">A folder of lists is named and none of them is in it.</exception>
    public static List<TestPart> Find(ImportRequest request, params IReadOnlyList<string> files)
    {
        string[] folders = request.Lists is { } named ? [named] : [request.Path!, Path.Combine(request.Path!, "lists")];
        var parts = new List<TestPart>();
        for (var i = 0; i < files.Count; i++)
        {
            var path = folders.Select(folder => Path.Combine(folder, files[i])).FirstOrDefault(System.IO.File.Exists);
            if (path is not null)
                parts.Add(new(Names[i], path, Read(path)));
        }
        return parts.Count > 0 || request.Lists is null
            ? parts
            : throw new DatasetException(
                $"{request.Lists} holds none of the lists {string.Join(", ", files)}. Name the folder that has them, or leave the lists out."
            );
    }

    /// <summary>Indices of the part's faces, ascending, and what of it could not be found.</summary>
    /// <param name="stems">Index of each test face by the stem of its file.</param>
    public (int[] Faces, string? Warning) Resolve(IReadOnlyDictionary<string, int> stems)
    {
        var faces = new SortedSet<int>();
        var unknown = new List<string>();
        foreach (var stem in Stems)
        {
            if (stems.TryGetValue(stem, out var face) || stems.TryGetValue(WithoutClass(stem), out face))
                faces.Add(face);
            else
                unknown.Add(stem);
        }
        var warning =
            unknown.Count == 0
                ? null
                : $"{unknown.Count:N0} of the {Stems.Count:N0} faces in {Path.GetFileName(File)} are not in the test split, the first of them {unknown[0]}.";
        return ([.. faces], warning);
    }

    private static List<string> Read(string path) =>
        [
            .. System
                .IO.File.ReadLines(path)
                .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault(""))
                .Select(name => Path.GetFileNameWithoutExtension(name.Trim()))
                .Where(stem => stem.Length > 0)
                .Distinct(),
        ];

    private static string WithoutClass(string stem) =>
        stem.Length > 2 && char.IsAsciiDigit(stem[0]) && stem[1] == '_' ? stem[2..] : stem;
}
