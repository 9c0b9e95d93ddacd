using System.Globalization;
using Azure.Messaging.EventHubs;

namespace FinVault.Local.EventHubs.Amqp;

/// <summary>Takes events into the hub, or into one partition of it. A message is accepted once its events are durable.</summary>
internal sealed class EventSink(AmqpSession session, Performative attach, string? partition)
    : ReceivingLink(session, attach)
{
    /// <summary>As Azure says for the Standard tier: 1 MiB less what the service adds.</summary>
    public const int MaximumBytes = (1024 * 1024) - (2 * 1024);

    public override ulong? MaximumMessage => MaximumBytes;

    protected override void Receive(
        uint delivery, bool settled, uint format, ReadOnlyMemory<byte> message, bool tooLarge)
    {
        try
        {
            if (tooLarge)
            {
                throw new AmqpException(Conditions.MessageSizeExceeded, string.Create(
                    CultureInfo.InvariantCulture, $"A message has at most {MaximumBytes:N0} bytes on this link."));
            }

            (string? key, List<EventData> events) = EventMessages.Read(format, message.Span);
            if (key is not null && partition is not null)
            {
                throw new AmqpException(Conditions.NotAllowed, "A partition and a partition key exclude each other.");
            }

            _ = StoreAsync(delivery, settled, key, events);
        }
        catch (AmqpException refused)
        {
            Settle(delivery, settled, refused);
        }
    }

    // Runs on the loop until the hub has taken the events, which keeps their order; the answer is given on it again.
    private async Task StoreAsync(uint delivery, bool settled, string? key, List<EventData> events)
    {
        AmqpException? refusal = null;
        try
        {
            await Connection.Node.Hub.AppendAsync(partition, key, events, CancellationToken.None);
        }
        catch (EventHubsException refused)
        {
            refusal = new AmqpException(
                refused.Reason == EventHubsException.FailureReason.MessageSizeExceeded ? Conditions.MessageSizeExceeded
                    : refused.Reason == EventHubsException.FailureReason.QuotaExceeded ? Conditions.ResourceLimitExceeded
                    : Conditions.ServerBusy,
                refused.Message);
        }
        catch (Exception failed) when (failed is IOException or ObjectDisposedException)
        {
            refusal = new AmqpException(Conditions.ServerBusy, failed.Message);
        }

        Connection.Post(() => Settle(delivery, settled, refusal));
    }
}

/// <summary>Sends a partition's events to a reader, in order, from where it asked for.</summary>
internal sealed class EventSource : SendingLink
{
    private const int ReadAhead = 256;
    private const string Metrics = "com.microsoft:enable-receiver-runtime-metric";

    private readonly string _partition;
    private readonly HubReader _reader;
    private readonly bool _tellsLast;
    private readonly CancellationTokenSource _gone;
    private readonly Queue<StoredEvent> _read = new();
    private long _after;
    private bool _waiting;

    public EventSource(AmqpSession session, Performative attach, string group, string partition, long? level)
        : base(session, attach)
    {
        _partition = partition;
        _after = StartPosition.After(attach, Hub, partition);
        _tellsLast = attach[12] switch
        {
            Symbol one => one.Name == Metrics,
            object?[] many => many.Contains(new Symbol(Metrics)),
            _ => false,
        };
        _reader = new HubReader(group, partition, level, Lose);
        Connection.Node.Readers.Enter(_reader);
        _gone = CancellationTokenSource.CreateLinkedTokenSource(Connection.Ended);
    }

    private EmbeddedEventHub Hub => Connection.Node.Hub;

    protected override void Pump()
    {
        if (_gone.IsCancellationRequested)
        {
            return;
        }

        while (Credit > 0 && Next() is { } next)
        {
            StoredEvent? last = _tellsLast && Hub.Read(_partition, Hub.LastSequenceNumber(_partition) - 1, 1) is [.., var newest]
                ? newest : null;
            if (!TrySend(EventMessages.Write(next, last, Connection.Node.Time.GetUtcNow())))
            {
                return;
            }

            _read.Dequeue();
            if (Connection.Waiting >= AmqpConnection.TurnBytes)
            {
                Connection.Post(Pump);
                return;
            }
        }

        if (Credit > 0)
        {
            Drained();
        }

        if (Credit > 0 && !_waiting)
        {
            _waiting = true;
            _ = WaitAsync();
        }
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        Connection.Node.Readers.Leave(_reader);
        _gone.Cancel();
        _gone.Dispose();
    }

    private StoredEvent? Next()
    {
        if (_read.Count == 0)
        {
            foreach (StoredEvent stored in Hub.Read(_partition, _after, ReadAhead))
            {
                _read.Enqueue(stored);
                _after = stored.SequenceNumber;
            }
        }

        return _read.TryPeek(out StoredEvent? next) ? next : null;
    }

    private async Task WaitAsync()
    {
        try
        {
            await Hub.WaitAsync(_partition, _after, _gone.Token);
        }
        catch (Exception over) when (over is OperationCanceledException or ObjectDisposedException)
        {
            // The reader has gone, or the hub.
            return;
        }

        Connection.Post(() =>
        {
            _waiting = false;
            Pump();
        });
    }

    private void Lose(AmqpException reason) => Connection.Post(() => Session.Detach(this, reason));
}
