using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace FinVault.Platform;

/// <summary>Reads a body under a limit of its own, whatever the server's is.</summary>
public static class RequestBody
{
    /// <summary>The body as <typeparamref name="T"/>.</summary>
    /// <exception cref="ProblemException">unsupported_media_type, body_too_large, invalid_body.</exception>
    public static async Task<T> ReadJsonAsync<T>(
        this HttpRequest request, int maxBytes, CancellationToken cancellation) where T : class
    {
        ArgumentNullException.ThrowIfNull(request);
        if (!request.HasJsonContentType())
        {
            throw Problems.UnsupportedMediaType.With("Send the body as application/json.");
        }

        using MemoryStream body = await request.ReadBytesAsync(maxBytes, cancellation);
        try
        {
            return await JsonSerializer.DeserializeAsync<T>(body, Json.Options, cancellation)
                ?? throw Problems.InvalidBody.With("The body is null.");
        }
        catch (JsonException json)
        {
            throw Problems.InvalidBody.With(Failures.Describe(json));
        }
    }

    /// <summary>The body's bytes, at position 0.</summary>
    /// <exception cref="ProblemException">body_too_large, as soon as it is clear.</exception>
    public static async Task<MemoryStream> ReadBytesAsync(
        this HttpRequest request, int maxBytes, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        Allow(request, maxBytes);
        MemoryStream body = new((int)Math.Min(request.ContentLength ?? 4096, maxBytes));
        byte[] buffer = new byte[16 * 1024];
        int read;
        while ((read = await request.Body.ReadAsync(buffer, cancellation)) > 0)
        {
            if (body.Length + read > maxBytes)
            {
                throw TooLarge(maxBytes);
            }

            body.Write(buffer, 0, read);
        }

        body.Position = 0;
        return body;
    }

    private static void Allow(HttpRequest request, int maxBytes)
    {
        if (request.ContentLength > maxBytes)
        {
            throw TooLarge(maxBytes);
        }

        // The server's own limit stays above ours, so that ours is the one that answers.
        IHttpMaxRequestBodySizeFeature? server = request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>();
        if (server is { IsReadOnly: false, MaxRequestBodySize: { } limit } && limit <= maxBytes)
        {
            server.MaxRequestBodySize = maxBytes + 1L;
        }
    }

    private static ProblemException TooLarge(int maxBytes) =>
        Problems.BodyTooLarge.With(
            string.Create(CultureInfo.InvariantCulture, $"The body may have {maxBytes:N0} bytes at most."));
}
