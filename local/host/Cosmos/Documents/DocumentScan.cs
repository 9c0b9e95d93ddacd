using System.Text.Json;

namespace FinVault.Local.Cosmos;

/// <summary>
/// What one pass over a document finds: that it is JSON, its id, its partition key, its <c>ttl</c> and how many of its
/// values are indexed. Nothing is built from it but the id.
/// </summary>
/// <param name="Id">The document's id.</param>
/// <param name="Ttl">Its own time to live in seconds, -1 for ever, null if it has none.</param>
/// <param name="Body">The bytes to store: without system properties and without the closing brace.</param>
/// <param name="Size">Length in bytes as the client sent it.</param>
/// <param name="IndexedValues">How many scalar values the indexing policy indexes.</param>
internal sealed record DocumentScan(string Id, int? Ttl, ReadOnlyMemory<byte> Body, int Size, int IndexedValues)
{
    public const int SizeLimitBytes = 2 * 1024 * 1024;
    private const int IdLimitBytes = 1023;

    private static readonly JsonReaderOptions Options = new() { MaxDepth = 128 };

    /// <summary>
    /// Scans a document that must lie in <paramref name="partition"/> (<see cref="PartitionKeyValue"/>).
    /// Throws <see cref="RefusedException"/>: 400 for what is not a document, 413 for one over 2 MB.
    /// </summary>
    public static DocumentScan Of(ReadOnlyMemory<byte> json, CosmosContainer container, string partition)
    {
        if (json.Length > SizeLimitBytes)
        {
            throw new RefusedException(Refusal.TooLarge);
        }
        try
        {
            return new Scanner(container, partition).Scan(json);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new RefusedException($"The input content is invalid JSON: {exception.Message}");
        }
    }

    private ref struct Scanner(CosmosContainer container, string partition)
    {
        private readonly KeptRuns kept = new();
        private string? id;
        private int? ttl;
        private int indexed;
        private int keysFound;

        public DocumentScan Scan(ReadOnlyMemory<byte> json)
        {
            var reader = new Utf8JsonReader(json.Span, Options);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                throw new RefusedException("The input content is invalid: a document is a JSON object.");
            }
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                ScanProperty(ref reader);
            }
            int end = (int)reader.TokenStartIndex;
            reader.Read();
            CheckPartition(json);
            return new DocumentScan(CheckedId(), ttl, kept.Apply(json, end), json.Length, indexed);
        }

        private void ScanProperty(ref Utf8JsonReader reader)
        {
            int start = (int)reader.TokenStartIndex;
            ReadOnlySpan<byte> name = reader.ValueSpan;
            bool system = name is [(byte)'_', ..] && IsSystem(name);
            if (!system)
            {
                Recognize(reader, name);
                indexed += container.Indexing.CountIndexed(ref reader, name);
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
            kept.Add(start, (int)reader.BytesConsumed, keep: !system);
        }

        /// <summary>Looks at a value of interest through a copy of the reader, which stands at its name.</summary>
        private void Recognize(Utf8JsonReader reader, ReadOnlySpan<byte> name)
        {
            byte[][] keys = container.PartitionKey.SimpleNames;
            if (keys.Length == 1 && name.SequenceEqual(keys[0]))
            {
                Utf8JsonReader key = reader;
                key.Read();
                keysFound += Matches(ref key) ? 1 : 0;
            }
            if (name.SequenceEqual("id"u8))
            {
                reader.Read();
                id = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
            }
            else if (name.SequenceEqual("ttl"u8))
            {
                reader.Read();
                ttl = ReadTtl(ref reader);
            }
        }

        private readonly bool Matches(ref Utf8JsonReader key) => key.TokenType == JsonTokenType.String
            ? partition.StartsWith('s') && key.ValueTextEquals(partition.AsSpan(1))
            : PartitionKeyValue.Component(JsonElement.ParseValue(ref key)) == partition;

        private readonly void CheckPartition(ReadOnlyMemory<byte> json)
        {
            bool matches = container.PartitionKey.SimpleNames.Length == 1 && (keysFound > 0 || partition == "u")
                || PartitionKeyValue.OfDocument(json, container.PartitionKey) == partition;
            if (!matches)
            {
                // Substatus 1001 tells the SDK to read the container's definition anew and try once more.
                throw new RefusedException(new Refusal(400, 1001, "PartitionKey extracted from document doesn't match "
                    + "the one specified in the header"));
            }
        }

        private readonly string CheckedId()
        {
            if (string.IsNullOrEmpty(id))
            {
                throw new RefusedException(
                    "The input content is invalid because the required properties - 'id; ' - are missing");
            }
            if (id.AsSpan().IndexOfAny("/\\?#") >= 0 || System.Text.Encoding.UTF8.GetByteCount(id) > IdLimitBytes)
            {
                throw new RefusedException(
                    $"The id '{id}' is invalid: at most {IdLimitBytes} bytes and none of / \\ ? #.");
            }
            return id;
        }

        private static int? ReadTtl(ref Utf8JsonReader reader) => reader.TokenType switch
        {
            JsonTokenType.Null => null,
            JsonTokenType.Number when reader.TryGetInt32(out int ttl) && ttl is -1 or > 0 => ttl,
            _ => throw new RefusedException("The input ttl is invalid. Ensure to provide a nonzero positive integer "
                + "less than or equal to '2147483647', or -1."),
        };

        private static bool IsSystem(ReadOnlySpan<byte> name) =>
            name.SequenceEqual("_rid"u8) || name.SequenceEqual("_self"u8) || name.SequenceEqual("_etag"u8)
            || name.SequenceEqual("_attachments"u8) || name.SequenceEqual("_ts"u8) || name.SequenceEqual("_lsn"u8);
    }
}
