namespace SqsNet.OpGen;

/// <summary>How one argument travels: its C parameters, the C++ value made of them, and the C# side.</summary>
internal sealed record Lowering
{
    /// <summary>C parameters as (type, name).</summary>
    public (string Type, string Name)[] Parameters { get; init; } = [];

    /// <summary>The C++ expression that the operation receives.</summary>
    public required string Cpp { get; init; }

    /// <summary>The public C# parameter's type, or null where C# has no such parameter.</summary>
    public string? ManagedType { get; init; }

    /// <summary>The C# default, or null for a required parameter.</summary>
    public string? ManagedDefault { get; init; }

    /// <summary>Statements before the call.</summary>
    public string? Setup { get; init; }

    /// <summary>What a <c>fixed</c> statement pins.</summary>
    public string? Pin { get; init; }

    /// <summary>What is passed for each C parameter.</summary>
    public string[] Pass { get; init; } = [];

    /// <summary>Statement that keeps the argument's handle alive until the call has returned.</summary>
    public string? KeepAlive { get; init; }

    /// <summary>The argument as an element of the list of inputs that an exception describes.</summary>
    public string? Described { get; init; }

    private static readonly HashSet<string> CSharpWords = ["params", "base", "out", "in", "is", "ref", "as"];

    // Words that C++ reserves, or that the generated bodies use.
    private static readonly HashSet<string> CppWords = ["from", "out", "end", "double", "float", "value"];

    public static string Managed(string name) => CSharpWords.Contains(name) ? "@" + name : name;

    public static Lowering Of(Argument argument)
    {
        var c = CppWords.Contains(argument.Name) ? argument.Name + "_" : argument.Name;
        var managed = Managed(argument.Name);
        return argument.Type switch
        {
            // Generators are the calling thread's own; layout, device and pinning follow the input.
            "Generator?" => new Lowering { Cpp = "sqs::generator_for(sqs::borrow(self))" },
            "Layout?" or "Device?" => new Lowering { Cpp = "c10::nullopt" },
            "bool?" when argument.Name == "pin_memory" => new Lowering { Cpp = "c10::nullopt" },
            "bool" when argument.Name == "implicit" => new Lowering { Cpp = "false" },
            "Tensor" => OfTensor(c, managed),
            "Tensor?" => OfOptionalTensor(c, managed),
            "Tensor[]" or "Tensor?[]" => OfTensorList(argument, c, managed),
            "int[]" or "int[]?" or "float[]?" when argument.Size == 2 => OfPair(argument, c, managed),
            "int[]" or "int[]?" => OfList(argument, c, managed),
            "Scalar" => OfScalar(argument, c, managed),
            "Scalar?" => OfOptionalScalar(argument, c, managed),
            _ => OfValue(argument, c, managed),
        };
    }

    private static Lowering OfTensor(string c, string managed) =>
        new()
        {
            Parameters = [("sqs_tensor", c)],
            Cpp = $"sqs::borrow({c})",
            ManagedType = "Tensor",
            Pass = [$"Tensor.Borrow({managed})"],
            KeepAlive = $"GC.KeepAlive({managed});",
            Described = managed,
        };

    private static Lowering OfOptionalTensor(string c, string managed) =>
        new()
        {
            Parameters = [("sqs_tensor", c)],
            Cpp = $"sqs::optional_tensor({c})",
            ManagedType = "Tensor?",
            ManagedDefault = "null",
            Pass = [$"Tensor.BorrowOptional({managed})"],
            KeepAlive = $"GC.KeepAlive({managed});",
            Described = managed,
        };

    private static Lowering OfTensorList(Argument argument, string c, string managed)
    {
        var optional = argument.Type == "Tensor?[]";
        return new Lowering
        {
            Parameters = [("const sqs_tensor*", c), ("int64_t", $"{c}_count")],
            Cpp = optional ? $"sqs::optional_tensors({c}, {c}_count)" : $"sqs::tensors({c}, {c}_count)",
            ManagedType = optional ? "ReadOnlySpan<Tensor?>" : "ReadOnlySpan<Tensor>",
            Setup =
                $"Span<nint> {argument.Name}Handles = {managed}.Length <= 64 ? stackalloc nint[{managed}.Length] : new nint[{managed}.Length];\n"
                + $"Tensor.{(optional ? "BorrowAllOptional" : "BorrowAll")}({managed}, {argument.Name}Handles);",
            Pin = $"nint* {argument.Name}Pointer = {argument.Name}Handles",
            Pass = [$"{argument.Name}Pointer", $"{managed}.Length"],
            KeepAlive = $"Tensor.KeepAlive({managed});",
            Described = $"..{managed}",
        };
    }

    private static Lowering OfPair(Argument argument, string c, string managed)
    {
        var (type, defaultText) = argument.Default switch
        {
            null => ("Size2", null),
            _ => ("Size2?", "null"),
        };
        // A missing pair with default [] stays an empty list: "as the kernel" for the stride of a pooling.
        var fallback = argument.Default is null or "[]" ? null : $" ?? new Size2({argument.Default})";
        return new Lowering
        {
            Parameters = [("const int64_t*", c), ("int64_t", $"{c}_count")],
            Cpp = argument.Type.EndsWith('?')
                ? $"sqs::optional_ints({c}, {c}_count)"
                : $"at::IntArrayRef({c}, {c}_count)",
            ManagedType = type,
            ManagedDefault = defaultText,
            Setup =
                argument.Default == "[]"
                    ? $"Size2 {argument.Name}Pair = {managed}.GetValueOrDefault();\nlong {argument.Name}Count = {managed} is null ? 0 : 2;"
                    : $"Size2 {argument.Name}Pair = {managed}{fallback};",
            Pass = [$"(long*)&{argument.Name}Pair", argument.Default == "[]" ? $"{argument.Name}Count" : "2"],
        };
    }

    private static Lowering OfList(Argument argument, string c, string managed)
    {
        var name = managed;
        string? setup = null;
        if (argument.Default is { } text && text is not ("None" or "[]"))
        {
            var values = text.StartsWith('[') ? text[1..^1] : text;
            name = argument.Name + "OrDefault";
            setup = $"ReadOnlySpan<long> {name} = {managed}.IsEmpty ? [{values}] : {managed};";
        }
        return new Lowering
        {
            Parameters = [("const int64_t*", c), ("int64_t", $"{c}_count")],
            Cpp = argument.Type.EndsWith('?')
                ? $"sqs::optional_ints({c}, {c}_count)"
                : $"at::IntArrayRef({c}, {c}_count)",
            ManagedType = "ReadOnlySpan<long>",
            ManagedDefault = argument.Default is null ? null : "default",
            Setup = setup,
            Pin = $"long* {argument.Name}Pointer = {name}",
            Pass = [$"{argument.Name}Pointer", $"{name}.Length"],
        };
    }

    private static Lowering OfScalar(Argument argument, string c, string managed) =>
        new()
        {
            Parameters = [("sqs_scalar", c)],
            Cpp = $"sqs::scalar({c})",
            ManagedType = argument.Default is null ? "Scalar" : "Scalar?",
            ManagedDefault = argument.Default is null ? null : "null",
            Pass = [argument.Default is null ? managed : $"{managed} ?? {argument.Default}"],
        };

    private static Lowering OfOptionalScalar(Argument argument, string c, string managed) =>
        new()
        {
            Parameters = [("sqs_scalar", c)],
            Cpp = $"sqs::optional_scalar({c})",
            ManagedType = "Scalar?",
            ManagedDefault = argument.Default is null ? null : "null",
            Pass = [$"{managed}.GetValueOrDefault()"],
        };

    private static Lowering OfValue(Argument argument, string c, string managed)
    {
        var optional = argument.Default is null ? null : "null";
        return argument.Type switch
        {
            "int" when argument.Name == "reduction" => Value(
                "int64_t",
                c,
                "Reduction",
                $"(long){managed}",
                argument.Default is null ? null : "Reduction." + argument.Default
            ),
            "int" => Value("int64_t", c, "long", managed, argument.Default),
            "int?" => Value("int64_t", $"sqs::optional_int({c})", c, "long?", $"{managed} ?? long.MinValue", optional),
            "float" => Value("double", c, "double", managed, argument.Default),
            "float?" => Value(
                "double",
                $"sqs::optional_double({c})",
                c,
                "double?",
                $"{managed} ?? double.NaN",
                optional
            ),
            "bool" => Value(
                "uint8_t",
                $"{c} != 0",
                c,
                "bool",
                $"(byte)({managed} ? 1 : 0)",
                argument.Default?.ToLowerInvariant()
            ),
            "ScalarType" => Value(
                "int32_t",
                $"static_cast<at::ScalarType>({c})",
                c,
                "ScalarType",
                $"(int){managed}",
                null
            ),
            "ScalarType?" => Value(
                "int32_t",
                $"sqs::optional_dtype({c})",
                c,
                "ScalarType?",
                $"(int)({managed} ?? (ScalarType)(-1))",
                optional
            ),
            "MemoryFormat" => Value(
                "int32_t",
                $"static_cast<at::MemoryFormat>({c})",
                c,
                "MemoryFormat",
                $"(int){managed}",
                "MemoryFormat.Contiguous"
            ),
            "MemoryFormat?" => Value(
                "int32_t",
                $"sqs::optional_memory_format({c})",
                c,
                "MemoryFormat?",
                $"(int)({managed} ?? (MemoryFormat)(-1))",
                optional
            ),
            "str" => new Lowering
            {
                Parameters = [("const char*", c)],
                Cpp = $"c10::string_view({c})",
                ManagedType = "string",
                ManagedDefault = argument.Default is { } text ? $"\"{text.Trim('"', '\'')}\"" : null,
                Pin = $"byte* {argument.Name}Pointer = NativeText.Utf8({managed})",
                Pass = [$"{argument.Name}Pointer"],
            },
            _ => throw new FormatException($"No lowering for {argument.Type} {argument.Name}"),
        };
    }

    private static Lowering Value(string cType, string c, string type, string pass, string? defaultText) =>
        Value(cType, c, c, type, pass, defaultText);

    private static Lowering Value(string cType, string cpp, string c, string type, string pass, string? defaultText) =>
        new()
        {
            Parameters = [(cType, c)],
            Cpp = cpp,
            ManagedType = type,
            ManagedDefault = defaultText,
            Pass = [pass],
        };
}
