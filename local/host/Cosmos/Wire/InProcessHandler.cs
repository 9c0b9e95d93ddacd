using System.Net;

namespace FinVault.Local.Cosmos;

/// <summary>
/// The endpoint as an <see cref="HttpMessageHandler"/>: the SDK's requests arrive without socket, header text or
/// signature check.
/// </summary>
internal sealed class InProcessHandler(CosmosEndpoint endpoint) : HttpMessageHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        CosmosRequest incoming = await ReadAsync(request, cancellationToken);
        CosmosResponse answer = await endpoint.HandleAsync(incoming, cancellationToken);
        return Answer(request, incoming, answer);
    }

    private static async Task<CosmosRequest> ReadAsync(HttpRequestMessage request, CancellationToken cancel)
    {
        var headers = new RequestHeaders();
        foreach ((string name, System.Net.Http.Headers.HeaderStringValues values) in request.Headers.NonValidated)
        {
            headers.Add(name, values.ToString());
        }
        byte[] body = [];
        if (request.Content is { } content)
        {
            foreach ((string name, System.Net.Http.Headers.HeaderStringValues values) in content.Headers.NonValidated)
            {
                headers.Add(name, values.ToString());
            }
            body = await content.ReadAsByteArrayAsync(cancel);
        }
        Uri uri = request.RequestUri!;
        return new CosmosRequest(
            request.Method.Method, CosmosRequest.Split(uri.AbsolutePath), headers, body,
            uri.GetLeftPart(UriPartial.Authority));
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
