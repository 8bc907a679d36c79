namespace SqsNet.Engine.Sweeps;

/// <summary>One problem of a configuration, with the place where it is.</summary>
/// <param name="Path">Dotted path of the value, as in the JSON: "sqs.tau", "space.sqs.lambda.low".</param>
/// <param name="Message">What is wrong and what would be right, with the offending value.</param>
public sealed record ConfigError(string Path, string Message);

/// <summary>A specification was refused; carries every problem at once.</summary>
public sealed class InvalidSpecException(IReadOnlyList<ConfigError> errors)
    : Exception(string.Join(Environment.NewLine, errors.Select(e => $"{e.Path}: {e.Message}")))
{
    /// <summary>Every problem found.</summary>
    public IReadOnlyList<ConfigError> Errors { get; } = errors;
}
