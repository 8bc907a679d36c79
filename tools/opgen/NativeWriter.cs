using System.Text;

namespace SqsNet.OpGen;

/// <summary>Writes the C header and the C++ bodies of the operations.</summary>
internal static class NativeWriter
{
    private const string Head = "// Made by tools/opgen from native/ops.txt. Do not edit.\n";

    public static string Header(IReadOnlyList<Operation> operations)
    {
        var text = new StringBuilder(Head).Append("#pragma once\n#include \"sqstorch_types.h\"\n\n");
        foreach (var operation in operations)
        {
            text.Append($"SQS_API int32_t {operation.Symbol}({Parameters(operation)});\n");
        }
        return text.ToString();
    }

    public static string Source(IReadOnlyList<Operation> operations)
    {
        var text = new StringBuilder(Head).Append(
            "#include \"convert.h\"\n#include \"guard.h\"\n#include \"random.h\"\n#include \"sqstorch_ops.g.h\"\n"
        );
        foreach (var operation in operations)
        {
            text.Append(
                $$"""

                int32_t {{operation.Symbol}}({{Parameters(operation)}}) {
                  return sqs::guarded([&] { {{Body(operation)}} });
                }

                """
            );
        }
        return text.ToString();
    }

    /// <summary>The C parameters of an operation, outputs last.</summary>
    public static IEnumerable<(string Type, string Name)> ParametersOf(Operation operation)
    {
        var inputs = operation.Arguments.SelectMany(argument => Lowering.Of(argument).Parameters);
        return operation switch
        {
            { InPlace: true } => inputs,
            { Returns: ["bool"] } => inputs.Append(("uint8_t*", "out")),
            { Returns: ["Tensor[]"] } => inputs.Append(("int64_t*", "out_count")),
            _ => inputs.Append(("sqs_tensor*", "out")),
        };
    }

    private static string Parameters(Operation operation) =>
        string.Join(", ", ParametersOf(operation).Select(parameter => $"{parameter.Type} {parameter.Name}"));

    private static string Body(Operation operation)
    {
        var values = operation.Arguments.Select(argument => Lowering.Of(argument).Cpp).ToArray();
        var call = operation.OnlyMethod
            ? $"{values[0]}.{operation.Name}({string.Join(", ", values[1..])})"
            : $"at::{operation.Name}({string.Join(", ", values)})";
        return operation switch
        {
            { InPlace: true } => $"{call};",
            { Returns: ["bool"] } => $"*out = {call} ? 1 : 0;",
            { Returns: ["Tensor[]"] } => $"*out_count = sqs::keep_results({call});",
            { Returns: ["Tensor"] } => $"*out = sqs::give({call});",
            _ => $"sqs::give_all({call}, out);",
        };
    }
}
