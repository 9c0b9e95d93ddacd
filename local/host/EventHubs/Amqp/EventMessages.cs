using System.Text;
using Azure.Core;
using Azure.Messaging.EventHubs;

namespace FinVault.Local.EventHubs.Amqp;

/// <summary>Events as AMQP messages: alone, or many in one message of the batch format.</summary>
internal static class EventMessages
{
    /// <summary>The message format in which each part of the body is a message of its own.</summary>
    public const uint BatchFormat = 0x80013700;

    private static readonly Symbol PartitionKey = new("x-opt-partition-key");
    private static readonly Symbol SequenceNumber = new("x-opt-sequence-number");
    private static readonly Symbol Offset = new("x-opt-offset");
    private static readonly Symbol EnqueuedTime = new("x-opt-enqueued-time");

    /// <summary>The events that a client sends together, and the key by which they find their partition.</summary>
    /// <exception cref="AmqpException">A body is not bytes, or a property is of a type that is not kept here.</exception>
    public static (string? PartitionKey, List<EventData> Events) Read(uint format, ReadOnlySpan<byte> bytes)
    {
        AmqpMessage message = AmqpMessage.Decode(bytes);
        List<EventData> events = format == BatchFormat
            ? [.. message.Data.Select(part => Event(AmqpMessage.Decode(part.Span)))]
            : [Event(message)];
        return (message.Annotations.GetValueOrDefault(PartitionKey)?.ToString(), events);
    }

    /// <summary>An event for a receiver, with the last event of its partition where the receiver asked for that.</summary>
    public static byte[] Write(StoredEvent stored, StoredEvent? last, DateTimeOffset now)
    {
        var message = new AmqpMessage();
        message.Annotations[SequenceNumber] = stored.SequenceNumber;
        message.Annotations[Offset] = stored.Offset;
        message.Annotations[EnqueuedTime] = stored.EnqueuedTime;
        if (stored.PartitionKey is { } key)
        {
            message.Annotations[PartitionKey] = key;
        }

        if (stored.Names.Any)
        {
            message.MessageId = stored.Names.MessageId;
            message.CorrelationId = stored.Names.CorrelationId;
            message.ContentType = stored.Names.ContentType is { } type ? new Symbol(type) : null;
        }

        foreach ((string name, object value) in stored.Properties)
        {
            message.ApplicationProperties[name] = value;
        }

        if (last is not null)
        {
            message.DeliveryAnnotations[new Symbol("last_enqueued_sequence_number")] = last.SequenceNumber;
            message.DeliveryAnnotations[new Symbol("last_enqueued_offset")] = last.Offset;
            message.DeliveryAnnotations[new Symbol("last_enqueued_time_utc")] = last.EnqueuedTime;
            message.DeliveryAnnotations[new Symbol("runtime_info_retrieval_time_utc")] = now;
        }

        message.Data.Add(stored.Body);
        return message.Encode();
    }

    private static EventData Event(AmqpMessage message)
    {
        if (message.Body is not null)
        {
            throw new AmqpException(
                Conditions.NotImplemented, "The embedded event hub keeps bodies that are bytes, not AMQP values.");
        }

        ReadOnlyMemory<byte> body = message.Data is [var only]
            ? only
            : message.Data.SelectMany(part => part.ToArray()).ToArray();
        var data = new EventData(body)
        {
            MessageId = TextOf(message.MessageId),
            CorrelationId = TextOf(message.CorrelationId),
        };
        if (message.ContentType is { } type)
        {
            data.ContentType = new ContentType(type.ToString()!);
        }

        foreach ((object name, object? value) in message.ApplicationProperties)
        {
            data.Properties[name.ToString()!] = Kept(name, value);
        }

        return data;
    }

    private static string? TextOf(object? id) => id switch
    {
        null => null,
        byte[] bytes => Encoding.UTF8.GetString(bytes),
        _ => id.ToString(),
    };

    // The hub's files know six types; whole numbers of all others fit into one of these.
    private static object Kept(object name, object? value) => value switch
    {
        string or bool or int or long or double or DateTimeOffset => value,
        byte number => (int)number,
        sbyte number => (int)number,
        short number => (int)number,
        ushort number => (int)number,
        uint number => (long)number,
        ulong number and <= long.MaxValue => (long)number,
        float number => (double)number,
        Symbol or Guid => value.ToString()!,
        _ => throw new AmqpException(
            Conditions.NotImplemented, $"Property '{name}' has a type that the embedded event hub does not keep."),
    };
}
