namespace SqsNet.Engine.Executors;

/// <summary>What a running trial is asked to do next.</summary>
public enum ControlRequest
{
    /// <summary>Go on.</summary>
    None,

    /// <summary>Write a checkpoint and halt.</summary>
    Pause,

    /// <summary>End for good, keeping what is there.</summary>
    Stop,

    /// <summary>Write a checkpoint and wait at a rung until the trial is sent on.</summary>
    Halt,

    /// <summary>End for good by the pruner's decision, keeping what is there.</summary>
    Prune,
}

/// <summary>The wire from people to a running trial. The training loop looks at it after every step.</summary>
public sealed class TrialControl
{
    private volatile ControlRequest _request;

    /// <summary>What is asked now.</summary>
    public ControlRequest Request => _request;

    /// <summary>Asks for a checkpoint and a halt; does nothing once the end was asked for.</summary>
    public void Pause()
    {
        if (_request is not (ControlRequest.Stop or ControlRequest.Prune))
            _request = ControlRequest.Pause;
    }

    /// <summary>Asks for the end by the pruner's decision; does nothing after a stop.</summary>
    public void Prune()
    {
        if (_request != ControlRequest.Stop)
            _request = ControlRequest.Prune;
    }

    /// <summary>Asks for the end.</summary>
    public void Stop() => _request = ControlRequest.Stop;
}
