using System.Buffers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace FinVault.Tests.Local.SignalR;

/// <summary>A WebSocket client that reads only when it is told to, with small buffers in the operating system.</summary>
public sealed class RawClient : IDisposable
{
    private const char Separator = (char)0x1E;
    private readonly ClientWebSocket _socket = new();
    private readonly HttpMessageInvoker _invoker = new(new SocketsHttpHandler { ConnectCallback = ConnectAsync });
    private readonly Queue<JsonElement> _read = new();

    public static Task<RawClient> ConnectAsync(SignalRServer server, string user) =>
        ConnectAsync(new Uri($"{server.Address}api/negotiate?user={user}"));

    /// <param name="negotiate">The function to ask where to connect.</param>
    /// <param name="token">Of who connects; null for nobody.</param>
    public static async Task<RawClient> ConnectAsync(Uri negotiate, string? token = null)
    {
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = token is null ? null : new("Bearer", token);
        HttpResponseMessage answer = await http.PostAsync(negotiate, null);
        JsonElement info = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return await ConnectAsync(info.GetProperty("url").GetString()!, info.GetProperty("accessToken").GetString()!);
    }

    /// <summary>With what a negotiation has given.</summary>
    public static async Task<RawClient> ConnectAsync(string address, string accessToken)
    {
        var url = new UriBuilder(address) { Scheme = "ws" };
        var client = new RawClient();
        client._socket.Options.SetRequestHeader("Authorization", $"Bearer {accessToken}");
        await client._socket.ConnectAsync(url.Uri, client._invoker, default);
        await client.SendAsync("""{"protocol":"json","version":1}""");
        Assert.Equal("{}", (await client.NextAsync()).GetRawText());
        return client;
    }

    public Task SendAsync(string record) => _socket.SendAsync(
        Encoding.UTF8.GetBytes(record + Separator), WebSocketMessageType.Text, true, default);

    public async Task<string> ConnectionIdAsync()
    {
        await SendAsync("""{"type":1,"invocationId":"id","target":"WhoAmI","arguments":[]}""");
        return (await NextAsync(record => record.GetProperty("type").GetInt32() == 3)).GetProperty("result").GetString()!;
    }

    /// <summary>The next record of any kind.</summary>
    public async Task<JsonElement> NextAsync()
    {
        while (_read.Count == 0)
        {
            foreach (string record in (await ReadMessageAsync()).Split(Separator, StringSplitOptions.RemoveEmptyEntries))
            {
                _read.Enqueue(JsonElement.Parse(record));
            }
        }

        return _read.Dequeue();
    }

    public async Task<JsonElement> NextAsync(Func<JsonElement, bool> wanted)
    {
        while (true)
        {
            JsonElement record = await NextAsync();
            if (wanted(record))
            {
                return record;
            }
        }
    }

    public void Dispose()
    {
        _socket.Dispose();
        _invoker.Dispose();
    }

    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveBufferSize = 4096 };
        await socket.ConnectAsync(context.DnsEndPoint, cancellation);
        return new NetworkStream(socket, ownsSocket: true);
    }

    private async Task<string> ReadMessageAsync()
    {
        var message = new ArrayBufferWriter<byte>();
        ValueWebSocketReceiveResult result;
        do
        {
            result = await _socket.ReceiveAsync(message.GetMemory(16 * 1024), default);
            message.Advance(result.Count);
        }
        while (!result.EndOfMessage);

        Assert.NotEqual(WebSocketMessageType.Close, result.MessageType);
        return Encoding.UTF8.GetString(message.WrittenSpan);
    }
}
