using System.Globalization;
using System.Text.Json;
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

    public object Value { get; } = value;

    public int Status { get; } = status;

    /// <summary>The <c>Cache-Control</c> header, where the answer may be kept.</summary>
    public string? CacheControl { get; init; }

    public Task ExecuteResultAsync(ActionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        HttpResponse response = context.HttpContext.Response;
        response.StatusCode = Status;
        response.ContentType = "application/json";
        response.Headers.CacheControl = CacheControl ?? "no-store";
        if (Value is IPage { Total: { } total })
        {
            response.Headers[TotalCountHeader] = total.ToString(CultureInfo.InvariantCulture);
        }

        return JsonSerializer.SerializeAsync(
            response.Body, Value, Value.GetType(), Json.Options, context.HttpContext.RequestAborted);
    }
}
