using System.Text.RegularExpressions;

namespace SqsNet.OpGen;

/// <summary>One argument of an operation, in the words of PyTorch's schema.</summary>
/// <param name="Type">Schema type without alias marks: <c>Tensor?</c>, <c>int[]</c>, <c>Scalar</c>...</param>
/// <param name="Name">The argument's name.</param>
/// <param name="Default">The default's text, or null where the caller must give a value.</param>
/// <param name="Size">The N of <c>int[N]</c>, or null.</param>
internal sealed record Argument(string Type, string Name, string? Default, int? Size);

/// <summary>One line of the list of operations.</summary>
internal sealed partial record Operation
{
    public required string Where { get; init; }
    public required bool OnlyMethod { get; init; }
    public required string Name { get; init; }
    public required string ManagedName { get; init; }
    public required string Symbol { get; init; }
    public required string Documentation { get; init; }
    public required IReadOnlyList<Argument> Arguments { get; init; }
    public required IReadOnlyList<string> Returns { get; init; }

    /// <summary>In-place operations end in one underscore and return their first argument.</summary>
    public bool InPlace => Name.EndsWith('_');

    /// <summary>Reads every operation of the list; comments and empty lines are passed over.</summary>
    /// <exception cref="FormatException">A line does not have the form that the list's head describes.</exception>
    public static IReadOnlyList<Operation> ParseAll(IEnumerable<string> lines) =>
        [.. lines.Where(line => line.Length > 0 && line[0] != '#').Select(Parse)];

    private static Operation Parse(string line)
    {
        var match = LinePattern().Match(line);
        if (!match.Success)
        {
            throw new FormatException($"Not an operation: {line}");
        }
        string Text(string group) => match.Groups[group].Value;
        var name = Text("name");
        var symbol = Text("overload") is { Length: > 0 } overload ? $"{name}_{overload}" : name;
        return new Operation
        {
            Where = Text("where"),
            OnlyMethod = Text("method").Length > 0,
            Name = name,
            ManagedName = Text("managed") is { Length: > 0 } managed ? managed : name,
            Symbol = "sqs_op_" + symbol.TrimStart('_').ToLowerInvariant(),
            Documentation = Text("doc"),
            Arguments = [.. SplitTop(Text("arguments")).Where(part => part != "*").Select(ParseArgument)],
            Returns = ParseReturns(Text("returns").Trim()),
        };
    }

    private static Argument ParseArgument(string text)
    {
        string? defaultText = null;
        if (text.IndexOf('=', StringComparison.Ordinal) is var equals and >= 0)
        {
            (text, defaultText) = (text[..equals], text[(equals + 1)..]);
        }
        var space = text.LastIndexOf(' ');
        var type = WithoutAliases(text[..space]).Replace("SymInt", "int", StringComparison.Ordinal);
        int? size = null;
        if (SizedList().Match(type) is { Success: true } sized)
        {
            size = int.Parse(sized.Groups["size"].Value);
            type = $"{sized.Groups["element"].Value}[]{sized.Groups["optional"].Value}";
        }
        return new Argument(type, text[(space + 1)..], defaultText, size);
    }

    private static IReadOnlyList<string> ParseReturns(string text) =>
        text.StartsWith('(')
            ? [.. SplitTop(text[1..^1]).Select(part => WithoutAliases(part).Split(' ')[0])]
            : [WithoutAliases(text)];

    private static string WithoutAliases(string type) => AliasMark().Replace(type, "");

    /// <summary>Splits at the commas that stand outside of brackets.</summary>
    private static IEnumerable<string> SplitTop(string text)
    {
        var (depth, start) = (0, 0);
        for (var i = 0; i < text.Length; i++)
        {
            depth +=
                text[i] is '(' or '[' ? 1
                : text[i] is ')' or ']' ? -1
                : 0;
            if (text[i] == ',' && depth == 0)
            {
                yield return text[start..i].Trim();
                start = i + 1;
            }
        }
        if (text[start..].Trim() is { Length: > 0 } last)
        {
            yield return last;
        }
    }

    [GeneratedRegex(
        @"^(?<where>[fnmi]+)(?<method>\.?) (?<name>\w+)(\.(?<overload>\w+))?\((?<arguments>.*)\) -> (?<returns>[^=#]+?)( = (?<managed>\w+))? # (?<doc>.+)$",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex LinePattern();

    [GeneratedRegex(@"\([a-z]!?( -> \*)?\)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex AliasMark();

    [GeneratedRegex(
        @"^(?<element>int|bool|float)\[(?<size>\d+)\](?<optional>\??)$",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex SizedList();
}
