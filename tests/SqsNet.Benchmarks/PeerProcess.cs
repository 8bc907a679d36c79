using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using SqsNet.Torch;
using static SqsNet.Torch.torch;

namespace SqsNet.Benchmarks;

/// <summary>
/// bench/peer.py in a process of its own, measuring when it is told to. It gets what helps it: the same OpenBLAS, the
/// same number of threads, and OpenMP workers that spin as briefly as ours.
/// </summary>
internal sealed partial class PeerProcess : IDisposable
{
    private readonly Process _process;

    private PeerProcess(Process process, JsonElement facts) => (_process, Facts) = (process, facts);

    /// <summary>What the peer said about itself.</summary>
    internal JsonElement Facts { get; }

    /// <summary>Starts the peer, or gives null where Python or a package that it needs is not installed.</summary>
    /// <param name="benchmark">What it measures.</param>
    /// <param name="threads">Threads or workers that it may use; 0 leaves PyTorch all of its own settings, as installed.</param>
    /// <param name="work">Images that it reads, in a folder for each class, or a network with its batch; see bench/peer.py.</param>
    internal static PeerProcess? TryStart(string benchmark, int threads, string work = "")
    {
        var script = Path.Combine(Repository.Root, "bench", "peer.py");
        var start = new ProcessStartInfo("/usr/bin/python3", ["-B", script, benchmark, $"{threads}", work])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        if (threads > 0)
            Help(start);
        try
        {
            var process = Process.Start(start)!;
            process.ErrorDataReceived += (_, line) => Console.Error.WriteLine(line.Data);
            if (process.StandardOutput.ReadLine() is not { } first)
            {
                Console.Error.WriteLine($"no peer: {process.StandardError.ReadToEnd().Trim().Split('\n')[^1]}");
                process.Dispose();
                return null;
            }
            process.BeginErrorReadLine();
            return new PeerProcess(process, JsonDocument.Parse(first).RootElement);
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            Console.Error.WriteLine($"no peer: {e.Message}");
            return null;
        }
    }

    private static void Help(ProcessStartInfo start)
    {
        start.Environment["LD_LIBRARY_PATH"] = "/usr/lib/x86_64-linux-gnu/openblas-openmp";
        start.Environment["OMP_WAIT_POLICY"] = "passive";
        start.Environment["GOMP_SPINCOUNT"] = Marshal.PtrToStringUTF8(getenv("GOMP_SPINCOUNT"));
        // Debian's OpenBLAS does not know new processors and would use no vector unit of theirs.
        start.Environment["OPENBLAS_CORETYPE"] = Marshal.PtrToStringUTF8(getenv("OPENBLAS_CORETYPE"));
    }

    /// <summary>Throws unless the peer's parameters have our shapes: then both sides train the same network.</summary>
    internal void CheckSameNetwork(IEnumerable<Tensor> parameters)
    {
        var theirs = Facts.GetProperty("shapes").EnumerateArray().Select(shape => shape.GetString()!).ToList();
        var ours = parameters.Select(parameter => string.Join('x', parameter.shape)).ToList();
        var (more, less) = (Without(ours, theirs), Without(theirs, ours));
        if (more.Count + less.Count > 0)
            throw new InvalidOperationException(
                $"The sides have different networks: only ours has {string.Join(", ", more)}; only the peer {string.Join(", ", less)}."
            );

        static List<string> Without(List<string> shapes, List<string> others)
        {
            var left = others.CountBy(shape => shape).ToDictionary();
            return
            [
                .. shapes
                    .CountBy(shape => shape)
                    .Where(shape => shape.Value > left.GetValueOrDefault(shape.Key))
                    .Select(shape => shape.Key),
            ];
        }
    }

    /// <summary>Seconds that the peer takes for so many iterations, and those that all of its threads take.</summary>
    internal (double Wall, double Cpu) Measure(int iterations)
    {
        _process.StandardInput.WriteLine(iterations);
        _process.StandardInput.Flush();
        var line = _process.StandardOutput.ReadLine() ?? throw new IOException("The peer ended before its time.");
        var seconds = line.Split(' ').Select(part => double.Parse(part, CultureInfo.InvariantCulture)).ToArray();
        return (seconds[0], seconds[1]);
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint getenv(string name);
}
