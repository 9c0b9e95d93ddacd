using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;

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
    private TcpListener? _listener;
    private Task _accepting = Task.CompletedTask;

    /// <summary>Where it listens; 0 before <see cref="Start"/>.</summary>
    public int Port { get; private set; }

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
    public void Start(int port)
    {
        _listener = new TcpListener(IPAddress.Loopback, port);
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync(_listener);
    }

    /// <summary>Says good-bye to every client and waits until they are gone, or for as long as <paramref name="abort"/> lets.</summary>
    public async Task StopAsync(CancellationToken abort)
    {
        await _stopping.CancelAsync();
        _listener?.Stop();
        await _accepting;
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
        _listener?.Dispose();
        _stopping.Dispose();
    }

    private async Task AcceptAsync(TcpListener listener)
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                TcpClient client = await listener.AcceptTcpClientAsync(_stopping.Token);
                client.NoDelay = true;
                Track(client.GetStream());
            }
            catch (Exception over) when (over is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                node.Logger.LogDebug("AMQP accepts nobody: {Reason}", over.Message);
            }
        }
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
