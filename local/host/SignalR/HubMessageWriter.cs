using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace FinVault.Local.SignalR;

/// <summary>JSON that is written as it stands, for a sender that has it in UTF-8 already.</summary>
public readonly record struct RawJson(ReadOnlyMemory<byte> Utf8);

/// <summary>
/// Writes invocations of client methods as records of SignalR's JSON protocol:
/// <c>{"type":1,"target":…,"arguments":[…]}</c> and the record separator. A message is written once, however many
/// clients it goes to.
/// </summary>
internal static class HubMessageWriter
{
    private const byte RecordSeparator = 0x1E;

    private static readonly JsonWriterOptions WriterOptions = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _buffer;

    [ThreadStatic]
    private static Utf8JsonWriter? _writer;

    public static byte[] Invocation(string target, IReadOnlyList<object?>? arguments, JsonSerializerOptions options)
    {
        ArrayBufferWriter<byte> buffer = _buffer ??= new ArrayBufferWriter<byte>(4096);
        Utf8JsonWriter writer = _writer ??= new Utf8JsonWriter(buffer, WriterOptions);
        buffer.ResetWrittenCount();
        writer.Reset(buffer);
        writer.WriteStartObject();
        writer.WriteNumber("type"u8, 1);
        writer.WriteString("target"u8, target);
        writer.WriteStartArray("arguments"u8);
        for (int i = 0; i < arguments?.Count; i++)
        {
            WriteArgument(writer, arguments[i], options);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.Flush();
        buffer.GetSpan(1)[0] = RecordSeparator;
        buffer.Advance(1);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>The invocation by which a slow client learns how many messages it did not get.</summary>
    public static byte[] Conflated(long dropped) =>
    [
        .. "{\"type\":1,\"target\":\"conflated\",\"arguments\":[{\"dropped\":"u8,
        .. Encoding.UTF8.GetBytes(dropped.ToString(CultureInfo.InvariantCulture)),
        .. "}]}"u8,
        RecordSeparator,
    ];

    private static void WriteArgument(Utf8JsonWriter writer, object? argument, JsonSerializerOptions options)
    {
        switch (argument)
        {
            case RawJson raw:
                writer.WriteRawValue(raw.Utf8.Span, skipInputValidation: true);
                break;
            case JsonElement { ValueKind: not JsonValueKind.Undefined } element:
                writer.WriteRawValue(JsonMarshal.GetRawUtf8Value(element), skipInputValidation: true);
                break;
            default:
                JsonSerializer.Serialize(writer, argument, argument?.GetType() ?? typeof(object), options);
                break;
        }
    }
}
