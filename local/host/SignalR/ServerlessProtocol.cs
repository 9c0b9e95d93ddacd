using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.Options;

namespace FinVault.Local.SignalR;

/// <summary>
/// SignalR's JSON protocol, with which a client may invoke any method with any arguments: an invocation becomes one of
/// <see cref="ServerlessHub.Invoke"/> with the name, the arguments as they came and the invocation's id. All else is the framework's.
/// </summary>
internal sealed class ServerlessProtocol(JsonSerializerOptions json) : IHubProtocol
{
    private const byte RecordSeparator = 0x1E;

    private readonly JsonHubProtocol _inner =
        new(Options.Create(new JsonHubProtocolOptions { PayloadSerializerOptions = json }));

    public string Name => _inner.Name;

    public int Version => _inner.Version;

    public TransferFormat TransferFormat => _inner.TransferFormat;

    public bool IsVersionSupported(int version) => _inner.IsVersionSupported(version);

    public bool TryParseMessage(
        ref ReadOnlySequence<byte> input, IInvocationBinder binder, [NotNullWhen(true)] out HubMessage? message)
    {
        message = null;
        if (input.PositionOf(RecordSeparator) is not { } end)
        {
            return false;
        }

        if (Invocation(input.Slice(0, end)) is not { } invocation)
        {
            return _inner.TryParseMessage(ref input, binder, out message);
        }

        input = input.Slice(input.GetPosition(1, end));
        message = invocation;
        return true;
    }

    public void WriteMessage(HubMessage message, IBufferWriter<byte> output) => _inner.WriteMessage(message, output);

    public ReadOnlyMemory<byte> GetMessageBytes(HubMessage message) => _inner.GetMessageBytes(message);

    // Null for every other message, and for what is none, which the framework then refuses in its own words.
    private static InvocationMessage? Invocation(ReadOnlySequence<byte> record)
    {
        try
        {
            var reader = new Utf8JsonReader(record);
            using JsonDocument document = JsonDocument.ParseValue(ref reader);
            JsonElement root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object
                || !root.TryGetProperty("type"u8, out JsonElement type)
                || type.ValueKind != JsonValueKind.Number
                || !type.TryGetInt32(out int number)
                || number != HubProtocolConstants.InvocationMessageType
                || !root.TryGetProperty("target"u8, out JsonElement target)
                || target.ValueKind != JsonValueKind.String
                || !root.TryGetProperty("arguments"u8, out JsonElement arguments)
                || arguments.ValueKind != JsonValueKind.Array
                || root.TryGetProperty("streamIds"u8, out JsonElement streams) && streams.GetArrayLength() > 0)
            {
                return null;
            }

            string? id = root.TryGetProperty("invocationId"u8, out JsonElement given) ? given.GetString() : null;
            JsonElement[] values = [.. arguments.EnumerateArray().Select(argument => argument.Clone())];
            return new InvocationMessage(id, nameof(ServerlessHub.Invoke), [target.GetString(), values, id]);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
