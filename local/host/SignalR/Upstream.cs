using System.Text;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Azure.Functions.Worker;

namespace FinVault.Local.SignalR;

/// <summary>
/// Tells a foreign host what clients do, as Azure SignalR Service tells its upstream: a POST for every connection, its end
/// and every invocation, signed with the access key. The answer to an invocation goes back to the client.
/// </summary>
/// <remarks>https://learn.microsoft.com/azure/azure-signalr/concept-upstream</remarks>
/// <param name="template">The address, in which <c>{hub}</c>, <c>{category}</c> and <c>{event}</c> are filled in.</param>
/// <param name="key">Signs the connection's id.</param>
/// <param name="logger">Is told when the host is not there or does not take it.</param>
internal sealed partial class Upstream(string template, AccessKey key, ILogger<Upstream> logger) : IDisposable
{
    /// <summary>The webhook of a Functions host where the Core Tools start it.</summary>
    public const string Default = "http://localhost:7071/runtime/webhooks/signalr";

    private const string Prefix = "X-ASRS-";

    // What Azure waits for.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(100);

    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        UseProxy = false,
        // A user's name need not be ASCII.
        RequestHeaderEncodingSelector = static (_, _) => Encoding.UTF8,
    })
    {
        Timeout = Patience,
    };

    /// <summary>The host's answer to an invocation; null for all else. Connections live whether or not it hears of them.</summary>
    /// <param name="invocation">What a client did.</param>
    /// <param name="invocationId">By which the client waits for the answer; null when it does not.</param>
    /// <param name="cancellation">The client has gone.</param>
    /// <exception cref="HubException">What the client is told.</exception>
    public async Task<object?> InvokeAsync(
        SignalRInvocationContext invocation, string? invocationId, CancellationToken cancellation)
    {
        string failure;
        try
        {
            using HttpRequestMessage request = Request(invocation, invocationId);
            using HttpResponseMessage answer = await _http.SendAsync(request, cancellation);
            if (answer.IsSuccessStatusCode)
            {
                return invocationId is null
                    ? null
                    : UpstreamMessages.ResultOf(await answer.Content.ReadAsByteArrayAsync(cancellation));
            }

            failure = $"status code {(int)answer.StatusCode}";
        }
        catch (HttpRequestException unreachable)
        {
            failure = unreachable.Message;
        }
        catch (TaskCanceledException) when (!cancellation.IsCancellationRequested)
        {
            failure = $"no answer in {Patience.TotalSeconds} seconds";
        }

        LogNotTaken(logger, template, invocation.Category, invocation.Event, failure);
        return invocation.Category == SignalRInvocationCategory.Messages
            ? throw new HubException($"Invocation failed, {failure}")
            : null;
    }

    public void Dispose() => _http.Dispose();

    private HttpRequestMessage Request(SignalRInvocationContext invocation, string? invocationId)
    {
        string category = invocation.Category == SignalRInvocationCategory.Messages ? "messages" : "connections";
        string address = template.Replace("{hub}", Uri.EscapeDataString(invocation.Hub), StringComparison.Ordinal)
            .Replace("{category}", category, StringComparison.Ordinal)
            .Replace("{event}", Uri.EscapeDataString(invocation.Event), StringComparison.Ordinal);
        var content = new ByteArrayContent(UpstreamMessages.Of(invocation, invocationId));
        content.Headers.ContentType = new("application/json");
        var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = content };
        void Add(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value))
            {
                request.Headers.TryAddWithoutValidation(Prefix + name, value);
            }
        }

        Add("Connection-Id", invocation.ConnectionId);
        Add("Hub", invocation.Hub);
        Add("Category", category);
        Add("Event", invocation.Event);
        Add("User-Id", invocation.UserId);
        Add("User-Claims", string.Join(", ", invocation.Claims.SelectMany(
            claim => claim.Value.Select(value => $"{claim.Key}: {value}"))));
        Add("Client-Query", new QueryBuilder(invocation.Query).ToString());
        Add("Signature", key.SignatureOf(invocation.ConnectionId));
        return request;
    }

    [LoggerMessage(2010, LogLevel.Warning, "{Url} did not take {Category}/{Event}: {Failure}")]
    private static partial void LogNotTaken(
        ILogger logger, string url, SignalRInvocationCategory category, string @event, string failure);
}
