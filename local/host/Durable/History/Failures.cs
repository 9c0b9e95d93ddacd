using DurableTask.Core;
using Microsoft.DurableTask;

namespace FinVault.Local.Durable;

/// <summary>Exceptions as history keeps them, and as orchestrators see them again.</summary>
static class Failures
{
    public const string ActivityNotFound = "ActivityTaskNotFound";
    public const string OrchestratorNotFound = "OrchestratorTaskNotFound";

    /// <summary>Stack traces and messages of one failure are cut here: history is replayed whole.</summary>
    const int TextLimit = 32 * 1024;
    const int DepthLimit = 16;

    public static FailureDetails Of(Exception exception) => Of(exception, 0);

    /// <summary>A name that nobody registered: trying again cannot help.</summary>
    public static FailureDetails NotFound(string type, string kind, string name) =>
        new(type, $"No {kind} task named '{name}' was found.", null, null, isNonRetriable: true);

    public static TaskFailureDetails? Told(FailureDetails? failure) => failure is null ? null : new(
        failure.ErrorType, failure.ErrorMessage, failure.StackTrace, Told(failure.InnerFailure), failure.Properties);

    static FailureDetails Of(Exception exception, int depth)
    {
        FailureDetails? inner = depth >= DepthLimit ? null : exception switch
        {
            TaskFailedException failed => Kept(failed.FailureDetails, depth + 1),
            { InnerException: { } cause } => Of(cause, depth + 1),
            _ => null,
        };
        return new(
            exception.GetType().FullName!, Cut(exception.Message)!, Cut(exception.StackTrace), inner, false);
    }

    static FailureDetails? Kept(TaskFailureDetails? told, int depth) =>
        told is null || depth >= DepthLimit ? null : new(
        told.ErrorType, told.ErrorMessage, told.StackTrace, Kept(told.InnerFailure, depth + 1), false, told.Properties);

    static string? Cut(string? text) => text?.Length > TextLimit ? text[..TextLimit] : text;
}
