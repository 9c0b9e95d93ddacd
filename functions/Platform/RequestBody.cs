using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace FinVault.Platform;

/// <summary>Reads a body under a limit of its own, whatever the server's is.</summary>
public static class RequestBody
{
    /// <summary>How long a body may take to come: whoever sends it byte by byte holds nothing for longer.</summary>
    public static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(30);

    private static ReadOnlySpan<byte> Utf8Bom => [0xEF, 0xBB, 0xBF];

    /// <summary>The body as <typeparamref name="T"/>.</summary>
    /// <exception cref="ProblemException">unsupported_media_type, body_too_large, body_too_slow, invalid_body.</exception>
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
            RefuseHoles(body);
            return await JsonSerializer.DeserializeAsync<T>(body, Json.Options, cancellation)
                ?? throw Problems.InvalidBody.With("The body is null.");
        }
        catch (JsonException json)
        {
            throw Problems.InvalidBody.With(Failures.Describe(json));
        }
    }

    /// <summary>The body's bytes, at position 0.</summary>
    /// <exception cref="ProblemException">body_too_large, as soon as it is clear; body_too_slow.</exception>
    public static async Task<MemoryStream> ReadBytesAsync(
        this HttpRequest request, int maxBytes, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        Allow(request, maxBytes);
        TimeProvider time = request.HttpContext.RequestServices?.GetService<TimeProvider>() ?? TimeProvider.System;
        using CancellationTokenSource late = new(TimeLimit, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation);
        try
        {
            return await ReadAsync(request, maxBytes, either.Token);
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw Problems.BodyTooSlow.With($"The body has {TimeLimit.TotalSeconds} seconds to come.");
        }
    }

    private static async Task<MemoryStream> ReadAsync(
        HttpRequest request, int maxBytes, CancellationToken cancellation)
    {
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

    // The serializer keeps nulls out of members that may not be null, but not out of lists.
    private static void RefuseHoles(MemoryStream body)
    {
        ReadOnlySpan<byte> json = body.GetBuffer().AsSpan(0, (int)body.Length);
        Utf8JsonReader reader = new(json.StartsWith(Utf8Bom) ? json[Utf8Bom.Length..] : json);
        Stack<bool> lists = [];
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.StartArray or JsonTokenType.StartObject:
                    lists.Push(reader.TokenType == JsonTokenType.StartArray);
                    break;
                case JsonTokenType.EndArray or JsonTokenType.EndObject:
                    lists.Pop();
                    break;
                case JsonTokenType.Null when lists.TryPeek(out bool isList) && isList:
                    throw Problems.InvalidBody.With($"A list has an element that is null (byte {reader.TokenStartIndex}).");
            }
        }
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
