namespace FinVault.Local.EventHubs.Amqp;

/// <summary>One end of a link; the client has the other.</summary>
internal abstract class AmqpLink(AmqpSession session, Performative attach) : IDisposable
{
    public uint Handle => attach.Get(1, 0u);

    /// <summary>The largest message that is taken, in bytes; null where there is no limit to say.</summary>
    public virtual ulong? MaximumMessage => null;

    protected AmqpSession Session => session;

    protected AmqpConnection Connection => session.Connection;

    /// <summary>Whether the client knows the link by this name, or by the address of its end.</summary>
    public bool IsCalled(string name) =>
        attach[0] as string == name || HubAddress.Of(attach, client: true) == name;

    /// <summary>Called once the client has been told of this end.</summary>
    public virtual void OnAttached()
    {
    }

    public virtual void OnFlow(Performative flow)
    {
    }

    /// <summary>Called when the session has room for more.</summary>
    public virtual void OnRoom()
    {
    }

    public virtual void OnTransfer(Performative transfer, ReadOnlySpan<byte> payload) =>
        throw new AmqpException(Conditions.NotAllowed, "Nothing is taken on a link that the client receives from.");

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
    }
}

/// <summary>The end that takes messages from a client: it puts them together again and keeps the client in credit.</summary>
internal abstract class ReceivingLink(AmqpSession session, Performative attach) : AmqpLink(session, attach)
{
    private const uint FullCredit = 128;

    private readonly AmqpWriter _message = new();
    private uint _deliveryCount = attach.Get(9, 0u);
    private uint _credit;
    private uint _delivery;
    private uint _format;
    private bool _settled;
    private bool _open;
    private bool _tooLarge;

    public override void OnAttached() => Grant();

    public override void OnFlow(Performative flow)
    {
        if (flow.Get(9, false))
        {
            Grant();
        }
    }

    public override void OnTransfer(Performative transfer, ReadOnlySpan<byte> payload)
    {
        if (!_open)
        {
            Begin(transfer);
        }

        _settled |= transfer.Get(4, false);
        _tooLarge |= (ulong)(_message.Length + payload.Length) > (MaximumMessage ?? int.MaxValue);
        if (!_tooLarge)
        {
            _message.Append(payload);
        }

        if (transfer.Get(5, false))
        {
            return;
        }

        _open = false;
        if (!transfer.Get(9, false))
        {
            Receive(_delivery, _settled, _format, _tooLarge ? default : _message.Written, _tooLarge);
        }

        if (_credit < FullCredit / 2)
        {
            Grant();
        }
    }

    /// <summary>Takes a whole message, which is valid during the call, and sees to it that it is settled.</summary>
    protected abstract void Receive(
        uint delivery, bool settled, uint format, ReadOnlyMemory<byte> message, bool tooLarge);

    /// <summary>Tells the client what became of a message: accepted, or rejected with the reason.</summary>
    protected void Settle(uint delivery, bool settled, AmqpException? refusal)
    {
        if (!settled)
        {
            Described outcome = refusal is null
                ? Described.Of(Codes.Accepted) : Described.Of(Codes.Rejected, refusal.ToError());
            Session.Write(Described.Of(Codes.Disposition, true, delivery, delivery, true, outcome));
        }
    }

    private void Begin(Performative transfer)
    {
        if (_credit == 0)
        {
            throw new AmqpException(Conditions.TransferLimitExceeded, "A message was sent without credit.");
        }

        _delivery = transfer.Get(1, 0u);
        _format = transfer.Get(3, 0u);
        _settled = false;
        _message.Clear();
        _tooLarge = false;
        _open = true;
        _credit--;
        _deliveryCount++;
    }

    private void Grant()
    {
        _credit = FullCredit;
        Session.WriteFlow(Handle, _deliveryCount, _credit);
    }
}

/// <summary>The end that sends messages to a client, as many as the client gives credit for.</summary>
internal abstract class SendingLink(AmqpSession session, Performative attach) : AmqpLink(session, attach)
{
    private uint _deliveryCount;
    private bool _drain;

    /// <summary>How many messages the client is ready to take.</summary>
    protected uint Credit { get; private set; }

    public override void OnFlow(Performative flow)
    {
        Credit = flow.Get(5, 0u) + flow.Get(6, 0u) - _deliveryCount;
        Credit = Credit > int.MaxValue ? 0 : Credit;
        _drain = flow.Get(8, false);
        Pump();
        if (flow.Get(9, false))
        {
            Session.WriteFlow(Handle, _deliveryCount, Credit, _drain);
        }
    }

    public override void OnRoom() => Pump();

    /// <summary>Sends what there is, as far as credit and the session's window go.</summary>
    protected abstract void Pump();

    /// <summary>False when the session has no room now; <see cref="Pump"/> is called when it has.</summary>
    protected bool TrySend(byte[] message)
    {
        if (!Session.HasRoomFor(message.Length))
        {
            return false;
        }

        Session.Transfer(Handle, message);
        Credit--;
        _deliveryCount++;
        return true;
    }

    /// <summary>To be called when there is nothing more to send: a client that asked for that takes its credit back.</summary>
    protected void Drained()
    {
        if (_drain && Credit > 0)
        {
            _deliveryCount += Credit;
            Credit = 0;
            _drain = false;
            Session.WriteFlow(Handle, _deliveryCount, 0, drained: true);
        }
    }
}
