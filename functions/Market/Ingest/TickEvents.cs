using Azure.Messaging.EventHubs;
using FinVault.Market.Live;

namespace FinVault.Market.Ingest;

/// <summary>The properties that FinVault puts on the events of the ticks hub, and what they mean.</summary>
public static class TickEvents
{
    /// <summary>The feed or provider that sent the ticks.</summary>
    public const string Source = "source";

    /// <summary>Who resends, with <see cref="Position"/>: a call of a feed that was applied is not applied again.</summary>
    public const string Feed = "feed";

    /// <summary>The place of the call in the feed's stream; grows with every call.</summary>
    public const string Position = "position";

    /// <summary>Not ticks but an order to whoever ingests the shard.</summary>
    public const string Control = "control";

    /// <summary>Store every ring and bar now: the day is over or the shard is quiet.</summary>
    public const string StoreOrder = "store";

    /// <summary>An order to read again what waits on a symbol (<see cref="ITickObserver"/>), see <see cref="Subject"/>.</summary>
    public const string ReadOrder = "read";

    /// <summary>Go on telling the shard's share of those who look (<see cref="ShareRounds"/>).</summary>
    public const string PackOrder = "pack";

    /// <summary>The symbol that an order is about.</summary>
    public const string Subject = "symbol";

    public const int MaxSourceLength = 64;

    /// <summary>The source of events that name none.</summary>
    public const string UnknownSource = "unknown";

    public static EventData Of(BinaryData body, string source) => new(body) { Properties = { [Source] = source } };

    public static EventData Order(string order) => new(BinaryData.FromString("{}")) { Properties = { [Control] = order } };

    /// <summary>Tells whoever ingests a symbol that what waits on it has changed.</summary>
    public static EventData Read(string symbol)
    {
        EventData order = Order(ReadOrder);
        order.Properties[Subject] = symbol;
        return order;
    }

    public static string SourceOf(EventData data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return data.Properties.TryGetValue(Source, out object? source) && source is string { Length: > 0 } name
            && name.Length <= MaxSourceLength ? name : UnknownSource;
    }

    public static bool IsOrder(EventData data, string order)
    {
        ArgumentNullException.ThrowIfNull(data);
        return data.Properties.TryGetValue(Control, out object? control) && control as string == order;
    }

    /// <summary>The feed's name and the call's place in its stream, when the feed gives them.</summary>
    public static (string Feed, long Position)? PositionOf(EventData data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return data.Properties.TryGetValue(Feed, out object? feed) && feed is string name
            && data.Properties.TryGetValue(Position, out object? position) && position is long place
            ? (name, place)
            : null;
    }
}
