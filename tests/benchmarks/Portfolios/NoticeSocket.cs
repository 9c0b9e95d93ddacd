using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace FinVault.Benchmarks.Portfolios;

/// <summary>A signed-in live connection that hears the user's notices, and when each came.</summary>
internal sealed class NoticeSocket : IAsyncDisposable
{
    private const char RecordEnd = '\u001e';

    private readonly ClientWebSocket _socket = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource<long>> _heard = new();
    private Task _reading = Task.CompletedTask;

    public async Task ConnectAsync(HttpClient http)
    {
        using HttpResponseMessage answer = await http.PostAsync("realtime/negotiate", null);
        JsonElement negotiated = await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>();
        UriBuilder url = new(negotiated.GetProperty("url").GetString()!);
        url.Scheme = url.Scheme == "https" ? "wss" : "ws";
        url.Query += $"&access_token={negotiated.GetProperty("accessToken").GetString()}";
        await _socket.ConnectAsync(url.Uri, default);
        await _socket.SendAsync(
            Encoding.UTF8.GetBytes("{\"protocol\":\"json\",\"version\":1}" + RecordEnd), WebSocketMessageType.Text, true, default);
        _reading = ReadAsync();
    }

    /// <summary>When a notice that names a symbol has come, by the monotonic clock.</summary>
    public Task<long> HeardAsync(string symbol) => Of(symbol).Task;

    public async ValueTask DisposeAsync()
    {
        _socket.Abort();
        await _reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _socket.Dispose();
    }

    private TaskCompletionSource<long> Of(string symbol) =>
        _heard.GetOrAdd(symbol, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));

    private async Task ReadAsync()
    {
        byte[] buffer = new byte[64 * 1024];
        StringBuilder text = new();
        while (_socket.State == WebSocketState.Open)
        {
            WebSocketReceiveResult received = await _socket.ReceiveAsync(buffer, default);
            long now = Stopwatch.GetTimestamp();
            text.Append(Encoding.UTF8.GetString(buffer, 0, received.Count));
            string[] records = text.ToString().Split(RecordEnd);
            text.Clear().Append(records[^1]);
            foreach (string record in records[..^1].Where(one => one.Contains("\"target\":\"notice\"", StringComparison.Ordinal)))
            {
                int from = record.IndexOf("TEST-", StringComparison.Ordinal);
                string symbol = new([.. record[from..].TakeWhile(c => char.IsAsciiLetterOrDigit(c) || c == '-')]);
                Of(symbol).TrySetResult(now);
            }
        }
    }
}
