using System.Net;
using System.Text;
using FinVault.Local.Cosmos;
using FinVault.Platform;
using Microsoft.Azure.Cosmos;
using Microsoft.Extensions.DependencyInjection;

namespace FinVault.Tests.Platform.Leaks;

/// <summary>
/// A store that, once it is armed, answers every request for documents with a failure that says what nobody outside may
/// read.
/// </summary>
internal sealed class PoisonedStore
{
    public const string Secret = "SECRET-7f3e";

    private const string Failure =
        $$"""{"code":"BadRequest","message":"{{Secret}} AccountKey=abc at FinVault.Inside.Thing() in /src/Thing.cs:line 7"}""";

    public bool Armed { get; set; }

    /// <summary>A container that goes on as always.</summary>
    public string? Spared { get; set; }

    public void AddTo(IServiceCollection services) => services.AddSingleton(provider =>
    {
        EmbeddedCosmos cosmos = provider.GetRequiredService<EmbeddedCosmos>();
        using CosmosClient plain = cosmos.CreateClient(Json.Options);
        CosmosClientOptions options = plain.ClientOptions;
        options.HttpClientFactory = () => new HttpClient(new Handler(this, cosmos.CreateHandler()));
        // Any key: no signature is checked in the process.
        return new CosmosClient(plain.Endpoint.ToString(), Convert.ToBase64String(new byte[64]), options);
    });

    private sealed class Handler(PoisonedStore owner, HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken) =>
            owner.Armed && request.RequestUri!.AbsolutePath is var path
                && path.Contains("/docs", StringComparison.Ordinal)
                && (owner.Spared is null || !path.Contains($"/colls/{owner.Spared}/", StringComparison.Ordinal))
                ? Task.FromResult(new HttpResponseMessage(HttpStatusCode.BadRequest)
                {
                    Content = new StringContent(Failure, Encoding.UTF8, "application/json"),
                    RequestMessage = request,
                })
                : base.SendAsync(request, cancellationToken);
    }
}
