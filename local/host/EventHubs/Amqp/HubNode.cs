using System.Globalization;

namespace FinVault.Local.EventHubs.Amqp;

/// <summary>The embedded hub as AMQP clients see it: its links, its key, its consumer groups and who reads them.</summary>
internal sealed class HubNode(
    EmbeddedEventHub hub, IReadOnlyList<string> consumerGroups, TimeProvider time, ILogger logger)
{
    public const string Tokens = "$cbs";
    public const string Management = "$management";

    private static readonly Symbol OwnerLevel = new("com.microsoft:epoch");

    public EmbeddedEventHub Hub => hub;

    public TimeProvider Time { get; } = time;

    public ILogger Logger => logger;

    public HubReaders Readers { get; } = new();

    /// <summary>Azure tells when a hub was made; of this one, it is when it was opened.</summary>
    public DateTimeOffset Opened { get; } = time.GetUtcNow();

    /// <summary>Makes this end of a link that a client attaches.</summary>
    /// <exception cref="AmqpException">There is no such node, or the client may not.</exception>
    public AmqpLink Attach(AmqpSession session, Performative attach)
    {
        bool receives = attach.Get(2, false);
        string path = HubAddress.PathOf(HubAddress.Of(attach, client: false) ?? "");
        if (Is(path, Tokens) || Is(path, Management) || Is(path, $"{hub.Name}/{Management}"))
        {
            string node = Is(path, Tokens) ? Tokens : Management;
            return receives ? new ReplyLink(session, attach, node) : new RequestLink(session, attach, node);
        }

        HubAddress address = HubAddress.Parse(path);
        session.Connection.Claims.Require(address.Path);
        Check(address);
        if (!receives)
        {
            return address.ConsumerGroup is null
                ? new EventSink(session, attach, address.Partition)
                : throw new AmqpException(Conditions.NotAllowed, "Events are sent to a hub, not to a consumer group.");
        }

        return address is { ConsumerGroup: { } group, Partition: { } partition }
            ? new EventSource(session, attach, group, partition, LevelOf(attach))
            : throw new AmqpException(Conditions.NotAllowed, "Events are received from a partition of a consumer group.");
    }

    /// <exception cref="AmqpException">There is no such hub, consumer group or partition.</exception>
    public void Check(HubAddress address)
    {
        if (!Is(address.Hub, hub.Name))
        {
            throw Missing(address.Hub, $"The event hub is '{hub.Name}'.");
        }

        if (address.ConsumerGroup is { } group && !consumerGroups.Contains(group, StringComparer.OrdinalIgnoreCase))
        {
            throw Missing(group, $"The consumer groups are {string.Join(", ", consumerGroups)}.");
        }

        if (address.Partition is { } partition && !hub.PartitionIds.Contains(partition))
        {
            throw new AmqpException(Conditions.OutOfRange, string.Create(CultureInfo.InvariantCulture,
                $"There is no partition '{partition}'; they are 0 to {hub.PartitionIds.Count - 1}."));
        }
    }

    // By these words the libraries tell what is not there from what is not there now, and do not try again.
    private static AmqpException Missing(string name, string instead) =>
        new(Conditions.NotFound, $"The messaging entity '{name}' could not be found. {instead}");

    private static bool Is(string name, string other) => name.Equals(other, StringComparison.OrdinalIgnoreCase);

    private static long? LevelOf(Performative attach) => attach.Map(13).GetValueOrDefault(OwnerLevel) switch
    {
        long level => level,
        int level => level,
        uint level => level,
        short level => level,
        _ => null,
    };
}
