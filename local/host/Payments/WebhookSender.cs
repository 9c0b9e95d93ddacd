using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text.Json;
using FinVault.Escrow;
using FinVault.Platform;

namespace FinVault.Local.Payments;

/// <summary>Sends the provider's webhooks, signed, again and again until they are taken.</summary>
internal sealed class WebhookSender(PaymentOptions options, TimeProvider time, Action<SimulatedEvent> delivered)
    : IAsyncDisposable
{
    private static readonly TimeSpan[] Waits =
    [
        TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2),
        TimeSpan.FromMinutes(10), TimeSpan.FromHours(1),
    ];

    private readonly HttpClient _client = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<Task, bool> _running = [];

    public Uri? Target { get; set; }

    /// <summary>Sends it in the background, until it is taken.</summary>
    public void Send(SimulatedEvent one, int copies)
    {
        Task sending = Task.Run(() => UntilTakenAsync(one, copies));
        _running.TryAdd(sending, true);
        sending.ContinueWith(task => _running.TryRemove(task, out _), TaskScheduler.Default);
    }

    /// <summary>Sends it now; what is not taken is sent again in the background.</summary>
    public async Task SendOnceAsync(SimulatedEvent one, int copies)
    {
        bool taken = true;
        for (int i = 0; i < copies; i++)
        {
            taken &= await TryAsync(one);
        }

        if (!taken)
        {
            Send(one, 1);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_running.Keys).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _client.Dispose();
        _stopping.Dispose();
    }

    private async Task UntilTakenAsync(SimulatedEvent one, int copies)
    {
        for (int sent = 0, failed = 0; sent < copies;)
        {
            if (await TryAsync(one))
            {
                sent++;
            }
            else
            {
                await Task.Delay(Waits[Math.Min(failed++, Waits.Length - 1)], time, _stopping.Token);
            }
        }
    }

    private async Task<bool> TryAsync(SimulatedEvent one)
    {
        if (Target is null)
        {
            return false;
        }

        byte[] body = JsonSerializer.SerializeToUtf8Bytes(new { one.Id, one.Type, one.Data }, Json.Options);
        using HttpRequestMessage request = new(HttpMethod.Post, Target) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add(
            WebhookSignature.Header, WebhookSignature.Write(time.GetUtcNow(), body, [options.WebhookSecrets[0]]));
        try
        {
            using HttpResponseMessage answer = await _client.SendAsync(request, _stopping.Token);
            if (answer.IsSuccessStatusCode)
            {
                delivered(one);
            }

            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            // As when nobody is there: it is sent again.
            return false;
        }
    }
}
