using System.Buffers;
using System.Net;
using System.Net.Http.Headers;

namespace FinVault.Local.Cosmos;

/// <summary>
/// The endpoint as an <see cref="HttpMessageHandler"/>: the SDK's requests arrive without socket, header text or
/// signature check.
/// </summary>
internal sealed class InProcessHandler(CosmosEndpoint endpoint) : HttpMessageHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        // Bodies of hundreds of kilobytes, many times a second: fresh arrays would mean a full collection each time.
        long? length = request.Content?.Headers.ContentLength;
        byte[]? rented = length > 0 ? ArrayPool<byte>.Shared.Rent((int)length) : null;
        try
        {
            CosmosRequest incoming = await ReadAsync(request, rented, cancellationToken);
            CosmosResponse answer = await endpoint.HandleAsync(incoming, cancellationToken);
            return Answer(request, incoming, answer);
        }
        finally
        {
            if (rented is not null)
            {
                ArrayPool<byte>.Shared.Return(rented);
            }
        }
    }

    private static async Task<CosmosRequest> ReadAsync(
        HttpRequestMessage request, byte[]? buffer, CancellationToken cancel)
    {
        var headers = new RequestHeaders();
        foreach ((string name, HeaderStringValues values) in request.Headers.NonValidated)
        {
            headers.Add(name, values.ToString());
        }
        ReadOnlyMemory<byte> body = default;
        if (request.Content is { } content)
        {
            foreach ((string name, HeaderStringValues values) in content.Headers.NonValidated)
            {
                headers.Add(name, values.ToString());
            }
            body = buffer is null
                ? await content.ReadAsByteArrayAsync(cancel)
                : await ReadAsync(content, buffer.AsMemory(0, (int)content.Headers.ContentLength!), cancel);
        }
        Uri uri = request.RequestUri!;
        return new CosmosRequest(
            request.Method.Method, CosmosRequest.Split(uri.AbsolutePath), headers, body,
            uri.GetLeftPart(UriPartial.Authority));
    }

    private static async Task<ReadOnlyMemory<byte>> ReadAsync(
        HttpContent content, Memory<byte> body, CancellationToken cancel)
    {
        Stream stream = await content.ReadAsStreamAsync(cancel);
        await stream.ReadExactlyAsync(body, cancel);
        return body;
    }

    private static HttpResponseMessage Answer(HttpRequestMessage request, CosmosRequest incoming, CosmosResponse answer)
    {
        var message = new HttpResponseMessage((HttpStatusCode)answer.Status) { RequestMessage = request };
        // The SDK reads a null content as "no body" but always asks its headers.
        var content = new ReadOnlyMemoryContent(answer.Body);
        content.Headers.TryAddWithoutValidation("Content-Type", answer.ContentType);
        message.Content = content;
        answer.WriteHeaders(message, incoming.Headers.ActivityId,
            static (target, name, value) => target.Headers.TryAddWithoutValidation(name, value));
        return message;
    }
}
