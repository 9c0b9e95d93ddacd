using System.Threading.Channels;
using static System.FormattableString;

namespace FinVault.Local.EventHubs.Amqp;

/// <summary>
/// One client's connection. Everything that concerns it happens on one loop, one thing after the other: frames that
/// came, events that arrived, appends that are durable. So nothing here is locked, and a slow client slows nobody else.
/// </summary>
internal sealed class AmqpConnection : IAsyncDisposable
{
    /// <summary>After so many bytes a link lets others have their turn, and what was written goes out.</summary>
    public const int TurnBytes = 256 * 1024;

    /// <summary>A client that says nothing for twice as long as this is taken for gone, as Azure does.</summary>
    public static readonly TimeSpan IdleTimeout = TimeSpan.FromMinutes(4);

    private const string ContainerId = "finvault-event-hub";
    private const uint SmallestFrame = 512;
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(1);

    private readonly Channel<Action> _work = Channel.CreateUnbounded<Action>(new() { SingleReader = true });
    private readonly Dictionary<ushort, AmqpSession> _sessions = [];
    private readonly AmqpWriter _out = new();
    private readonly Stream _stream;
    private readonly FrameReader _frames;
    private readonly CancellationTokenSource _ended = new();
    private ITimer? _idle;
    private long _heard;
    private bool _opened;
    private bool _closed;

    private AmqpConnection(Stream stream, HubNode node, AmqpClaims claims)
    {
        (_stream, Node, Claims) = (stream, node, claims);
        _frames = new FrameReader(stream);
        _heard = node.Time.GetTimestamp();
    }

    public HubNode Node { get; }

    /// <summary>What this client has shown tokens for.</summary>
    public AmqpClaims Claims { get; }

    /// <summary>Cancelled when the connection is over.</summary>
    public CancellationToken Ended => _ended.Token;

    /// <summary>The most that the client takes in one frame.</summary>
    public int MaximumFrame { get; private set; } = FrameReader.MaximumBytes;

    /// <summary>Bytes that wait to be sent.</summary>
    public int Waiting => _out.Length;

    /// <summary>Speaks with a client until either goes.</summary>
    public static async Task RunAsync(Stream stream, HubNode node, CancellationToken stopping)
    {
        await using var connection = new AmqpConnection(stream, node, new AmqpClaims(node.Time));
        try
        {
            if (await Greeting.RunAsync(stream, connection._frames, connection.Claims, stopping))
            {
                await connection.TalkAsync(stopping);
            }
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException or System.Net.WebSockets.WebSocketException)
        {
            node.Logger.LogDebug("An AMQP client went without a close: {Reason}", gone.Message);
        }
        catch (AmqpException refused)
        {
            node.Logger.LogWarning("An AMQP client was refused: {Reason}", refused.Message);
        }
        catch (Exception broken)
        {
            // One client's connection ends, whatever it was; the others' go on.
            node.Logger.LogError(broken, "An AMQP connection broke");
        }
    }

    /// <summary>Has something done on the loop. Any thread may call it; after the end it does nothing.</summary>
    public void Post(Action action) => _work.Writer.TryWrite(action);

    public void Write(ushort channel, Described? performative, ReadOnlySpan<byte> payload = default) =>
        _out.WriteFrame(channel, performative, payload);

    /// <summary>Where an answer goes: to the link that the request names, or to the one that reads from the same node.</summary>
    public ReplyLink? FindReplyLink(string node, string? replyTo)
    {
        List<ReplyLink> links = [.. _sessions.Values.SelectMany(session => session.Links).OfType<ReplyLink>()
            .Where(link => link.Node.Equals(node, StringComparison.OrdinalIgnoreCase))];
        return links.Find(link => replyTo is not null && link.IsCalled(replyTo)) ?? links.LastOrDefault();
    }

    public async ValueTask DisposeAsync()
    {
        _work.Writer.TryComplete();
        await _ended.CancelAsync();
        if (_idle is not null)
        {
            await _idle.DisposeAsync();
        }

        foreach (AmqpSession session in _sessions.Values)
        {
            session.End();
        }

        await _frames.DisposeAsync();
        _ended.Dispose();
    }

    private async Task TalkAsync(CancellationToken stopping)
    {
        await using CancellationTokenRegistration stop = stopping.UnsafeRegister(
            _ => Post(() => Close(new AmqpException(Conditions.ConnectionForced, "The event hub stops."))), null);
        Task listening = ListenAsync();
        try
        {
            while (!_closed && await _work.Reader.WaitToReadAsync(Ended))
            {
                await WorkAsync();
                await FlushAsync();
            }
        }
        finally
        {
            // The client's own good-bye: to break off reading would take what was sent last from a WebSocket.
            await listening.WaitAsync(Farewell, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await _ended.CancelAsync();
            await listening.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async ValueTask WorkAsync()
    {
        try
        {
            while (!_closed && _work.Reader.TryRead(out Action? action))
            {
                action();
                if (_out.Length >= TurnBytes)
                {
                    await FlushAsync();
                }
            }
        }
        catch (AmqpException wrong)
        {
            Close(wrong);
        }
    }

    // What is wrong with a frame is the loop's to answer, in its turn.
    private async Task ListenAsync()
    {
        try
        {
            Frame? frame;
            do
            {
                frame = await _frames.ReadAsync(Ended);
                if (frame is { } taken)
                {
                    Post(() => Take(taken));
                }
            }
            while (frame is not (null or { Performative.Code: Codes.Close }));
        }
        catch (AmqpException wrong)
        {
            Post(() => Close(wrong));
        }
        finally
        {
            Post(() => _closed = true);
        }
    }

    private async ValueTask FlushAsync()
    {
        if (_out.Length > 0)
        {
            await _stream.WriteAsync(_out.Written, Ended);
            await _stream.FlushAsync(Ended);
            _out.Clear();
        }
    }

    private void Take(Frame frame)
    {
        _heard = Node.Time.GetTimestamp();
        switch (frame.Performative)
        {
            case null: break;
            case { Code: Codes.Open } open: Open(new Performative(open)); break;
            case { Code: Codes.Close }: Close(null); break;
            case { Code: Codes.Begin } begin when _opened: Begin(frame.Channel, new Performative(begin)); break;
            case { } other: SessionOf(frame.Channel).Take(new Performative(other), frame.Payload); break;
        }
    }

    private AmqpSession SessionOf(ushort channel) => _sessions.GetValueOrDefault(channel)
        ?? throw new AmqpException(Conditions.NotAllowed, Invariant($"There is no session on channel {channel}."));

    private void Open(Performative open)
    {
        _opened = true;
        MaximumFrame = (int)Math.Clamp(open.Get(2, uint.MaxValue), SmallestFrame, FrameReader.MaximumBytes);
        Write(0, Described.Of(
            Codes.Open, ContainerId, open[1], (uint)FrameReader.MaximumBytes, ushort.MaxValue,
            (uint)IdleTimeout.TotalMilliseconds));
        // Twice as often as the client asks for, so that one that is late is still in time.
        uint asked = open.Get(4, 0u);
        TimeSpan period = asked == 0 ? IdleTimeout : TimeSpan.FromMilliseconds(Math.Clamp(asked / 2, 10, 60_000));
        _idle ??= Node.Time.CreateTimer(_ => Post(KeepAlive), null, period, period);
    }

    private void KeepAlive()
    {
        if (Node.Time.GetElapsedTime(_heard) > 2 * IdleTimeout)
        {
            Close(new AmqpException(Conditions.ResourceLimitExceeded, "Nothing was heard for twice the idle time-out."));
            return;
        }

        Write(0, null);
    }

    private void Begin(ushort channel, Performative begin)
    {
        var session = new AmqpSession(this, channel, begin);
        if (!_sessions.TryAdd(channel, session))
        {
            throw new AmqpException(Conditions.NotAllowed, Invariant($"Channel {channel} has a session already."));
        }

        session.Begin();
    }

    /// <summary>Forgets a session that has ended.</summary>
    public void Forget(ushort channel) => _sessions.Remove(channel);

    private void Close(AmqpException? reason)
    {
        if (!_closed)
        {
            Write(0, Described.Of(Codes.Close, reason?.ToError()));
            _closed = true;
        }
    }
}
