using System.Globalization;
using System.Text.Json;

namespace FinVault.Local.Hosting;

/// <summary>
/// The settings of host.json that the local host honours. Names, defaults and limits are those of the Functions host and
/// of the Event Hubs extension's options (MaxEventBatchSize 100, PrefetchCount 300, MaxWaitTime one minute).
/// </summary>
public sealed record HostJson
{
    public string RoutePrefix { get; init; } = "api";

    public EventHubsSettings EventHubs { get; init; } = new();

    /// <summary>How long a function may run before it is called off; null for as long as it likes.</summary>
    public TimeSpan? FunctionTimeout { get; init; }

    /// <summary>Category to level, as <c>Logging:LogLevel</c>.</summary>
    public IReadOnlyDictionary<string, string> LogLevels { get; init; } = new Dictionary<string, string>();

    /// <summary>The whole text, for extensions that read their own part (durableTask).</summary>
    public string Text { get; init; } = "{}";

    /// <param name="MaxEventBatchSize">At most this many events an invocation.</param>
    /// <param name="MinEventBatchSize">Above 1, smaller batches wait for more events, at most <paramref name="MaxWaitTime"/>.</param>
    /// <param name="MaxWaitTime">Honoured only when MinEventBatchSize is above 1, as in the real extension.</param>
    /// <param name="BatchCheckpointFrequency">A checkpoint every so many batches.</param>
    /// <param name="PrefetchCount">How many events are read ahead.</param>
    public sealed record EventHubsSettings(
        int MaxEventBatchSize = 100,
        int MinEventBatchSize = 1,
        TimeSpan? MaxWaitTime = null,
        int BatchCheckpointFrequency = 1,
        int PrefetchCount = 300)
    {
        public TimeSpan WaitTime => MaxWaitTime ?? TimeSpan.FromMinutes(1);
    }

    /// <exception cref="StartupException">All that is wrong with the text, each naming the setting.</exception>
    public static HostJson Parse(string text)
    {
        var reader = new HostJsonReader();
        HostJson parsed = reader.Read(text);
        return reader.Problems.Count == 0 ? parsed : throw new StartupException(reader.Problems);
    }
}

/// <summary>Reads host.json and collects everything that is wrong with it.</summary>
internal sealed class HostJsonReader
{
    private static readonly JsonDocumentOptions Lenient =
        new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    public List<string> Problems { get; } = [];

    public HostJson Read(string text)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(text, Lenient);
        }
        catch (JsonException malformed)
        {
            Problems.Add($"host.json is not JSON: {malformed.Message}");
            return new HostJson();
        }

        using (document)
        {
            JsonElement root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
            {
                Problems.Add("host.json must be a JSON object.");
                return new HostJson();
            }

            if (Text(root, "version", "version") is not "2.0")
            {
                Problems.Add("host.json: \"version\" must be \"2.0\", the only schema version of Functions 2 to 4.");
            }

            JsonElement extensions = Section(root, "extensions", "extensions");
            JsonElement http = Section(extensions, "http", "extensions.http");
            return new HostJson
            {
                Text = text,
                RoutePrefix = (Text(http, "routePrefix", "extensions.http.routePrefix") ?? "api").Trim('/'),
                FunctionTimeout = Duration(root, "functionTimeout", ""),
                EventHubs = ReadEventHubs(Section(extensions, "eventHubs", "extensions.eventHubs")),
                LogLevels = ReadLogLevels(Section(Section(root, "logging", "logging"), "logLevel", "logging.logLevel")),
            };
        }
    }

    private HostJson.EventHubsSettings ReadEventHubs(JsonElement section)
    {
        const string path = "extensions.eventHubs.";
        var defaults = new HostJson.EventHubsSettings();
        var settings = new HostJson.EventHubsSettings(
            Count(section, "maxEventBatchSize", path, defaults.MaxEventBatchSize),
            Count(section, "minEventBatchSize", path, defaults.MinEventBatchSize),
            Duration(section, "maxWaitTime", path),
            Count(section, "batchCheckpointFrequency", path, defaults.BatchCheckpointFrequency),
            Count(section, "prefetchCount", path, defaults.PrefetchCount));
        if (settings.MinEventBatchSize > settings.MaxEventBatchSize)
        {
            Problems.Add(
                $"host.json: {path}minEventBatchSize ({settings.MinEventBatchSize}) must not be larger than "
                + $"maxEventBatchSize ({settings.MaxEventBatchSize}).");
        }

        return settings;
    }

    private Dictionary<string, string> ReadLogLevels(JsonElement section)
    {
        var levels = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (JsonProperty level in section.ValueKind == JsonValueKind.Object ? section.EnumerateObject().ToArray() : [])
        {
            if (level.Value.ValueKind == JsonValueKind.String && Enum.TryParse<LogLevel>(level.Value.GetString(), true, out _))
            {
                levels[level.Name] = level.Value.GetString()!;
            }
            else
            {
                Problems.Add($"host.json: logging.logLevel.{level.Name} is not a log level: {level.Value.GetRawText()}.");
            }
        }

        return levels;
    }

    private JsonElement Section(JsonElement parent, string name, string path)
    {
        if (Find(parent, name) is not { } found)
        {
            return default;
        }

        if (found.ValueKind != JsonValueKind.Object)
        {
            Problems.Add($"host.json: {path} must be an object, not {found.GetRawText()}.");
            return default;
        }

        return found;
    }

    private string? Text(JsonElement parent, string name, string path)
    {
        if (Find(parent, name) is not { } found)
        {
            return null;
        }

        if (found.ValueKind != JsonValueKind.String)
        {
            Problems.Add($"host.json: {path} must be a text, not {found.GetRawText()}.");
            return null;
        }

        return found.GetString();
    }

    private int Count(JsonElement parent, string name, string path, int otherwise)
    {
        if (Find(parent, name) is not { } found)
        {
            return otherwise;
        }

        if (found.ValueKind != JsonValueKind.Number || !found.TryGetInt32(out int value) || value < 1)
        {
            Problems.Add($"host.json: {path}{name} must be a whole number of at least 1, not {found.GetRawText()}.");
            return otherwise;
        }

        return value;
    }

    private TimeSpan? Duration(JsonElement parent, string name, string path)
    {
        if (Find(parent, name) is not { } found)
        {
            return null;
        }

        if (found.ValueKind == JsonValueKind.String
            && TimeSpan.TryParse(found.GetString(), CultureInfo.InvariantCulture, out TimeSpan value)
            && value >= TimeSpan.Zero)
        {
            return value;
        }

        Problems.Add($"host.json: {path}{name} must be a duration such as \"00:00:01\", not {found.GetRawText()}.");
        return null;
    }

    // The host reads host.json through .NET configuration, whose keys ignore case.
    private static JsonElement? Find(JsonElement parent, string name)
    {
        foreach (JsonProperty property in parent.ValueKind == JsonValueKind.Object ? parent.EnumerateObject().ToArray() : [])
        {
            if (property.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return property.Value.ValueKind == JsonValueKind.Null ? null : property.Value;
            }
        }

        return null;
    }
}
