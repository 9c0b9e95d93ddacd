using System.Collections.Concurrent;
using System.Net.Sockets;
using FinVault.Local.Hosting;

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
    private readonly LoopbackListener _listener = new("The mail server", logger);

    /// <summary>Where it listens; 0 before <see cref="Start"/>.</summary>
    public int Port => _listener.Port;

    /// <param name="port">Where to listen; 0 takes a free port.</param>
    /// <exception cref="SocketException">The port is taken.</exception>
    public void Start(int port) => _listener.Start(port, Track);

    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        await _listener.StopAsync();
        await Task.WhenAll(_talks.Keys);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _listener.DisposeAsync();
        _stopping.Dispose();
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
