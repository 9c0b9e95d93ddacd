namespace FinVault.Local.EventHubs.Amqp;

/// <summary>Takes requests to <c>$cbs</c> and <c>$management</c>.</summary>
internal sealed class RequestLink(AmqpSession session, Performative attach, string node) : ReceivingLink(session, attach)
{
    private const int MaximumBytes = 64 * 1024;

    public override ulong? MaximumMessage => MaximumBytes;

    protected override void Receive(
        uint delivery, bool settled, uint format, ReadOnlyMemory<byte> message, bool tooLarge)
    {
        if (tooLarge)
        {
            Settle(delivery, settled, new AmqpException(
                Conditions.MessageSizeExceeded, $"A request has at most {MaximumBytes} bytes."));
            return;
        }

        AmqpMessage request = AmqpMessage.Decode(message.Span);
        Settle(delivery, settled, null);
        AmqpMessage reply = node == HubNode.Tokens
            ? HubRequests.PutToken(request, Connection.Node, Connection.Claims)
            : HubRequests.Manage(request, Connection.Node, Connection.Claims);
        reply.CorrelationId = request.MessageId;
        Connection.FindReplyLink(node, request.ReplyTo)?.Reply(reply.Encode());
    }
}

/// <summary>Carries the answers of <c>$cbs</c> or <c>$management</c>.</summary>
internal sealed class ReplyLink(AmqpSession session, Performative attach, string node) : SendingLink(session, attach)
{
    private readonly Queue<byte[]> _replies = new();

    public string Node => node;

    public void Reply(byte[] message)
    {
        _replies.Enqueue(message);
        Pump();
    }

    protected override void Pump()
    {
        while (Credit > 0 && _replies.TryPeek(out byte[]? reply) && TrySend(reply))
        {
            _replies.Dequeue();
        }

        if (_replies.Count == 0)
        {
            Drained();
        }
    }
}
