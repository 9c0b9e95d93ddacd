using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Text.Json;
using FinVault.Local.Identity;
using FinVault.Notifications;

namespace FinVault.Local.Notifications;

/// <summary>A message that came to a simulated receiver.</summary>
/// <param name="To">A chat, or the name of a browser.</param>
/// <param name="Text">Of a chat; null for what is encrypted.</param>
/// <param name="Body">As it came.</param>
/// <param name="Headers">As they came.</param>
public sealed record ReceivedMessage(
    string To, string? Text, byte[] Body, IReadOnlyDictionary<string, string> Headers);

/// <summary>
/// Stands in for Telegram's Bot API (<c>/dev/telegram</c>) and for a browser's push service (<c>/dev/push/NAME</c>). Both
/// take everything, or answer as <see cref="Answer"/> is told; what they took is shown to this machine.
/// </summary>
public sealed class SimulatedChannels
{
    private const string Telegram = "/dev/telegram";
    private const string Push = "/dev/push";
    private const int MaxKept = 200;

    private readonly ConcurrentQueue<ReceivedMessage> _received = new();
    private readonly ConcurrentQueue<int> _answers = new();
    private int _asked;

    /// <summary>What was taken, oldest first.</summary>
    public IReadOnlyList<ReceivedMessage> Received => [.. _received];

    /// <summary>Calls that came, also those that were refused.</summary>
    public int Asked => _asked;

    /// <summary>Answers the next calls with these statuses, and takes none of them.</summary>
    public void Answer(params int[] statuses)
    {
        foreach (int status in statuses)
        {
            _answers.Enqueue(status);
        }
    }

    /// <summary>Forgets what was taken.</summary>
    public void Forget() => _received.Clear();

    internal static void SetKeys(IConfiguration configuration, byte[] key)
    {
        configuration[$"{WebPushKey.Section}:PrivateKey"] ??= Base64Url.EncodeToString(key);
        configuration[$"{WebPushKey.Section}:Subject"] ??= "mailto:finvault@localhost";
        configuration[$"{TelegramOptions.Section}:{nameof(TelegramOptions.BotToken)}"] ??= "1:local";
        configuration[$"{TelegramOptions.Section}:{nameof(TelegramOptions.BotName)}"] ??= "finvault_local_bot";
        configuration[$"{TelegramOptions.Section}:{nameof(TelegramOptions.WebhookSecret)}"] ??= "local";
    }

    internal static void SetAddress(IConfiguration configuration, Uri address) =>
        configuration[$"{TelegramOptions.Section}:{nameof(TelegramOptions.ApiUrl)}"] ??= new Uri(address, Telegram).ToString();

    internal void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPost($"{Telegram}/{{bot}}/sendMessage", (Delegate)TakeAsync);
        endpoints.MapPost($"{Push}/{{browser}}", (Delegate)TakeAsync);
        endpoints.MapGet(Telegram, (HttpContext http) => Show(http, message => message.Text is not null));
        endpoints.MapGet(Push, (HttpContext http) => Show(http, message => message.Text is null));
    }

    private async Task<IResult> TakeAsync(HttpContext http)
    {
        Interlocked.Increment(ref _asked);
        if (!DemoUsers.IsHere(http))
        {
            return Results.NotFound();
        }

        using MemoryStream body = new();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        if (_answers.TryDequeue(out int refused))
        {
            return Results.StatusCode(refused);
        }

        Dictionary<string, string> headers =
            http.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString());
        bool isPush = http.Request.RouteValues["browser"] is not null;
        JsonElement chat = isPush ? default : JsonElement.Parse(body.ToArray());
        _received.Enqueue(isPush
            ? new((string)http.Request.RouteValues["browser"]!, null, body.ToArray(), headers)
            : new($"{chat.GetProperty("chat_id")}", chat.GetProperty("text").GetString(), body.ToArray(), headers));
        while (_received.Count > MaxKept)
        {
            _received.TryDequeue(out _);
        }

        return isPush ? Results.StatusCode(StatusCodes.Status201Created) : Results.Json(new { ok = true });
    }

    private IResult Show(HttpContext http, Func<ReceivedMessage, bool> wanted) => DemoUsers.IsHere(http)
        ? Results.Json(Received.Where(wanted).Reverse())
        : Results.NotFound();
}
