namespace FinVault.Local.EventHubs.Amqp;

/// <summary>
/// Where a link goes: <c>hub</c>, <c>hub/Partitions/n</c>, <c>hub/ConsumerGroups/g/Partitions/n</c>, <c>$cbs</c> or
/// <c>$management</c>; with or without scheme and host before it.
/// </summary>
internal sealed record HubAddress(string Path, string Hub, string? ConsumerGroup, string? Partition)
{
    private const int AddressField = 0;

    /// <summary>The address that an attach names, at the client's end or at this one; null if none.</summary>
    public static string? Of(Performative attach, bool client)
    {
        bool receiver = attach.Get(2, false);
        return attach[receiver == client ? 6 : 5] is Described terminus
            ? new Performative(terminus)[AddressField] as string
            : null;
    }

    /// <summary>The path of an address or of an audience, without slashes around it.</summary>
    public static string PathOf(string address)
    {
        int scheme = address.IndexOf("://", StringComparison.Ordinal);
        string rest = scheme < 0 ? address : address[(scheme + 3)..];
        int host = scheme < 0 ? 0 : rest.IndexOf('/');
        return host < 0 ? "" : Uri.UnescapeDataString(rest[host..]).Trim('/');
    }

    public static HubAddress Parse(string address)
    {
        string path = PathOf(address);
        return path.Split('/') switch
        {
            [var hub] => new HubAddress(path, hub, null, null),
            [var hub, var word, var partition] when Is(word, "Partitions") => new HubAddress(path, hub, null, partition),
            [var hub, var groups, var group, var word, var partition]
                when Is(groups, "ConsumerGroups") && Is(word, "Partitions") => new HubAddress(path, hub, group, partition),
            _ => throw new AmqpException(Conditions.NotFound, $"The messaging entity '{path}' could not be found."),
        };
    }

    private static bool Is(string part, string word) => part.Equals(word, StringComparison.OrdinalIgnoreCase);
}
