using System.Globalization;

namespace FinVault.Local.EventHubs.Amqp;

/// <summary>
/// What a client asks by a message and gets a message for: to be let in by a token, and what the hub or a partition
/// is like. The answer's status is an HTTP one.
/// </summary>
internal static class HubRequests
{
    private const string SasToken = "servicebus.windows.net:sastoken";
    private const string Vendor = "com.microsoft:";

    /// <summary><c>put-token</c>: 202, or 401 for a token that is not good.</summary>
    public static AmqpMessage PutToken(AmqpMessage request, HubNode node, AmqpClaims claims) => Answer(() =>
    {
        if (request.Text("operation") != "put-token" || request.Body?.Value is not string token)
        {
            throw new AmqpException(Conditions.NotImplemented, "$cbs takes put-token with a token as its body.");
        }

        if (request.Text("type") != SasToken)
        {
            throw new AmqpException(Conditions.Unauthorized, $"The embedded event hub takes tokens of type {SasToken}.");
        }

        (string path, DateTimeOffset expires) = SharedAccessKey.WellKnown.Read(token, node.Time.GetUtcNow());
        claims.Add(path, expires);
        return Status(202, "Accepted");
    });

    /// <summary><c>READ</c> of the hub or of a partition: 200 and a map of its properties.</summary>
    public static AmqpMessage Manage(AmqpMessage request, HubNode node, AmqpClaims claims) => Answer(() =>
    {
        string name = request.Text("name") ?? "";
        claims.Require($"{name}/{HubNode.Management}");
        string? partition = request.ApplicationProperties.GetValueOrDefault("partition")?.ToString();
        node.Check(new HubAddress(name, name, null, partition));
        Dictionary<object, object?> found = (request.Text("operation"), request.Text("type")) switch
        {
            ("READ", Vendor + "eventhub") => HubProperties(node),
            ("READ", Vendor + "partition") when partition is not null => PartitionProperties(node.Hub, partition),
            var other => throw new AmqpException(Conditions.NotImplemented, $"$management does not do {other}."),
        };
        AmqpMessage answer = Status(200, "OK");
        answer.Body = new Described(Codes.Value, found);
        return answer;
    });

    private static Dictionary<object, object?> HubProperties(HubNode node) => new()
    {
        ["name"] = node.Hub.Name,
        ["type"] = Vendor + "eventhub",
        ["created_at"] = node.Opened,
        ["partition_count"] = node.Hub.PartitionIds.Count,
        ["partition_ids"] = node.Hub.PartitionIds.ToArray<object?>(),
        ["georeplication_factor"] = 1,
    };

    private static Dictionary<object, object?> PartitionProperties(EmbeddedEventHub hub, string partition)
    {
        long last = hub.LastSequenceNumber(partition);
        StoredEvent? newest = hub.Read(partition, last - 1, 1) is [.., var read] ? read : null;
        return new()
        {
            ["name"] = hub.Name,
            ["type"] = Vendor + "partition",
            ["partition"] = partition,
            ["begin_sequence_number"] = hub.Read(partition, -1, 1) is [var oldest, ..] ? oldest.SequenceNumber : last + 1,
            ["last_enqueued_sequence_number"] = last,
            ["last_enqueued_offset"] = last.ToString(CultureInfo.InvariantCulture),
            ["last_enqueued_time_utc"] = newest?.EnqueuedTime ?? DateTimeOffset.MinValue,
            ["is_partition_empty"] = newest is null,
        };
    }

    private static AmqpMessage Answer(Func<AmqpMessage> answer)
    {
        try
        {
            return answer();
        }
        catch (AmqpException refused)
        {
            AmqpMessage refusal = Status(StatusOf(refused.Condition), refused.Message);
            refusal.ApplicationProperties["error-condition"] = new Symbol(refused.Condition);
            return refusal;
        }
    }

    private static AmqpMessage Status(int code, string description)
    {
        var answer = new AmqpMessage { Body = new Described(Codes.Value, null) };
        answer.ApplicationProperties["status-code"] = code;
        answer.ApplicationProperties["status-description"] = description;
        return answer;
    }

    private static int StatusOf(string condition) => condition switch
    {
        Conditions.Unauthorized => 401,
        Conditions.NotFound => 404,
        Conditions.NotImplemented => 501,
        _ => 400,
    };
}
