using System.Buffers.Text;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using FinVault.Escrow;
using FinVault.Platform;
using FinVault.Platform.Resilience;
using Microsoft.Extensions.Configuration;

namespace FinVault.Notifications;

/// <summary>
/// Web push (RFC 8030): an encrypted message to where a browser's push service takes them. It connects to nothing but
/// public addresses, since endpoints come from clients.
/// </summary>
public sealed class WebPushChannel : INotificationChannel, IDisposable
{
    private const int MaxAnswerBytes = 64 * 1024;

    // Characters: the rest of the payload, and what JSON escapes, leave room enough.
    private const int MaxText = 600;

    // How long the push service keeps it for a browser that is off.
    private const int KeptSeconds = 24 * 3600;

    private readonly WebPushKey _key;
    private readonly DeviceStore _devices;
    private readonly DependencyFamily _guards;
    private readonly HttpClient _client;

    public WebPushChannel(
        WebPushKey key, DeviceStore devices, Dependencies dependencies, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(dependencies);
        ArgumentNullException.ThrowIfNull(configuration);
        (_key, _devices) = (key, devices);
        _guards = dependencies.Family("push");
        bool loopback = configuration[WebhookSending.LoopbackSetting] == "true";
        _client = new(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            PooledConnectionLifetime = TimeSpan.FromMinutes(1),
            ConnectCallback = (context, token) => PublicAddress.ConnectAsync(context, loopback, token),
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = MaxAnswerBytes,
        };
    }

    public NoticeChannel Channel => NoticeChannel.Push;

    public async Task<IReadOnlyList<string>> TargetsAsync(
        string user, Notice notice, CancellationToken cancellationToken) => _key.Public is null
            ? []
            : [.. (await _devices.ListAsync(user, cancellationToken)).Where(one => one.Push is not null).Select(one => one.Id)];

    public async Task SendAsync(NoticeDelivery delivery, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(delivery);
        if (await _devices.FindAsync(delivery.User, delivery.Target, cancellationToken) is not { Push: { } push })
        {
            return;
        }

        Uri endpoint = new(push.Endpoint);
        HttpStatusCode answer = await _guards.Of(endpoint.Authority).RunAsync(
            token => PostAsync(endpoint, push, delivery.Notice, token), cancellationToken);
        switch (answer)
        {
            case >= HttpStatusCode.OK and < HttpStatusCode.MultipleChoices:
                return;
            case HttpStatusCode.NotFound or HttpStatusCode.Gone:
                // The browser has unsubscribed (RFC 8030, 7.3).
                await _devices.RemoveAsync(delivery.User, delivery.Target, cancellationToken);
                return;
            default:
                throw Problems.DeliveryRefused.With($"The push service answered {(int)answer}.");
        }
    }

    public void Dispose() => _client.Dispose();

    private async Task<HttpStatusCode> PostAsync(
        Uri endpoint, PushSubscription push, Notice notice, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = Request(endpoint, push, notice);
        using HttpResponseMessage answer =
            await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        return answer.StatusCode is HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError
            ? throw new HttpRequestException($"The push service answered {(int)answer.StatusCode}.")
            : answer.StatusCode;
    }

    private HttpRequestMessage Request(Uri endpoint, PushSubscription push, Notice notice)
    {
        string text = notice.Text.Length > MaxText ? notice.Text[..MaxText] + "…" : notice.Text;
        byte[] payload = JsonSerializer.SerializeToUtf8Bytes(
            new PushPayload(notice.Id, notice.Kind, notice.Title, text, notice.Link, notice.At), Json.Options);
        byte[] body = PushEncryption.Encrypt(
            payload, Base64Url.DecodeFromChars(push.P256dh), Base64Url.DecodeFromChars(push.Auth));
        HttpRequestMessage request = new(HttpMethod.Post, endpoint) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        request.Content.Headers.ContentEncoding.Add("aes128gcm");
        request.Headers.TryAddWithoutValidation("Authorization", _key.Authorize(endpoint));
        request.Headers.Add("TTL", KeptSeconds.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("Urgency", notice.Importance >= Importance.High ? "high" : "normal");
        // One that is sent again takes the place of the first that the browser has not fetched yet.
        request.Headers.Add("Topic", notice.Id[(Notice.Prefix.Length + 1)..]);
        return request;
    }

    private sealed record PushPayload(
        string Id, string Kind, string Title, string Text, string? Link, DateTimeOffset At);
}
