using System.Net;
using System.Text;
using FinVault.Platform;
using Microsoft.Azure.Cosmos;

namespace FinVault.Tests.Escrow.Ledger;

/// <summary>After so many requests of documents nothing gets through any more, as if the caller had died.</summary>
/// <param name="store">The embedded store.</param>
/// <param name="after">Whether the last request is done without being answered, or not at all.</param>
internal sealed class DyingHandler(HttpMessageHandler store, bool after) : DelegatingHandler(store)
{
    private int _lives = int.MaxValue;

    /// <summary>Requests that still get through.</summary>
    public int Lives
    {
        get => _lives;
        set => _lives = value;
    }

    public bool After { get; set; } = after;

    public CosmosClient CreateClient() => new("http://cosmos.localhost:8081/", "AAAA", new CosmosClientOptions
    {
        ConnectionMode = ConnectionMode.Gateway,
        LimitToEndpoint = true,
        HttpClientFactory = () => new HttpClient(this, disposeHandler: false),
        UseSystemTextJsonSerializerWithOptions = Json.Options,
    });

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        bool isDocument = request.RequestUri!.AbsolutePath.Contains("/docs", StringComparison.Ordinal);
        int left = isDocument ? Interlocked.Decrement(ref _lives) : int.MaxValue;
        if (left >= 0)
        {
            return await base.SendAsync(request, cancellationToken);
        }

        if (After && left == -1)
        {
            using HttpResponseMessage unheard = await base.SendAsync(request, cancellationToken);
        }

        return new HttpResponseMessage(HttpStatusCode.ServiceUnavailable)
        {
            RequestMessage = request,
            Content = new StringContent("""{"code":"ServiceUnavailable","message":"dead"}""", Encoding.UTF8, "application/json"),
        };
    }
}
