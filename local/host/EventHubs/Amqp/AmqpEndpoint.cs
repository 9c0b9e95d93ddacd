using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Net.WebSockets;
using FinVault.Local.Hosting;

namespace FinVault.Local.EventHubs.Amqp;

/// <summary>
/// The embedded event hub for clients of Azure's own libraries: AMQP 1.0 on a port of its own, without TLS as for
/// Microsoft's emulator, and over WebSockets on the host's address. Only this machine is let in.
/// </summary>
internal sealed class AmqpEndpoint(HubNode node) : IAsyncDisposable
{
    /// <summary>What the libraries assume for <c>UseDevelopmentEmulator=true</c>.</summary>
    public const int DefaultPort = 5672;

    private const string WebSocketPath = "/$servicebus/websocket";
    private const string WebSocketProtocol = "AMQPWSB10";
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<Task, Stream> _connections = new();
    private readonly LoopbackListener _listener = new("AMQP", node.Logger);

    /// <summary>Where it listens; 0 before <see cref="Start"/>.</summary>
    public int Port => _listener.Port;

    public void Map(IEndpointRouteBuilder routes) => routes.MapGet(WebSocketPath, async http =>
    {
        if (!http.WebSockets.IsWebSocketRequest)
        {
            http.Response.StatusCode = StatusCodes.Status426UpgradeRequired;
            return;
        }

        using WebSocket socket = await http.WebSockets.AcceptWebSocketAsync(WebSocketProtocol);
        await using Stream stream = WebSocketStream.Create(socket, WebSocketMessageType.Binary, CloseTimeout);
        await AmqpConnection.RunAsync(stream, node, _stopping.Token);
    });

    /// <param name="port">Where to listen; 0 takes a free port.</param>
    /// <exception cref="SocketException">The port is taken.</exception>
    public void Start(int port) => _listener.Start(port, client =>
    {
        client.NoDelay = true;
        Track(client.GetStream());
    });

    /// <summary>Says good-bye to every client and waits until they are gone, or for as long as <paramref name="abort"/> lets.</summary>
    public async Task StopAsync(CancellationToken abort)
    {
        await _stopping.CancelAsync();
        await _listener.StopAsync();
        try
        {
            await Task.WhenAll(_connections.Keys).WaitAsync(abort);
        }
        catch (OperationCanceledException)
        {
            node.Logger.LogWarning("{Count} AMQP clients were cut off", _connections.Count);
            foreach (Stream stream in _connections.Values)
            {
                await stream.DisposeAsync();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(new CancellationToken(canceled: true));
        await _listener.DisposeAsync();
        _stopping.Dispose();
    }

    private void Track(Stream stream)
    {
        Task connection = ServeAsync(stream);
        _connections[connection] = stream;
        connection.ContinueWith(
            over => _connections.TryRemove(over, out _), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    private async Task ServeAsync(Stream stream)
    {
        await Task.Yield();
        await using (stream)
        {
            await AmqpConnection.RunAsync(stream, node, _stopping.Token);
        }
    }
}
