using System.Globalization;
using System.Text.Json;
using FinVault.Platform.Idempotency;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace FinVault.Platform;

/// <summary>
/// An answer as JSON by <see cref="Json.Options"/>, the same in every host: it needs none of MVC's formatters or
/// options. A <see cref="Page{T}"/> that knows its total also gets the <c>X-Total-Count</c> header.
/// </summary>
public sealed class JsonAnswer(object value, int status = StatusCodes.Status200OK) : IActionResult
{
    public const string TotalCountHeader = "X-Total-Count";

    private const string ContentType = "application/json";

    public object Value { get; } = value;

    public int Status { get; } = status;

    /// <summary>The <c>Cache-Control</c> header, where the answer may be kept.</summary>
    public string? CacheControl { get; init; }

    public async Task ExecuteResultAsync(ActionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        HttpContext http = context.HttpContext;
        HttpResponse response = http.Response;
        response.StatusCode = Status;
        response.ContentType = ContentType;
        response.Headers.CacheControl = CacheControl ?? "no-store";
        if (Value is IPage { Total: { } total })
        {
            response.Headers[TotalCountHeader] = total.ToString(CultureInfo.InvariantCulture);
        }

        if (AnswerRecorder.Of(http) is { } recorder)
        {
            string body = JsonSerializer.Serialize(Value, Value.GetType(), Json.Options);
            await recorder.KeepAsync(new(Status, ContentType, body, null));
        }

        if (Compression.Of(http.Request) is { } compression)
        {
            await compression.WriteAsync(response, JsonSerializer.SerializeToUtf8Bytes(Value, Value.GetType(), Json.Options));
            return;
        }

        await JsonSerializer.SerializeAsync(response.Body, Value, Value.GetType(), Json.Options, http.RequestAborted);
    }
}
