using static System.FormattableString;

namespace FinVault.Local.EventHubs.Amqp;

/// <summary>
/// The links on one channel, and the window of transfers that the client is ready to take. A link has the same handle
/// in both directions.
/// </summary>
internal sealed class AmqpSession(AmqpConnection connection, ushort channel, Performative begun)
{
    // A limit on transfers of the whole session is of no use beside each link's credit.
    private const uint Window = int.MaxValue;
    private const int TransferOverhead = 64;

    private readonly Dictionary<uint, AmqpLink> _links = [];
    private uint _nextIncoming = begun.Get(1, 0u);
    private uint _nextOutgoing = 1;
    private uint _nextDelivery;
    private long _room = begun.Get(2, 0u);

    public AmqpConnection Connection => connection;

    public IEnumerable<AmqpLink> Links => _links.Values;

    private int PayloadOfAFrame => connection.MaximumFrame - TransferOverhead;

    public void Begin() => Write(Described.Of(Codes.Begin, channel, _nextOutgoing, Window, Window, uint.MaxValue));

    public void Take(Performative performative, ReadOnlyMemory<byte> payload)
    {
        switch (performative.Code)
        {
            case Codes.Attach: Attach(performative); break;
            case Codes.Flow: Flow(performative); break;
            case Codes.Transfer:
                _nextIncoming++;
                LinkOf(performative).OnTransfer(performative, payload.Span);
                break;
            case Codes.Detach: Detach(performative); break;
            case Codes.Disposition: break; // All that is sent from here is settled already.
            case Codes.End:
                Write(Described.Of(Codes.End));
                End();
                connection.Forget(channel);
                break;
            default:
                throw new AmqpException(
                    Conditions.NotImplemented, Invariant($"Performative 0x{performative.Code:x} means nothing in a session."));
        }
    }

    public void Write(Described performative, ReadOnlySpan<byte> payload = default) =>
        connection.Write(channel, performative, payload);

    /// <summary>The state of a link, or with null of the session alone.</summary>
    public void WriteFlow(uint? handle, uint? deliveryCount, uint? credit, bool drained = false) => Write(Described.Of(
        Codes.Flow, _nextIncoming, Window, _nextOutgoing, Window, handle, deliveryCount, credit, null, drained, false));

    /// <summary>Whether the client is ready for the frames of a message of this size.</summary>
    public bool HasRoomFor(int bytes) => _room >= 1 + (bytes / PayloadOfAFrame);

    /// <summary>Sends a message, settled, in as many frames as it takes.</summary>
    public void Transfer(uint handle, ReadOnlySpan<byte> message)
    {
        uint delivery = _nextDelivery++;
        byte[] tag = BitConverter.GetBytes(delivery);
        do
        {
            int part = Math.Min(message.Length, PayloadOfAFrame);
            bool more = part < message.Length;
            Write(Described.Of(Codes.Transfer, handle, delivery, tag, 0u, true, more), message[..part]);
            message = message[part..];
            _nextOutgoing++;
            _room--;
        }
        while (message.Length > 0);
    }

    /// <summary>Lets go of everything that the links hold on to.</summary>
    public void End()
    {
        foreach (AmqpLink link in _links.Values)
        {
            link.Dispose();
        }

        _links.Clear();
    }

    /// <summary>Ends a link from this side, with the reason.</summary>
    public void Detach(AmqpLink link, AmqpException reason)
    {
        // By then the client may have ended it, and given its handle to another.
        if (_links.GetValueOrDefault(link.Handle) == link)
        {
            _links.Remove(link.Handle);
            link.Dispose();
            WriteDetach(link.Handle, reason);
        }
    }

    private void Attach(Performative attach)
    {
        uint handle = attach.Get(1, 0u);
        AmqpLink link;
        try
        {
            link = connection.Node.Attach(this, attach);
        }
        catch (AmqpException refused)
        {
            // A refusal is an attach to nothing, and a detach that says why.
            WriteAttach(attach, refused: true, null);
            WriteDetach(handle, refused);
            return;
        }

        if (!_links.TryAdd(handle, link))
        {
            link.Dispose();
            throw new AmqpException(Conditions.NotAllowed, Invariant($"Handle {handle} has a link already."));
        }

        WriteAttach(attach, refused: false, link.MaximumMessage);
        link.OnAttached();
    }

    private void WriteAttach(Performative attach, bool refused, ulong? maximumMessage)
    {
        bool receiver = attach.Get(2, false);
        object? source = refused ? null : attach[5];
        object? target = refused ? null : attach[6];
        // What goes out from here is settled when it is sent; what comes in is settled by its answer.
        byte settling = receiver ? (byte)1 : attach.Get(3, (byte)2);
        Write(Described.Of(
            Codes.Attach, attach[0], attach[1], !receiver, settling, (byte)0, source, target, null, null,
            receiver ? 0u : null, maximumMessage));
    }

    private void WriteDetach(uint handle, AmqpException? reason) =>
        Write(Described.Of(Codes.Detach, handle, true, reason?.ToError()));

    private void Detach(Performative detach)
    {
        // A link that this side has ended gets its answer too late, and needs none.
        if (_links.Remove(detach.Get(0, 0u), out AmqpLink? link))
        {
            link.Dispose();
            WriteDetach(link.Handle, null);
        }
    }

    private void Flow(Performative flow)
    {
        uint expected = flow.Get(0, 1u);
        _room = (long)flow.Get(1, 0u) - (int)(_nextOutgoing - expected);
        if (flow[4] is uint handle)
        {
            if (_links.TryGetValue(handle, out AmqpLink? link))
            {
                link.OnFlow(flow);
            }
        }
        else if (flow.Get(9, false))
        {
            WriteFlow(null, null, null);
        }

        foreach (AmqpLink waiting in _links.Values)
        {
            waiting.OnRoom();
        }
    }

    private AmqpLink LinkOf(Performative transfer) => _links.GetValueOrDefault(transfer.Get(0, 0u))
        ?? throw new AmqpException(Conditions.UnattachedHandle, Invariant($"No link has handle {transfer[0]}."));
}
