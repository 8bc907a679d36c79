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
}

/// <summary>The wire from people to a running trial. The training loop looks at it after every step.</summary>
public sealed class TrialControl
{
    private volatile ControlRequest _request;

    /// <summary>What is asked now.</summary>
    public ControlRequest Request => _request;

    /// <summary>Asks for a checkpoint and a halt; does nothing after a stop.</summary>
    public void Pause()
    {
        if (_request != ControlRequest.Stop)
            _request = ControlRequest.Pause;
    }

    /// <summary>Asks for the end.</summary>
    public void Stop() => _request = ControlRequest.Stop;
}
