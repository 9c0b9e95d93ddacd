using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace FinVault.Local.Notifications;

/// <summary>
/// A mail server for a Functions host that borrows the services: only this machine is let in, no TLS, no account, and
/// nothing goes further than <see cref="LocalMailbox"/>.
/// </summary>
public sealed class SmtpSink(LocalMailbox mailbox, ILogger<SmtpSink> logger) : IAsyncDisposable
{
    /// <summary>What developers' mail servers use.</summary>
    public const int DefaultPort = 1025;

    private const int MaxClients = 16;

    private static readonly TimeSpan LongestTalk = TimeSpan.FromMinutes(1);

    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<Task, bool> _talks = new();
    private TcpListener? _listener;
    private Task _accepting = Task.CompletedTask;

    /// <summary>Where it listens; 0 before <see cref="Start"/>.</summary>
    public int Port { get; private set; }

    /// <param name="port">Where to listen; 0 takes a free port.</param>
    /// <exception cref="SocketException">The port is taken.</exception>
    public void Start(int port)
    {
        _listener = new TcpListener(IPAddress.Loopback, port);
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync(_listener);
    }

    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        _listener?.Stop();
        await _accepting;
        await Task.WhenAll(_talks.Keys);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
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
                Track(client);
            }
            catch (Exception over) when (over is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                logger.LogDebug("Mail is taken from nobody: {Reason}", over.Message);
            }
        }
    }

    private void Track(TcpClient client)
    {
        if (_talks.Count >= MaxClients)
        {
            client.Dispose();
            return;
        }

        Task talk = TalkAsync(client);
        _talks[talk] = true;
        talk.ContinueWith(
            over => _talks.TryRemove(over, out _), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    private async Task TalkAsync(TcpClient client)
    {
        await Task.Yield();
        using CancellationTokenSource late = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        late.CancelAfter(LongestTalk);
        using (client)
        {
            try
            {
                await new SmtpConversation(client.GetStream(), TakeAsync).RunAsync(late.Token);
            }
            catch (Exception left) when (left is OperationCanceledException or IOException)
            {
                logger.LogDebug("A mail client left: {Reason}", left.Message);
            }
        }
    }

    private async Task TakeAsync(IReadOnlyList<string> receivers, byte[] mail)
    {
        foreach (string receiver in receivers)
        {
            await mailbox.TakeAsync(receiver, mail, CancellationToken.None);
        }
    }
}
