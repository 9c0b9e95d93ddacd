using System.Globalization;
using System.Text.RegularExpressions;

namespace FinVault.Local.EventHubs.Amqp;

/// <summary>
/// Where a receiver begins, from the selector that the SDKs send: after or at an offset, a sequence number or the
/// milliseconds of an enqueued time; <c>-1</c> is the beginning and <c>@latest</c> the end.
/// </summary>
internal static partial class StartPosition
{
    private static readonly Symbol Selector = new("apache.org:selector-filter:string");

    /// <summary>The sequence number after which a receiver reads; without a selector everything is read.</summary>
    /// <exception cref="AmqpException">The selector is none of these.</exception>
    public static long After(Performative attach, EmbeddedEventHub hub, string partition)
    {
        Dictionary<object, object?> filters =
            attach[5] is Described source ? new Performative(source).Map(7) : [];
        string? text = filters.GetValueOrDefault(Selector) switch
        {
            Described { Value: string selector } => selector,
            string selector => selector,
            null => null,
            var other => throw new AmqpException(Conditions.InvalidField, $"'{other}' is no selector."),
        };
        return text is null ? -1 : After(text, hub, partition);
    }

    public static long After(string selector, EmbeddedEventHub hub, string partition)
    {
        Match match = Form().Match(selector);
        string position = match.Groups["position"].Value;
        if (match.Success && position == "@latest")
        {
            return hub.LastSequenceNumber(partition);
        }

        if (!match.Success || !long.TryParse(position, CultureInfo.InvariantCulture, out long number))
        {
            throw new AmqpException(Conditions.InvalidField, $"'{selector}' says no position in a partition.");
        }

        bool inclusive = match.Groups["order"].Value == ">=";
        return match.Groups["of"].Value == "enqueued-time"
            ? AfterTime(hub, partition, inclusive ? number - 1 : number)
            : Math.Max(inclusive ? number - 1 : number, -1);
    }

    // Enqueued times do not fall with sequence numbers, so the place is found by halving.
    private static long AfterTime(EmbeddedEventHub hub, string partition, long milliseconds)
    {
        long after = -1;
        long last = hub.LastSequenceNumber(partition);
        while (after < last)
        {
            long middle = after + ((last - after) / 2);
            StoredEvent? next = hub.Read(partition, middle, 1) is [var first, ..] ? first : null;
            if (next is null || next.EnqueuedTime.ToUnixTimeMilliseconds() > milliseconds)
            {
                last = middle;
            }
            else
            {
                after = next.SequenceNumber;
            }
        }

        return after;
    }

    [GeneratedRegex(@"^\s*amqp\.annotation\.x-opt-(?<of>offset|sequence-number|enqueued-time)\s*(?<order>>=?)\s*'?(?<position>[^']+?)'?\s*$")]
    private static partial Regex Form();
}
