using System.Globalization;

namespace FinVault.Local.Cosmos;

/// <summary>
/// Parses the SELECT statement of Cosmos DB SQL: the subset in <see cref="SqlQuery"/>. Whatever else is asked for is
/// refused by name (<see cref="RefusedException"/>, 400), never ignored.
/// </summary>
internal sealed class SqlParser
{
    private readonly TokenReader tokens;
    private readonly List<string> aliases = [];
    private readonly ExpressionParser expressions;

    private SqlParser(string sql, IReadOnlyDictionary<string, SqlValue> parameters)
    {
        tokens = new TokenReader(SqlLexer.Split(sql));
        expressions = new ExpressionParser(tokens, aliases, parameters);
    }

    public static SqlQuery Parse(string sql, IReadOnlyDictionary<string, SqlValue> parameters) =>
        new SqlParser(sql, parameters).Query();

    private SqlQuery Query()
    {
        // The SELECT list names aliases that FROM declares after it, so FROM is read first.
        int start = tokens.Position;
        tokens.SkipTo("FROM");
        (SqlExpression? fromElements, List<SqlExpression> joins) = From();
        SqlExpression? where = tokens.Accept("WHERE") ? expressions.Parse() : null;
        List<SqlExpression> groupBy = GroupBy();
        List<(SqlExpression, bool)> orderBy = OrderBy();
        (int offset, int? limit) = OffsetLimit();
        tokens.ExpectEnd();
        int end = tokens.Position;
        if (expressions.Operands.Aggregates.Count > 0)
        {
            throw new RefusedException("Aggregates are supported in the SELECT clause only.");
        }

        tokens.Position = start;
        tokens.Expect("SELECT");
        bool distinct = tokens.Accept("DISTINCT");
        int? top = tokens.Accept("TOP") ? Count("TOP") : null;
        Selection selection = Select();
        if (!tokens.Current.Is("FROM"))
        {
            throw tokens.Unexpected();
        }
        tokens.Position = end;
        if (orderBy.Count > 0 && (groupBy.Count > 0 || expressions.Operands.Aggregates.Count > 0))
        {
            throw new RefusedException("ORDER BY is not supported together with GROUP BY or aggregates.");
        }
        return new SqlQuery
        {
            Selection = selection,
            Distinct = distinct,
            Top = top,
            Aliases = aliases.Count,
            FromElements = fromElements,
            Joins = joins,
            Where = where,
            GroupBy = groupBy,
            OrderBy = orderBy,
            Offset = offset,
            Limit = limit,
            Aggregates = expressions.Operands.Aggregates,
        };
    }

    private (SqlExpression? Elements, List<SqlExpression> Joins) From()
    {
        tokens.Expect("FROM");
        string source = tokens.Name();
        SqlExpression? elements = null;
        if (tokens.Accept("IN"))
        {
            // FROM x IN c.items: the rows are the elements; the document itself has no name.
            string root = tokens.Name();
            aliases.Add(root);
            elements = expressions.Operands.Path(new Alias(0, root));
            aliases[0] = source;
        }
        else
        {
            tokens.Accept("AS");
            bool renamed = tokens.Current.Kind == TokenKind.Name && !tokens.IsClause();
            aliases.Add(renamed ? tokens.Name() : source);
            if (tokens.Current.Is(".") || tokens.Current.Is("["))
            {
                throw new RefusedException("FROM over a path of the document is not supported; use JOIN … IN.");
            }
        }
        var joins = new List<SqlExpression>();
        while (tokens.Accept("JOIN"))
        {
            string alias = tokens.Name();
            if (!tokens.Accept("IN"))
            {
                throw new RefusedException("Only JOIN … IN an array of the document is supported.");
            }
            joins.Add(expressions.Parse());
            aliases.Add(alias);
        }
        return (elements, joins);
    }

    private Selection Select()
    {
        if (tokens.Accept("*"))
        {
            return new Selection(null, null);
        }
        if (tokens.Accept("VALUE"))
        {
            return new Selection(expressions.Parse(), null);
        }
        var items = new List<(string, SqlExpression)>();
        int unnamed = 0;
        do
        {
            SqlExpression expression = expressions.Parse();
            string? name = tokens.Accept("AS") || tokens.Current.Kind == TokenKind.Name && !tokens.Current.Is("FROM")
                ? tokens.Name()
                : null;
            name ??= expression switch
            {
                Member member => member.Name,
                Alias alias => alias.Name,
                Element { Index: Constant { Value.Type: SqlType.Text } index } => index.Value.Text,
                _ => $"${++unnamed}",
            };
            items.Add((name, expression));
        }
        while (tokens.Accept(","));
        return new Selection(null, items);
    }

    private List<SqlExpression> GroupBy()
    {
        var keys = new List<SqlExpression>();
        if (tokens.Accept("GROUP"))
        {
            tokens.Expect("BY");
            do
            {
                keys.Add(expressions.Parse());
            }
            while (tokens.Accept(","));
        }
        return keys;
    }

    private List<(SqlExpression, bool)> OrderBy()
    {
        var keys = new List<(SqlExpression, bool)>();
        if (tokens.Accept("ORDER"))
        {
            tokens.Expect("BY");
            do
            {
                SqlExpression key = expressions.Parse();
                bool descending = tokens.Accept("DESC");
                _ = descending || tokens.Accept("ASC");
                keys.Add((key, descending));
            }
            while (tokens.Accept(","));
        }
        return keys;
    }

    private (int Offset, int? Limit) OffsetLimit()
    {
        if (!tokens.Accept("OFFSET"))
        {
            return (0, null);
        }
        int offset = Count("OFFSET");
        tokens.Expect("LIMIT");
        return (offset, Count("LIMIT"));
    }

    private int Count(string clause)
    {
        SqlValue value = expressions.Operands.Literal();
        return value.Type == SqlType.Number && value.Number is >= 0 and <= int.MaxValue && value.Number % 1 == 0
            ? (int)value.Number
            : throw new RefusedException(string.Create(CultureInfo.InvariantCulture,
                $"{clause} takes a whole number that is not negative."));
    }
}
