namespace SqsNet.Storage;

/// <summary>The integer that carries an event's key: trial in the upper half, sequence number in the lower.</summary>
internal static class EventKey
{
    /// <summary>Largest id of a trial and largest sequence number that fit.</summary>
    internal const long Largest = int.MaxValue;

    internal static long Of(long trialId, long seq) => (trialId << 32) | seq;

    internal static long Seq(long key) => key & 0xffffffff;
}
