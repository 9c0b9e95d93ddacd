using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace FinVault.Platform.Idempotency;

/// <summary>
/// Keeps the answer of a call with a key before the caller sees it. An answer is written after the middleware, and
/// what is not kept before could be lost with the process, so whoever writes answers asks here first.
/// </summary>
internal sealed partial class AnswerRecorder(IdempotencyStore store, IdempotencyRecord record, ILogger logger)
{
    private const int MaxBodyLength = 512 * 1024;

    private bool _kept;

    /// <summary>The recorder of a call with a key; null for any other.</summary>
    public static AnswerRecorder? Of(HttpContext http) => http.Features.Get<AnswerRecorder>();

    /// <summary>Has whatever the call is answered with kept; answers without a body need nothing else.</summary>
    public void Attach(HttpContext http)
    {
        http.Features.Set(this);
        http.Response.OnStarting(() => _kept || http.Response.ContentType is not null
            ? Task.CompletedTask
            : KeepAsync(new(http.Response.StatusCode, null, "", null)));
    }

    /// <summary>Keeps an answer, or gives the key back if it is none that should be repeated.</summary>
    /// <param name="problem">The code, where the answer is a problem.</param>
    public async Task KeepAsync(StoredAnswer answer, string? problem = null)
    {
        _kept = true;
        try
        {
            // Not the caller's token: it is kept for when the caller comes back.
            await (MayBeTriedAgain(answer, problem) || answer.Body.Length > MaxBodyLength
                ? store.ReleaseAsync(record, CancellationToken.None)
                : store.AnswerAsync(record, answer, CancellationToken.None));
        }
        catch (Exception failure) when (Failures.IsTransient(failure))
        {
            // What was done is done, and the caller should hear of it. A repeated call waits, and then runs again.
            LogNotKept(logger, record.Scope, failure);
        }
    }

    // What was refused before anything was done, or asks to be tried again by its Retry-After, is no outcome.
    private static bool MayBeTriedAgain(StoredAnswer answer, string? problem) =>
        answer.Status is (>= 400 and < 409) or 413 or 415 or 429 || problem == Problems.Unavailable.Code;

    [LoggerMessage(1201, LogLevel.Warning, "The answer of {Scope} could not be kept for its idempotency key")]
    private static partial void LogNotKept(ILogger logger, string scope, Exception failure);
}
