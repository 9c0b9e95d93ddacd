namespace DurableTask.Core;

// The types of DurableTask.Core that a history is made of. They come with the durable packages; their surface is that
// of Microsoft.Azure.DurableTask.Core 3.x.

/// <summary>A failure as history keeps it.</summary>
public class FailureDetails : IEquatable<FailureDetails>
{
    public FailureDetails(
        string errorType,
        string errorMessage,
        string? stackTrace,
        FailureDetails? innerFailure,
        bool isNonRetriable,
        IDictionary<string, object?>? properties = null)
    {
        ErrorType = errorType;
        ErrorMessage = errorMessage;
        StackTrace = stackTrace;
        InnerFailure = innerFailure;
        IsNonRetriable = isNonRetriable;
        Properties = properties;
    }

    public string ErrorType { get; }

    public string ErrorMessage { get; }

    public string? StackTrace { get; }

    public FailureDetails? InnerFailure { get; }

    /// <summary>True where trying again cannot help: the call names nothing that is registered.</summary>
    public bool IsNonRetriable { get; }

    public IDictionary<string, object?>? Properties { get; }

    public override string ToString() => $"{ErrorType}: {ErrorMessage}";

    public override bool Equals(object? obj) => Equals(obj as FailureDetails);

    public bool Equals(FailureDetails? other) => other is not null && ErrorType == other.ErrorType
        && ErrorMessage == other.ErrorMessage && StackTrace == other.StackTrace
        && Equals(InnerFailure, other.InnerFailure);

    public override int GetHashCode() => HashCode.Combine(ErrorType, ErrorMessage, StackTrace, InnerFailure);
}
