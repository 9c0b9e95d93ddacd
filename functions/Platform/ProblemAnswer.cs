using System.Globalization;
using System.Text.Json;
using FinVault.Platform.Idempotency;
using Microsoft.AspNetCore.Http;

namespace FinVault.Platform;

/// <summary>
/// Writes a problem as <c>application/problem+json</c> (RFC 9457):
/// <c>{type, title, status, detail, instance, code, correlationId, …}</c>.
/// </summary>
public static class ProblemAnswer
{
    public const string ContentType = "application/problem+json";

    public static async Task WriteAsync(HttpContext http, ProblemException problem)
    {
        ArgumentNullException.ThrowIfNull(http);
        ArgumentNullException.ThrowIfNull(problem);
        HttpResponse response = http.Response;
        response.Clear();
        response.StatusCode = problem.Problem.Status;
        response.ContentType = ContentType;
        response.Headers.CacheControl = "no-store";
        if (problem.RetryAfterSeconds is { } seconds)
        {
            response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        // Clear took away what the middleware had set.
        SecurityHeaders.Set(http);
        response.Headers[Correlation.Header] = Correlation.Of(http);
        Dictionary<string, object?> body = Body(http, problem);
        if (AnswerRecorder.Of(http) is { } recorder)
        {
            string text = JsonSerializer.Serialize(body, Json.Options);
            await recorder.KeepAsync(
                new(response.StatusCode, ContentType, text, problem.RetryAfterSeconds), problem.Problem.Code);
        }

        // No token: to a caller that has left, the server drops what is written.
        await JsonSerializer.SerializeAsync(response.Body, body, Json.Options);
    }

    private static Dictionary<string, object?> Body(HttpContext http, ProblemException problem)
    {
        Dictionary<string, object?> body = new()
        {
            ["type"] = problem.Problem.Type,
            ["title"] = problem.Problem.Title,
            ["status"] = problem.Problem.Status,
            ["detail"] = problem.Detail,
            ["instance"] = http.Request.Path.Value,
            ["code"] = problem.Problem.Code,
            ["correlationId"] = Correlation.Of(http),
        };
        foreach ((string name, object? value) in problem.Extensions ?? new Dictionary<string, object?>())
        {
            // An extension never replaces a standard member.
            body.TryAdd(name, value);
        }

        return body;
    }
}
