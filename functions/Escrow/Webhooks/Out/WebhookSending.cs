using System.Net;
using System.Net.Http.Headers;
using System.Text;
using FinVault.Platform;
using FinVault.Platform.Resilience;
using Microsoft.Extensions.Configuration;
using Polly;
using Polly.Timeout;

namespace FinVault.Escrow;

/// <summary>
/// Sends a body to a tenant's URL, signed. It connects to nothing but public addresses, whatever the name resolves to
/// at that moment, follows no redirect and reads no more of the answer than its status.
/// </summary>
public sealed class WebhookSending : IDisposable
{
    /// <summary>Lets URLs lead to this machine, also without TLS: set by the local host, never in Azure.</summary>
    public const string LoopbackSetting = "Webhooks:AllowLoopback";

    private const int MaxHeaderKilobytes = 16;

    private readonly TimeProvider _time;
    private readonly bool _allowLoopback;
    private readonly HttpClient _client;
    private readonly DependencyFamily _guards;

    public WebhookSending(IConfiguration configuration, Dependencies dependencies, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(dependencies);
        // Each webhook has a breaker of its own: by the host one tenant could break another's.
        _guards = dependencies.Family(
            "webhooks", new() { TotalSeconds = WebhookLimits.Answer.TotalSeconds },
            new(_ => false, answer => answer is Answer { Status: null or >= 500 }));
        _time = time;
        _allowLoopback = configuration[LoopbackSetting] == "true";
        SocketsHttpHandler handler = new()
        {
            ConnectTimeout = TimeSpan.FromSeconds(_guards.Settings.ConnectSeconds),
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            MaxResponseHeadersLength = MaxHeaderKilobytes,
            // Names are resolved anew now and then, and every new connection is checked.
            PooledConnectionLifetime = TimeSpan.FromMinutes(1),
            ConnectCallback = (context, token) => PublicAddress.ConnectAsync(context, _allowLoopback, token),
        };
        _client = new(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>Why a URL is not taken; null when it is.</summary>
    public string? Refuses(string url)
    {
        if (url is null or { Length: > WebhookLimits.MaxUrlLength } || !Uri.TryCreate(url, UriKind.Absolute, out Uri? uri))
        {
            return $"It is an absolute URL of at most {WebhookLimits.MaxUrlLength} characters.";
        }

        bool here = _allowLoopback && uri.IsLoopback;
        bool literal = IPAddress.TryParse(uri.Host.Trim('[', ']'), out IPAddress? address);
        return uri switch
        {
            { UserInfo.Length: > 0 } => "It carries no user name.",
            { Scheme: "https" } or { Scheme: "http" } when here => null,
            { Scheme: not "https" } => "It begins with https.",
            _ when uri.IsLoopback || (literal && !PublicAddress.IsPublic(address!)) => "Its address is not a public one.",
            _ => null,
        };
    }

    /// <summary>Tries a webhook again though it failed often: its owner asks for it.</summary>
    internal void Allow(WebhookDocument webhook) => _guards.Forget(webhook.Id);

    /// <summary>One try.</summary>
    internal async Task<DeliveryAttempt> SendAsync(
        WebhookDocument webhook, DeliveryDocument delivery, CancellationToken cancellationToken)
    {
        DateTimeOffset at = _time.GetUtcNow();
        long start = _time.GetTimestamp();
        (int? status, string? failure) = Refuses(webhook.Url) is { } refusal
            ? new Answer(null, refusal)
            : await GuardAsync(webhook, delivery, at, cancellationToken);
        return new(at, status, failure, (long)_time.GetElapsedTime(start).TotalMilliseconds);
    }

    public void Dispose() => _client.Dispose();

    private async Task<Answer> GuardAsync(
        WebhookDocument webhook, DeliveryDocument delivery, DateTimeOffset at, CancellationToken cancellationToken)
    {
        try
        {
            return await _guards.Of(webhook.Id).RunAsync(
                token => TryAsync(webhook, delivery, at, token), cancellationToken);
        }
        catch (TimeoutRejectedException)
        {
            return new(null, "It did not answer in time.");
        }
        catch (ExecutionRejectedException)
        {
            return new(null, "It was not tried, as it failed often just before.");
        }
    }

    private async Task<Answer> TryAsync(
        WebhookDocument webhook, DeliveryDocument delivery, DateTimeOffset at, CancellationToken cancellationToken)
    {
        try
        {
            using HttpRequestMessage request = Request(webhook, delivery, at);
            using HttpResponseMessage answer = await _client.SendAsync(
                request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            return new((int)answer.StatusCode, null);
        }
        catch (HttpRequestException unreachable)
        {
            return new(null, $"It cannot be reached: {unreachable.HttpRequestError}.");
        }
    }

    private static HttpRequestMessage Request(WebhookDocument webhook, DeliveryDocument delivery, DateTimeOffset at)
    {
        byte[] body = Encoding.UTF8.GetBytes(delivery.Body);
        HttpRequestMessage request = new(HttpMethod.Post, webhook.Url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("FinVault-Webhooks", "1"));
        request.Headers.Add("Webhook-Id", delivery.Id);
        request.Headers.Add(WebhookSignature.Header, WebhookSignature.Write(at, body, webhook.SecretsAt(at)));
        return request;
    }

    private sealed record Answer(int? Status, string? Failure);
}
