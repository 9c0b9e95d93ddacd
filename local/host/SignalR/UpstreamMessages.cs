using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Azure.Functions.Worker;

namespace FinVault.Local.SignalR;

/// <summary>
/// The bodies that pass between the service and a foreign host: messages of SignalR's JSON protocol, the only one that
/// clients of the embedded service speak, and two of Azure's own for a connection and its end.
/// </summary>
internal static class UpstreamMessages
{
    private const int Invocation = 1;
    private const int OpenConnection = 10;
    private const int CloseConnection = 11;
    private const byte RecordSeparator = 0x1E;

    public static byte[] Of(SignalRInvocationContext invocation, string? invocationId)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer);
        writer.WriteStartObject();
        if (invocation.Category == SignalRInvocationCategory.Messages)
        {
            WriteInvocation(writer, invocation, invocationId);
        }
        else if (invocation.Event == "connected")
        {
            writer.WriteNumber("type"u8, OpenConnection);
        }
        else
        {
            writer.WriteNumber("type"u8, CloseConnection);
            writer.WriteString("error"u8, invocation.Error);
        }

        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>The result of a completion; null where there is none.</summary>
    /// <exception cref="HubException">The completion is an error, or this is no completion.</exception>
    public static JsonElement? ResultOf(byte[] body)
    {
        int end = Array.IndexOf(body, RecordSeparator);
        ReadOnlySpan<byte> record = end < 0 ? body : body.AsSpan(0, end);
        if (record.IsEmpty)
        {
            return null;
        }

        try
        {
            JsonElement completion = JsonElement.Parse(record);
            return completion.TryGetProperty("error"u8, out JsonElement error) && error.ValueKind == JsonValueKind.String
                ? throw new HubException(error.GetString())
                : completion.TryGetProperty("result"u8, out JsonElement result) ? result : null;
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException)
        {
            throw new HubException("Invocation failed, its answer is no completion", wrong);
        }
    }

    private static void WriteInvocation(Utf8JsonWriter writer, SignalRInvocationContext invocation, string? id)
    {
        writer.WriteNumber("type"u8, Invocation);
        if (id is not null)
        {
            writer.WriteString("invocationId"u8, id);
        }

        writer.WriteString("target"u8, invocation.Event);
        writer.WriteStartArray("arguments"u8);
        foreach (object argument in invocation.Arguments ?? [])
        {
            ((JsonElement)argument).WriteTo(writer);
        }

        writer.WriteEndArray();
    }
}
