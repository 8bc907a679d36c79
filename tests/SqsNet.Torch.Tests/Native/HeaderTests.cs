using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace SqsNet.Torch.Tests.Native;

/// <summary>The C header and the imports say the same, function by function and type by type.</summary>
public sealed partial class HeaderTests
{
    private static readonly Dictionary<string, Type> Types = new()
    {
        ["sqs_tensor"] = typeof(nint),
        ["sqs_scalar"] = typeof(Scalar),
        ["int64_t"] = typeof(long),
        ["int32_t"] = typeof(int),
        ["uint8_t"] = typeof(byte),
        ["char"] = typeof(byte),
        ["double"] = typeof(double),
        ["void"] = typeof(void),
    };

    [Fact]
    public void Imports_and_header_list_the_same_functions() =>
        Imports().Keys.Order().ShouldBe(Declarations().Keys.Order());

    [Fact]
    public void Imports_and_header_agree_on_every_type()
    {
        var imports = Imports();
        foreach (var (name, types) in Declarations())
        {
            var method = imports[name];
            Type[] actual = [method.ReturnType, .. method.GetParameters().Select(parameter => parameter.ParameterType)];
            actual.ShouldBe(types, name);
        }
    }

    [Fact]
    public void The_library_exports_every_function()
    {
        using (torch.zeros(1)) { }
        var library = NativeLibrary.Load(NativeLoader.LoadedPath.ShouldNotBeNull());
        foreach (var name in Declarations().Keys)
        {
            NativeLibrary.TryGetExport(library, name, out _).ShouldBeTrue(name);
        }
    }

    [Fact]
    public void Every_function_returns_a_status()
    {
        foreach (var (name, types) in Declarations().Where(found => found.Key != "sqs_error_message"))
        {
            types[0].ShouldBe(typeof(int), name);
        }
    }

    private static Dictionary<string, MethodInfo> Imports() =>
        typeof(NativeMethods)
            .GetMethods(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
            .Where(method => method.GetCustomAttribute<LibraryImportAttribute>() is not null)
            .ToDictionary(method => method.Name);

    private static Dictionary<string, Type[]> Declarations()
    {
        var folder = Path.Combine(Reference.Root, "native", "include");
        var text = string.Concat(
            new[] { "sqstorch.h", "sqstorch_ops.g.h" }.Select(file => File.ReadAllText(Path.Combine(folder, file)))
        );
        return DeclarationPattern()
            .Matches(Comment().Replace(text, ""))
            .ToDictionary(
                match => match.Groups["name"].Value,
                match =>
                    (Type[])
                        [
                            TypeOf(match.Groups["result"].Value),
                            .. match
                                .Groups["parameters"]
                                .Value.Split(',', StringSplitOptions.TrimEntries)
                                .Where(parameter => parameter != "void")
                                .Select(parameter => TypeOf(parameter[..parameter.LastIndexOf(' ')])),
                        ]
            );
    }

    private static Type TypeOf(string c)
    {
        var name = c.Replace("const ", "", StringComparison.Ordinal).Trim();
        var stars = name.Count(letter => letter == '*');
        var type = Types[name.TrimEnd('*', ' ')];
        for (var i = 0; i < stars; i++)
        {
            type = type.MakePointerType();
        }
        return type;
    }

    [GeneratedRegex(
        @"SQS_API\s+(?<result>[\w ]+\*?)\s*\b(?<name>sqs_\w+)\((?<parameters>[^)]*)\);",
        RegexOptions.ExplicitCapture,
        5000
    )]
    private static partial Regex DeclarationPattern();

    [GeneratedRegex("//[^\n]*", RegexOptions.None, 5000)]
    private static partial Regex Comment();
}
