using System.Text.Json;
using System.Text.Unicode;

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
        private bool? keyMatches;

        public DocumentScan Scan(ReadOnlyMemory<byte> json)
        {
            if (!Utf8.IsValid(json.Span))
            {
                throw new RefusedException("The input content is invalid: it is not UTF-8.");
            }
            var cursor = new JsonCursor(json.Span);
            cursor.Expect((byte)'{');
            if (cursor.Peek() != '}')
            {
                do
                {
                    ScanProperty(ref cursor);
                }
                while (cursor.Accept((byte)','));
            }
            int end = cursor.Position;
            cursor.Expect((byte)'}');
            cursor.ExpectEnd();
            CheckPartition(json);
            return new DocumentScan(CheckedId(), ttl, kept.Apply(json, end), json.Length, indexed);
        }

        private void ScanProperty(ref JsonCursor cursor)
        {
            cursor.Peek();
            int start = cursor.Position;
            ReadOnlySpan<byte> name = cursor.SkipString();
            cursor.Expect((byte)':');
            ReadOnlySpan<byte> value = cursor.SkipValue();
            bool system = name is [(byte)'_', ..] && IsSystem(name);
            kept.Add(start, cursor.Position, keep: !system);
            if (!system)
            {
                indexed += container.Indexing.CountIndexed(name, value);
                Recognize(name, value);
            }
        }

        private void Recognize(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
        {
            if (container.PartitionKey.SimpleNames is [var key] && name.SequenceEqual(key))
            {
                keyMatches = Matches(value);
            }
            if (name.SequenceEqual("id"u8))
            {
                id = value[0] == '"' ? Text(value) : null;
            }
            else if (name.SequenceEqual("ttl"u8))
            {
                ttl = ReadTtl(value);
            }
        }

        private readonly bool Matches(ReadOnlySpan<byte> value)
        {
            var reader = new Utf8JsonReader(value);
            reader.Read();
            return reader.TokenType == JsonTokenType.String
                ? partition.StartsWith('s') && reader.ValueTextEquals(partition.AsSpan(1))
                : PartitionKeyValue.Component(JsonElement.ParseValue(ref reader)) == partition;
        }

        private readonly void CheckPartition(ReadOnlyMemory<byte> json)
        {
            bool matches = container.PartitionKey.SimpleNames.Length == 1
                ? keyMatches ?? partition == "u"
                : PartitionKeyValue.OfDocument(json, container.PartitionKey) == partition;
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

        private static int? ReadTtl(ReadOnlySpan<byte> value)
        {
            if (value.SequenceEqual("null"u8))
            {
                return null;
            }
            return System.Buffers.Text.Utf8Parser.TryParse(value, out int seconds, out int length)
                && length == value.Length && seconds is -1 or > 0
                ? seconds
                : throw new RefusedException("The input ttl is invalid. Ensure to provide a nonzero positive integer "
                    + "less than or equal to '2147483647', or -1.");
        }

        private static string Text(ReadOnlySpan<byte> value)
        {
            var reader = new Utf8JsonReader(value);
            reader.Read();
            return reader.GetString()!;
        }

        private static bool IsSystem(ReadOnlySpan<byte> name) =>
            name.SequenceEqual("_rid"u8) || name.SequenceEqual("_self"u8) || name.SequenceEqual("_etag"u8)
            || name.SequenceEqual("_attachments"u8) || name.SequenceEqual("_ts"u8) || name.SequenceEqual("_lsn"u8);
    }
}
