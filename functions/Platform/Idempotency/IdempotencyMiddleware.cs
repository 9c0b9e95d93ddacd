using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using FinVault.Identity;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Logging;

namespace FinVault.Platform.Idempotency;

/// <summary>
/// <c>Idempotency-Key</c> on every POST of somebody who has signed in: the first call with a key is done and its status
/// and body are kept for 24 hours; the same call again is answered with them and <c>Idempotency-Hit: true</c>. A key
/// belongs to a tenant and a function. After draft-ietf-httpapi-idempotency-key-header and Stripe's rules.
/// </summary>
internal sealed class IdempotencyMiddleware(
    IdempotencyStore store, ILogger<IdempotencyMiddleware> logger) : IFunctionsWorkerMiddleware
{
    public const string Header = "Idempotency-Key";
    public const string HitHeader = "Idempotency-Hit";
    public const int MaxLength = 255;

    private const int MaxBodyBytes = 4 * 1024 * 1024;

    public Task Invoke(FunctionContext context, FunctionExecutionDelegate next) =>
        context.GetHttpContext() is { } http && HttpMethods.IsPost(http.Request.Method)
            && http.Request.Headers[Header] is { Count: > 0 } keys && CurrentUser.Find(context) is { } user
            && DeclaredFunction.Find<ShownOnceAttribute>(context) is null
            ? InvokeOnceAsync(context, http, user, keys.ToString(), next)
            : next(context);

    private async Task InvokeOnceAsync(
        FunctionContext context, HttpContext http, CurrentUser user, string key, FunctionExecutionDelegate next)
    {
        if (key.Length is 0 or > MaxLength || key.Any(char.IsControl))
        {
            throw Problems.InvalidIdempotencyKey.With($"{Header} has 1 to {MaxLength} characters.");
        }

        string scope = $"{user.TenantId}:{context.FunctionDefinition.Name}";
        string fingerprint = await FingerprintAsync(http.Request, user, context.CancellationToken);
        (KeyUse use, IdempotencyRecord record) = await store.BeginAsync(
            scope, key, fingerprint, context.CancellationToken);
        switch (use)
        {
            case KeyUse.Fresh:
                new AnswerRecorder(store, record, logger).Attach(http);
                await next(context);
                break;
            case KeyUse.Answered:
                await RepeatAsync(http, record.Answer!);
                break;
            case KeyUse.Running:
                throw new ProblemException(
                    Problems.IdempotencyKeyInUse, "The first call with this key has not ended yet.")
                {
                    RetryAfterSeconds = 1,
                };
            default:
                throw Problems.IdempotencyKeyReused.With("This key was used for a call with other content.");
        }
    }

    private static async Task<string> FingerprintAsync(
        HttpRequest request, CurrentUser user, CancellationToken cancellationToken)
    {
        MemoryStream body = await request.ReadBytesAsync(MaxBodyBytes, cancellationToken);
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{user.UserId}\n{request.Path}\n{request.QueryString}\n"));
        hash.AppendData(body.GetBuffer().AsSpan(0, (int)body.Length));
        // The function reads it once more.
        request.Body = body;
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static async Task RepeatAsync(HttpContext http, StoredAnswer answer)
    {
        HttpResponse response = http.Response;
        response.StatusCode = answer.Status;
        response.ContentType = answer.ContentType;
        response.Headers.CacheControl = "no-store";
        response.Headers[HitHeader] = "true";
        if (answer.RetryAfter is { } seconds)
        {
            response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        await response.StartAsync(http.RequestAborted);
        await response.WriteAsync(answer.Body, http.RequestAborted);
    }
}
