namespace SqsNet.Engine.Efficiency;

/// <summary>What is being measured of a model.</summary>
public enum MeasuringPhase
{
    /// <summary>The network is built.</summary>
    Building,

    /// <summary>One image at a time.</summary>
    Single,

    /// <summary>A batch at a time.</summary>
    Batch,
}

/// <summary>Phases in words.</summary>
public static class MeasuringWords
{
    /// <summary>A phase for people: "batches of 32".</summary>
    public static string Of(MeasuringPhase phase) =>
        phase switch
        {
            MeasuringPhase.Single => "one image at a time",
            MeasuringPhase.Batch => $"batches of {EfficiencyMeter.BatchImages}",
            _ => "building the network",
        };
}
