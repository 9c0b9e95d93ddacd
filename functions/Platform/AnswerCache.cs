using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace FinVault.Platform;

/// <summary>
/// Whole answers of public reads that depend on nothing but their address, by <c>METHOD:url</c> (CACHE-07). They carry
/// an <c>ETag</c> and may be kept by whatever stands between, which is how instances share them.
/// </summary>
public sealed class AnswerCache(TimeProvider time)
{
    private const int MaxUrlLength = 1_000;
    private const long MaxBytes = 32 * 1024 * 1024;

    private readonly ReadThroughCache<KeptAnswer> _answers = new(
        "answers", new CacheLimits(10_000, MaxBytes) { StaleOnFailure = CacheLives.ApiAnswer }, time,
        answer => answer.Body.Length);

    /// <summary>The answer as it was kept, or as <paramref name="make"/> makes it. What it throws is not kept.</summary>
    /// <param name="request">A GET that anybody may make.</param>
    /// <param name="make">The value, and whether it may be kept: null answers are for this caller alone.</param>
    /// <param name="cancellationToken">The caller's.</param>
    public async Task<IActionResult> GetAsync(
        HttpRequest request, Func<CancellationToken, Task<(object Value, bool MayKeep)>> make,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(make);
        string url = $"{request.Path}{request.QueryString}";
        return url.Length > MaxUrlLength
            ? await MakeAsync(make, cancellationToken)
            : await _answers.GetAsync(
                CacheKey.Of(request.Method, url), answer => answer.Life, token => MakeAsync(make, token),
                cancellationToken);
    }

    private static async Task<KeptAnswer> MakeAsync(
        Func<CancellationToken, Task<(object Value, bool MayKeep)>> make, CancellationToken cancellationToken)
    {
        (object value, bool mayKeep) = await make(cancellationToken);
        byte[] body = JsonSerializer.SerializeToUtf8Bytes(value, value.GetType(), Json.Options);
        return new(body, mayKeep ? CacheLives.ApiAnswer : TimeSpan.Zero);
    }

    private sealed class KeptAnswer(byte[] body, TimeSpan life) : IActionResult
    {
        private readonly string _tag = $"\"{Convert.ToHexStringLower(SHA256.HashData(body).AsSpan(0, 16))}\"";

        public byte[] Body { get; } = body;

        public TimeSpan Life { get; } = life;

        public async Task ExecuteResultAsync(ActionContext context)
        {
            HttpContext http = context.HttpContext;
            HttpResponse response = http.Response;
            response.Headers.CacheControl = Life > TimeSpan.Zero
                ? string.Create(CultureInfo.InvariantCulture, $"public, max-age={(int)Life.TotalSeconds}")
                : "no-store";
            response.Headers.ETag = _tag;
            if (http.Request.Headers.IfNoneMatch.ToString().Contains(_tag, StringComparison.Ordinal))
            {
                response.StatusCode = StatusCodes.Status304NotModified;
                return;
            }

            response.ContentType = "application/json";
            response.ContentLength = Body.Length;
            await response.Body.WriteAsync(Body, http.RequestAborted);
        }
    }
}
