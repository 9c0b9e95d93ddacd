using System.Text;
using System.Text.RegularExpressions;

namespace FinVault.Local.Cosmos;

/// <summary>LIKE: % any text, _ any character, [a-z] and [^a-z] sets, ESCAPE one character.</summary>
internal sealed record Like(SqlExpression Value, SqlExpression Pattern, char? Escape) : SqlExpression
{
    // A pattern comes from whoever may query; linear-time matching keeps it from stalling the endpoint.
    private const RegexOptions Options =
        RegexOptions.Singleline | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking;

    private (string Text, Regex Expression)? compiled;

    public override IEnumerable<SqlExpression> Parts => [Value, Pattern];

    public static Like Parse(SqlExpression value, SqlExpression pattern, TokenReader tokens)
    {
        if (!tokens.Accept("ESCAPE"))
        {
            return new Like(value, pattern, null);
        }
        Token escape = tokens.Take();
        return escape is { Kind: TokenKind.Text, Text.Length: 1 }
            ? new Like(value, pattern, escape.Text[0])
            : throw new RefusedException("ESCAPE takes one character.");
    }

    public override SqlValue Evaluate(Row row)
    {
        SqlValue value = Value.Evaluate(row), pattern = Pattern.Evaluate(row);
        if (value.Type != SqlType.Text || pattern.Type != SqlType.Text)
        {
            return SqlValue.Undefined;
        }
        if (compiled is not { } known || known.Text != pattern.Text)
        {
            known = (pattern.Text, new Regex(Translate(pattern.Text), Options));
            compiled = known;
        }
        return SqlValue.Of(known.Expression.IsMatch(value.Text));
    }

    private string Translate(string pattern)
    {
        var regex = new StringBuilder("\\A");
        for (int i = 0; i < pattern.Length; i++)
        {
            char c = pattern[i];
            int close = c == '[' ? pattern.IndexOf(']', i + 1) : -1;
            if (c == Escape && i + 1 < pattern.Length)
            {
                regex.Append(Regex.Escape(pattern[++i].ToString()));
            }
            else if (close > i + 1)
            {
                string set = pattern[(i + 1)..close].Replace("\\", "\\\\", StringComparison.Ordinal);
                regex.Append('[').Append(set).Append(']');
                i = close;
            }
            else
            {
                regex.Append(c switch
                {
                    '%' => ".*",
                    '_' => ".",
                    _ => Regex.Escape(c.ToString()),
                });
            }
        }
        return regex.Append("\\z").ToString();
    }
}
