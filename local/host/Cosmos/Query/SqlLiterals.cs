using System.Text.Json;

namespace FinVault.Local.Cosmos;

/// <summary><c>{"a": c.a}</c>; a property whose value is undefined is left out.</summary>
internal sealed record ObjectLiteral(IReadOnlyList<(string Name, SqlExpression Value)> Properties) : SqlExpression
{
    public override IEnumerable<SqlExpression> Parts => Properties.Select(p => p.Value);

    public override SqlValue Evaluate(Row row) => Projection.Build(writer =>
    {
        writer.WriteStartObject();
        foreach ((string name, SqlExpression expression) in Properties)
        {
            if (expression.Evaluate(row) is { IsDefined: true } value)
            {
                writer.WritePropertyName(name);
                value.Write(writer);
            }
        }
        writer.WriteEndObject();
    });
}

/// <summary><c>[c.a, c.b]</c>; an undefined element is left out.</summary>
internal sealed record ArrayLiteral(IReadOnlyList<SqlExpression> Elements) : SqlExpression
{
    public override IEnumerable<SqlExpression> Parts => Elements;

    public override SqlValue Evaluate(Row row) => Projection.Build(writer =>
    {
        writer.WriteStartArray();
        foreach (SqlExpression expression in Elements)
        {
            if (expression.Evaluate(row) is { IsDefined: true } value)
            {
                value.Write(writer);
            }
        }
        writer.WriteEndArray();
    });
}

internal static class Projection
{
    public static SqlValue Build(Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            write(writer);
        }
        using JsonDocument built = JsonDocument.Parse(buffer.GetBuffer().AsMemory(0, (int)buffer.Length));
        return SqlValue.Of(built.RootElement.Clone());
    }
}
