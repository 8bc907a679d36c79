namespace SqsNet.Engine.Data;

/// <summary>A dataset cannot be read or made; the message names the file or folder and what to do about it.</summary>
public sealed class DatasetException : Exception
{
    /// <summary>An exception with its message.</summary>
    public DatasetException(string message)
        : base(message) { }

    /// <summary>An exception with its message and its cause.</summary>
    public DatasetException(string message, Exception cause)
        : base(message, cause) { }
}
