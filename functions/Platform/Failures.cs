using System.Net;
using System.Net.Sockets;
using System.Reflection;
using System.Text.Json;
using Azure;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Cosmos;
using Polly;

namespace FinVault.Platform;

/// <summary>
/// What a caller is told of an exception: user errors as they are, infrastructure errors without their inside.
/// </summary>
public static class Failures
{
    private const int RetryAfterSeconds = 1;

    /// <summary>The problem to answer <paramref name="exception"/> with.</summary>
    public static ProblemException ToProblem(Exception exception, HttpRequest request) => Unwrap(exception) switch
    {
        ProblemException problem => problem,
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } =>
            Problems.BodyTooLarge.With("The body is larger than this call takes."),
        BadHttpRequestException => Problems.InvalidRequest.With("The request cannot be read as HTTP."),
        JsonException json when HasBody(request) => Problems.InvalidBody.With(Describe(json)),
        Exception failure when IsTransient(failure) => Unavailable(failure),
        _ => Problems.Internal.With("The request failed on our side. Quote the correlation id when you report it."),
    };

    /// <summary>True for failures that pass: throttling, timeouts, a dependency that does not answer.</summary>
    public static bool IsTransient(Exception exception) => Unwrap(exception) switch
    {
        CosmosException cosmos => cosmos.StatusCode is HttpStatusCode.TooManyRequests
            or HttpStatusCode.ServiceUnavailable or HttpStatusCode.RequestTimeout or HttpStatusCode.Gone
            or (HttpStatusCode)449,
        RequestFailedException azure => azure.Status is 0 or 408 or 429 or >= 500,
        ExecutionRejectedException or TimeoutException or HttpRequestException or SocketException => true,
        OperationCanceledException => true,
        _ => false,
    };

    /// <summary>
    /// Where and how a document breaks the JSON that was expected, without the names of our own types
    /// that <see cref="Exception.Message"/> may carry.
    /// </summary>
    public static string Describe(JsonException json)
    {
        ArgumentNullException.ThrowIfNull(json);
        string where = json.Path is { Length: > 0 } path ? $" at {path}" : "";
        string line = json.LineNumber is { } number ? $" (line {number + 1})" : "";
        return $"The body is not the JSON that this call takes{where}{line}.";
    }

    private static ProblemException Unavailable(Exception failure)
    {
        TimeSpan? asked = (failure as CosmosException)?.RetryAfter;
        int seconds = Math.Max(RetryAfterSeconds, (int)Math.Ceiling(asked?.TotalSeconds ?? 0));
        return new(Problems.Unavailable, "A part of FinVault does not answer for the moment. Try again shortly.")
        {
            RetryAfterSeconds = seconds,
        };
    }

    // A read has no body, so broken JSON there is broken data of ours, not of the caller.
    private static bool HasBody(HttpRequest request) =>
        HttpMethods.IsPost(request.Method) || HttpMethods.IsPut(request.Method) || HttpMethods.IsPatch(request.Method);

    private static Exception Unwrap(Exception exception) => exception switch
    {
        AggregateException { InnerExceptions: [var only] } => Unwrap(only),
        TargetInvocationException { InnerException: { } inner } => Unwrap(inner),
        _ => exception,
    };
}
