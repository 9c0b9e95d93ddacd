using Microsoft.Extensions.Logging;

namespace FinVault.Platform;

/// <summary>What is logged of requests and invocations. Event ids 1000–1099. Never a query string or a body.</summary>
internal static partial class RequestLog
{
    [LoggerMessage(EventId = 1000, Message =
        "{Method} {Path} answered {Status} in {Milliseconds:0.0} ms ({Function}, correlation id {CorrelationId})")]
    internal static partial void Answered(
        ILogger logger, LogLevel level, string function, string method, string? path, int status, double milliseconds,
        string correlationId);

    [LoggerMessage(1001, LogLevel.Debug, "{Function} refused the request: {Code}: {Detail}")]
    internal static partial void Refused(ILogger logger, string function, string code, string detail);

    [LoggerMessage(1002, LogLevel.Error, "{Function} failed and answered {Code}")]
    internal static partial void Failed(ILogger logger, string function, string code, Exception exception);

    [LoggerMessage(1003, LogLevel.Error, "{Function} failed")]
    internal static partial void InvocationFailed(ILogger logger, string function, Exception exception);
}
