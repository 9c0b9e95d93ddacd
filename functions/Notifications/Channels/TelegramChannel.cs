using System.Net;
using System.Net.Http.Json;
using FinVault.Identity;
using FinVault.Platform;
using FinVault.Platform.Resilience;

namespace FinVault.Notifications;

/// <summary>
/// Telegram by the Bot API's <c>sendMessage</c> (core.telegram.org/bots/api). The Bot API knows no id of the sender's: a
/// message whose answer was lost comes twice.
/// </summary>
public sealed class TelegramChannel : INotificationChannel, IDisposable
{
    private const int MaxAnswerBytes = 64 * 1024;

    // What Telegram takes.
    private const int MaxText = 4096;

    private readonly TelegramOptions _options;
    private readonly IdentityOptions _web;
    private readonly DeviceStore _devices;
    private readonly Dependency _guard;
    private readonly HttpClient _client;

    public TelegramChannel(TelegramOptions options, IdentityOptions web, DeviceStore devices, Dependencies dependencies)
    {
        ArgumentNullException.ThrowIfNull(dependencies);
        (_options, _web, _devices) = (options, web, devices);
        // A bot may send about 30 messages a second.
        _guard = dependencies.Of("telegram", new() { Concurrency = 16 });
        _client = _guard.CreateClient(MaxAnswerBytes);
    }

    public NoticeChannel Channel => NoticeChannel.Telegram;

    public async Task<IReadOnlyList<string>> TargetsAsync(
        string user, Notice notice, CancellationToken cancellationToken) => _options.IsSet
            ? [.. (await _devices.ListAsync(user, cancellationToken)).Where(one => one.Chat is not null).Select(one => one.Id)]
            : [];

    public async Task SendAsync(NoticeDelivery delivery, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(delivery);
        if (await _devices.FindAsync(delivery.User, delivery.Target, cancellationToken) is not { Chat: { } chat })
        {
            return;
        }

        HttpStatusCode answer = await _guard.RunAsync(
            token => PostAsync(new SendMessage(chat, TextOf(delivery.Notice)), token), cancellationToken);
        switch (answer)
        {
            case HttpStatusCode.OK:
                return;
            case HttpStatusCode.Forbidden:
                // The user has blocked the bot, or left.
                await _devices.RemoveAsync(delivery.User, delivery.Target, cancellationToken);
                return;
            default:
                throw Problems.DeliveryRefused.With($"Telegram answered {(int)answer}.");
        }
    }

    public void Dispose() => _client.Dispose();

    private async Task<HttpStatusCode> PostAsync(SendMessage message, CancellationToken cancellationToken)
    {
        Uri address = new($"{_options.ApiUrl.TrimEnd('/')}/bot{_options.BotToken}/sendMessage");
        HttpResponseMessage answer;
        try
        {
            answer = await _client.PostAsJsonAsync(address, message, cancellationToken);
        }
        catch (HttpRequestException unreachable)
        {
            // Its own message has the address, and that has the token.
            throw new HttpRequestException($"Telegram cannot be reached: {unreachable.HttpRequestError}.");
        }

        using (answer)
        {
            return answer.StatusCode is HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError
                ? throw new HttpRequestException($"Telegram answered {(int)answer.StatusCode}.")
                : answer.StatusCode;
        }
    }

    // Plain text: what is in a notice is nobody's markup.
    private string TextOf(Notice notice)
    {
        string link = notice.Link is null ? "" : $"\n\n{_web.WebBaseUrl}/{notice.Link}";
        string text = $"{notice.Title}\n\n{notice.Text}";
        int room = MaxText - link.Length;
        return (text.Length > room ? text[..(room - 1)] + "…" : text) + link;
    }

    // In the Bot API's own names.
#pragma warning disable SA1300, IDE1006, CA1707
    private sealed record SendMessage(long chat_id, string text);
#pragma warning restore SA1300, IDE1006, CA1707
}
