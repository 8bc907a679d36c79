namespace SqsNet.Storage;

/// <summary>One point of a metric.</summary>
/// <param name="Step">Optimizer steps so far.</param>
/// <param name="Seconds">Training time of the trial so far, over all attempts, in seconds.</param>
/// <param name="Value">Value; may be NaN.</param>
public readonly record struct SeriesPoint(long Step, double Seconds, double Value);

/// <summary>A metric of a trial over a stretch of the trial's log.</summary>
/// <remarks>
/// The points are all values that the events numbered From to To report, none missing, none from elsewhere. A client
/// that takes a series and then the events after To has every point once.
/// <para>
/// Steps strictly increase. An attempt that resumes from a checkpoint reports steps again that a lost attempt had
/// reported already; a point takes the place of those at its own or a later step that were logged before it. A client
/// that appends later events follows the same rule.
/// </para>
/// </remarks>
/// <param name="Metric">Name of the metric.</param>
/// <param name="From">First sequence number covered.</param>
/// <param name="To">Last sequence number covered; below From when there is nothing new.</param>
/// <param name="Points">The points in order.</param>
/// <param name="Reduced">Whether points were left out to keep to the wanted number; first, least, greatest and last of each bucket are there.</param>
public sealed record Series(string Metric, long From, long To, IReadOnlyList<SeriesPoint> Points, bool Reduced);
