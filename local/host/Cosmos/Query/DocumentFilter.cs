using System.Text.Json;

namespace FinVault.Local.Cosmos;

/// <summary>A condition on one document: a patch's <c>from c where c.remaining &gt; 0</c>.</summary>
internal sealed class DocumentFilter
{
    private static readonly Dictionary<string, SqlValue> NoParameters = [];
    private readonly SqlQuery query;

    private DocumentFilter(SqlQuery query) => this.query = query;

    public static DocumentFilter Parse(string condition)
    {
        SqlQuery query = SqlParser.Parse($"SELECT * {condition}", NoParameters);
        bool plain = query is
        {
            Where: not null, IsGrouped: false, FromElements: null, Joins.Count: 0, OrderBy.Count: 0,
        };
        return plain
            ? new DocumentFilter(query)
            : throw new RefusedException($"The condition '{condition}' is not of the form 'from c where …'.");
    }

    public bool Matches(ReadOnlyMemory<byte> document)
    {
        using JsonDocument parsed = JsonDocument.Parse(document);
        var row = new Row(1);
        row.Values[0] = SqlValue.Of(parsed.RootElement);
        return query.Where!.Evaluate(row).IsTrue;
    }
}
