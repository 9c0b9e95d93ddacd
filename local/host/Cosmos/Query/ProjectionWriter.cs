using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace FinVault.Local.Cosmos;

/// <summary>Writes what a query's SELECT makes of a row.</summary>
internal sealed class ProjectionWriter(CosmosContainer container, Selection selection)
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly ArrayBufferWriter<byte> buffer = new();

    /// <summary>The row's JSON, valid until the next call; empty if it has no value (SELECT VALUE of undefined).</summary>
    public ReadOnlySpan<byte> Write(Row row, StoredDocument stored, ReadOnlySpan<byte> body)
    {
        buffer.ResetWrittenCount();
        if (selection.IsWholeDocument && !body.IsEmpty)
        {
            stored.CompleteTo(buffer, container, body);
            return buffer.WrittenSpan;
        }
        using var writer = new Utf8JsonWriter(buffer, Options);
        if (selection.Items is not null)
        {
            WriteItems(writer, row);
        }
        else if ((selection.Value?.Evaluate(row) ?? row.Values[0]) is { IsDefined: true } value)
        {
            value.Write(writer);
        }
        writer.Flush();
        return buffer.WrittenSpan;
    }

    private void WriteItems(Utf8JsonWriter writer, Row row)
    {
        writer.WriteStartObject();
        foreach ((string name, SqlExpression expression) in selection.Items!)
        {
            if (expression.Evaluate(row) is { IsDefined: true } value)
            {
                writer.WritePropertyName(name);
                value.Write(writer);
            }
        }
        writer.WriteEndObject();
    }
}
