using System.Diagnostics;

namespace SqsNet.Cli;

/// <summary>One line of standard error that shows how far something is; silent where nobody watches.</summary>
internal sealed class ProgressLine : IDisposable
{
    private const int BarWidth = 30;
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(100);
    private readonly bool _watched = !Console.IsErrorRedirected;
    private readonly Stopwatch _since = Stopwatch.StartNew();
    private TimeSpan _shown = -s_interval;

    /// <summary>Shows a bar, the counts, the time left and a text.</summary>
    internal void Show(long done, long total, string text)
    {
        if (!_watched || (_since.Elapsed - _shown < s_interval && done < total))
            return;
        _shown = _since.Elapsed;
        var share = total > 0 ? Math.Clamp((double)done / total, 0, 1) : 0;
        var bar = new string('█', (int)(share * BarWidth)).PadRight(BarWidth, '░');
        var left = share > 0 ? $" · {Duration(_since.Elapsed * ((1 - share) / share))} left" : "";
        Console.Error.Write($"\r\u001b[K{bar} {done:N0} of {total:N0} {text}{left}");
    }

    /// <summary>Takes the line away.</summary>
    public void Dispose()
    {
        if (_watched && _shown >= TimeSpan.Zero)
            Console.Error.Write("\r\u001b[K");
    }

    private static string Duration(TimeSpan time) =>
        time.TotalHours >= 1 ? $"{(int)time.TotalHours} h {time.Minutes} min"
        : time.TotalMinutes >= 1 ? $"{time.Minutes} min {time.Seconds} s"
        : $"{time.Seconds} s";
}

/// <summary>Progress that is shown on the thread that reports it, in order.</summary>
internal sealed class ImmediateProgress<T>(Action<T> show) : IProgress<T>
{
    /// <inheritdoc />
    public void Report(T value) => show(value);
}
