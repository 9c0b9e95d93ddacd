using System.Text;
using System.Text.Json;
using Azure.Messaging.EventHubs;
using FinVault.Local.EventHubs;

namespace FinVault.Local.Hosting;

/// <summary>
/// The Event Hubs REST calls <c>Send event</c>, <c>Send partition event</c> and <c>Send batch events</c>, so that any program
/// can feed the embedded hub: 201 once the events are durable, 413 above 1 MB. An Authorization header is taken
/// unread. Shapes: learn.microsoft.com/rest/api/eventhub.
/// </summary>
internal static class EventHubRest
{
    private const string BatchType = "application/vnd.microsoft.servicebus.json";
    private const int MaximumBytes = 1024 * 1024;

    /// <summary>Only the hub's own name is mapped: nothing else of the address space is taken from the web client.</summary>
    public static void Map(IEndpointRouteBuilder routes, EmbeddedEventHub hub)
    {
        routes.MapPost($"/{hub.Name}/messages", http => SendAsync(http, hub, null));
        routes.MapPost(
            $"/{hub.Name}/partitions/{{partition}}/messages",
            http => SendAsync(http, hub, (string)http.Request.RouteValues["partition"]!));
    }

    private static async Task SendAsync(HttpContext http, EmbeddedEventHub hub, string? partition)
    {
        try
        {
            if (partition is not null && !hub.PartitionIds.Contains(partition))
            {
                throw new RestException(StatusCodes.Status404NotFound, $"Event hub '{hub.Name}' has no partition '{partition}'.");
            }

            byte[] body = await ReadAsync(http.Request);
            bool batch = http.Request.ContentType?.StartsWith(BatchType, StringComparison.OrdinalIgnoreCase) == true;
            string? key = Key(http.Request.Headers["BrokerProperties"]);
            if (partition is not null && key is not null)
            {
                throw new RestException(StatusCodes.Status400BadRequest, "A partition and a partition key exclude each other.");
            }

            IReadOnlyList<Sent> sent = batch ? Batch(body, key) : [new Sent(Single(body, http.Request), key)];
            foreach (var group in sent.GroupBy(item => item.Key))
            {
                await hub.AppendAsync(partition, group.Key, [.. group.Select(item => item.Event)], http.RequestAborted);
            }

            http.Response.StatusCode = StatusCodes.Status201Created;
        }
        catch (RestException refused)
        {
            await HttpFunctions.Problem(http, refused.Status, refused.Message);
        }
        catch (EventHubsException refused)
        {
            await HttpFunctions.Problem(http, StatusOf(refused.Reason), refused.Message);
        }
    }

    private static int StatusOf(EventHubsException.FailureReason reason) => reason switch
    {
        EventHubsException.FailureReason.MessageSizeExceeded => StatusCodes.Status413PayloadTooLarge,
        EventHubsException.FailureReason.ResourceNotFound => StatusCodes.Status404NotFound,
        _ => StatusCodes.Status503ServiceUnavailable,
    };

    private sealed record Sent(EventData Event, string? Key);

    private sealed class RestException(int status, string message) : Exception(message)
    {
        public int Status => status;
    }

    private static async Task<byte[]> ReadAsync(HttpRequest request)
    {
        // One byte more than allowed tells too large from just right, whatever Content-Length says.
        var buffer = new MemoryStream();
        var chunk = new byte[64 * 1024];
        int read;
        while ((read = await request.Body.ReadAsync(chunk, request.HttpContext.RequestAborted)) > 0)
        {
            buffer.Write(chunk, 0, read);
            if (buffer.Length > MaximumBytes)
            {
                throw new RestException(StatusCodes.Status413PayloadTooLarge, "A send is at most 1 MB.");
            }
        }

        return buffer.ToArray();
    }

    // Custom properties of a single event travel as headers; only those that no protocol of HTTP owns are kept.
    private static EventData Single(byte[] body, HttpRequest request)
    {
        var data = new EventData(new ReadOnlyMemory<byte>(body));
        foreach (var header in request.Headers.Where(header => header.Key.StartsWith("x-", StringComparison.OrdinalIgnoreCase)))
        {
            data.Properties[header.Key] = header.Value.ToString();
        }

        return data;
    }

    private static List<Sent> Batch(byte[] body, string? key)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(body);
            return [.. document.RootElement.EnumerateArray().Select(item => Item(item, key))];
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new RestException(
                StatusCodes.Status400BadRequest,
                $"A batch is a JSON array of {{\"Body\": text, \"UserProperties\": object, \"BrokerProperties\": object}}: {wrong.Message}");
        }
    }

    private static Sent Item(JsonElement item, string? key)
    {
        string text = item.GetProperty("Body").GetString() ?? throw new JsonException("Body is null.");
        var data = new EventData(new ReadOnlyMemory<byte>(Encoding.UTF8.GetBytes(text)));
        if (item.TryGetProperty("UserProperties", out JsonElement properties))
        {
            foreach (JsonProperty property in properties.EnumerateObject())
            {
                data.Properties[property.Name] = Value(property.Value);
            }
        }

        return item.TryGetProperty("BrokerProperties", out JsonElement broker) && KeyOf(broker) is { } own
            ? new Sent(data, own)
            : new Sent(data, key);
    }

    private static object Value(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True or JsonValueKind.False => value.GetBoolean(),
        JsonValueKind.Number when value.TryGetInt64(out long whole) => whole,
        JsonValueKind.Number => value.GetDouble(),
        _ => value.ToString(),
    };

    private static string? Key(string? brokerProperties)
    {
        try
        {
            using JsonDocument? document = string.IsNullOrEmpty(brokerProperties) ? null : JsonDocument.Parse(brokerProperties);
            return document is null ? null : KeyOf(document.RootElement);
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException)
        {
            throw new RestException(StatusCodes.Status400BadRequest, $"The header BrokerProperties is no JSON object: {wrong.Message}");
        }
    }

    private static string? KeyOf(JsonElement broker) =>
        broker.TryGetProperty("PartitionKey", out JsonElement key) && key.ValueKind == JsonValueKind.String
            ? key.GetString()
            : null;
}
