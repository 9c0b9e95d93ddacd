using System.Net;
using System.Net.Sockets;

namespace FinVault.Local.Hosting;

/// <summary>Takes connections of this machine alone, on a port of its own, until it is stopped.</summary>
/// <param name="name">Who listens, for the log.</param>
/// <param name="logger">Hears why a connection was not taken.</param>
internal sealed class LoopbackListener(string name, ILogger logger) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private TcpListener? _listener;
    private Task _accepting = Task.CompletedTask;

    /// <summary>Where it listens; 0 before <see cref="Start"/>.</summary>
    public int Port { get; private set; }

    /// <param name="port">Where to listen; 0 takes a free port.</param>
    /// <param name="accepted">Takes a client over, and does not wait for what it says.</param>
    /// <exception cref="SocketException">The port is taken.</exception>
    public void Start(int port, Action<TcpClient> accepted)
    {
        _listener = new TcpListener(IPAddress.Loopback, port);
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync(_listener, accepted);
    }

    /// <summary>Takes nobody any more. Those who were taken go on.</summary>
    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        _listener?.Stop();
        await _accepting;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _listener?.Dispose();
        _stopping.Dispose();
    }

    private async Task AcceptAsync(TcpListener listener, Action<TcpClient> accepted)
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                accepted(await listener.AcceptTcpClientAsync(_stopping.Token));
            }
            catch (Exception over) when (over is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                logger.LogDebug("{Name} takes nobody: {Reason}", name, over.Message);
            }
        }
    }
}
