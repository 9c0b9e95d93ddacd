namespace FinVault.Local.EventHubs.Amqp;

/// <summary>
/// Who reads what. As in Azure, at most five readers without an owner level share a partition and a consumer group; a
/// reader with one reads alone, and loses the partition to whoever comes with the same level or a higher. Thread-safe.
/// </summary>
internal sealed class HubReaders
{
    private const int MaximumWithoutLevel = 5;

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Group, string Partition), List<HubReader>> _readers = [];

    /// <exception cref="AmqpException">Another reader's owner level is higher, or there are five.</exception>
    public void Enter(HubReader reader)
    {
        HubReader[] losers;
        lock (_gate)
        {
            (string, string) place = PlaceOf(reader);
            List<HubReader> here = _readers.GetValueOrDefault(place) ?? (_readers[place] = []);
            if (here.Find(other => other.OwnerLevel > (reader.OwnerLevel ?? -1)) is { } owner)
            {
                throw new AmqpException(Conditions.LinkStolen,
                    $"A receiver with owner level {owner.OwnerLevel} reads partition {reader.Partition} of "
                    + $"'{reader.Group}'; come with that level or a higher.");
            }

            if (reader.OwnerLevel is null && here.Count >= MaximumWithoutLevel)
            {
                throw new AmqpException(Conditions.ResourceLimitExceeded,
                    $"Partition {reader.Partition} of '{reader.Group}' has {MaximumWithoutLevel} receivers, which is the most.");
            }

            losers = reader.OwnerLevel is null ? [] : [.. here];
            here.RemoveAll(other => losers.Contains(other));
            here.Add(reader);
        }

        foreach (HubReader loser in losers)
        {
            loser.Lose(new AmqpException(Conditions.LinkStolen,
                $"A receiver with owner level {reader.OwnerLevel} reads partition {reader.Partition} of '{reader.Group}' now."));
        }
    }

    public void Leave(HubReader reader)
    {
        lock (_gate)
        {
            _readers.GetValueOrDefault(PlaceOf(reader))?.Remove(reader);
        }
    }

    private static (string Group, string Partition) PlaceOf(HubReader reader) =>
        (reader.Group.ToUpperInvariant(), reader.Partition);
}

/// <summary>A receiver of a partition; <paramref name="Lose"/> is called, on any thread, when it is not any more.</summary>
internal sealed record HubReader(string Group, string Partition, long? OwnerLevel, Action<AmqpException> Lose);
