using SqsNet.OpGen;

// opgen [ROOT]: writes the generated halves of the binding under ROOT (default: the current directory).
// opgen --check [ROOT]: writes nothing; exit code 1 names the files that differ from what would be written.
var check = args is ["--check", ..];
var root = args.ElementAtOrDefault(check ? 1 : 0) ?? ".";
var operations = Operation.ParseAll(File.ReadLines(Path.Combine(root, "native", "ops.txt")));
var outputs = new Dictionary<string, string>
{
    ["native/include/sqstorch_ops.g.h"] = NativeWriter.Header(operations),
    ["native/src/ops.g.cpp"] = NativeWriter.Source(operations),
    ["SqsNet.Torch/Native/NativeMethods.Ops.g.cs"] = ManagedWriter.Imports(operations),
    ["SqsNet.Torch/Native/Ops.g.cs"] = ManagedWriter.Implementations(operations),
    ["SqsNet.Torch/torch.Ops.g.cs"] = ManagedWriter.Functions(operations),
    ["SqsNet.Torch/Tensor.Ops.g.cs"] = ManagedWriter.Methods(operations),
    ["SqsNet.Torch/Nn/functional.Ops.g.cs"] = ManagedWriter.Functional(operations),
};
var differing = 0;
foreach (var (name, text) in outputs)
{
    var path = Path.Combine(root, name);
    if (File.Exists(path) && File.ReadAllText(path) == text)
    {
        continue;
    }
    differing++;
    if (check)
    {
        Console.Error.WriteLine($"{name} is not what native/ops.txt makes; run: dotnet run --project tools/opgen");
        continue;
    }
    Directory.CreateDirectory(Path.GetDirectoryName(path)!);
    File.WriteAllText(path, text);
}
Console.WriteLine($"{operations.Count} operations, {differing} files {(check ? "differ" : "written")}");
return check && differing > 0 ? 1 : 0;
