using System.Globalization;
using System.Text;

namespace FinVault.Local.Cosmos;

internal enum TokenKind
{
    End,
    Name,
    Number,
    Text,
    Parameter,
    Symbol,
}

/// <summary>A token of Cosmos DB SQL and where it stood.</summary>
internal readonly record struct Token(TokenKind Kind, string Text, int Position)
{
    public bool Is(string word) => Kind is TokenKind.Name or TokenKind.Symbol
        && Text.Equals(word, StringComparison.OrdinalIgnoreCase);
}

/// <summary>Splits a query into tokens. Throws <see cref="RefusedException"/> on what is no token.</summary>
internal static class SqlLexer
{
    private static readonly string[] Symbols =
        ["!=", "<>", "<=", ">=", "||", "??", "<", ">", "=", "(", ")", "[", "]", "{", "}", ",", ".", ":", "?",
            "+", "-", "*", "/", "%"];

    public static List<Token> Split(string sql)
    {
        var tokens = new List<Token>();
        int at = 0;
        while (true)
        {
            at = SkipSpace(sql, at);
            if (at >= sql.Length)
            {
                tokens.Add(new Token(TokenKind.End, "", at));
                return tokens;
            }
            Token token = Next(sql, ref at);
            tokens.Add(token);
        }
    }

    private static int SkipSpace(string sql, int at)
    {
        while (at < sql.Length)
        {
            if (char.IsWhiteSpace(sql[at]))
            {
                at++;
            }
            else if (sql.AsSpan(at).StartsWith("--"))
            {
                int end = sql.IndexOf('\n', at);
                at = end < 0 ? sql.Length : end;
            }
            else
            {
                break;
            }
        }
        return at;
    }

    private static Token Next(string sql, ref int at)
    {
        int start = at;
        char first = sql[at];
        if (char.IsLetter(first) || first is '_' or '@' or '$')
        {
            while (at < sql.Length && (char.IsLetterOrDigit(sql[at]) || sql[at] is '_' or '@' or '$'))
            {
                at++;
            }
            return new Token(first == '@' ? TokenKind.Parameter : TokenKind.Name, sql[start..at], start);
        }
        if (char.IsAsciiDigit(first) || first == '.' && at + 1 < sql.Length && char.IsAsciiDigit(sql[at + 1]))
        {
            return Number(sql, ref at);
        }
        if (first is '"' or '\'')
        {
            return Quoted(sql, ref at);
        }
        foreach (string symbol in Symbols)
        {
            if (sql.AsSpan(at).StartsWith(symbol))
            {
                at += symbol.Length;
                return new Token(TokenKind.Symbol, symbol, start);
            }
        }
        throw new RefusedException($"Syntax error at position {at}: '{first}' is not expected.");
    }

    private static Token Number(string sql, ref int at)
    {
        int start = at;
        while (at < sql.Length && (char.IsAsciiLetterOrDigit(sql[at]) || sql[at] == '.'
            || sql[at] is '+' or '-' && sql[at - 1] is 'e' or 'E'))
        {
            at++;
        }
        string text = sql[start..at];
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _)
            ? new Token(TokenKind.Number, text, start)
            : throw new RefusedException($"Syntax error at position {start}: '{text}' is no number.");
    }

    private static Token Quoted(string sql, ref int at)
    {
        int start = at;
        char quote = sql[at++];
        var text = new StringBuilder();
        while (at < sql.Length && sql[at] != quote)
        {
            text.Append(sql[at] == '\\' ? Escape(sql, ref at) : sql[at]);
            at++;
        }
        if (at >= sql.Length)
        {
            throw new RefusedException($"Syntax error at position {start}: the string does not end.");
        }
        at++;
        return new Token(TokenKind.Text, text.ToString(), start);
    }

    private static char Escape(string sql, ref int at)
    {
        char escaped = ++at < sql.Length ? sql[at] : '\\';
        ReadOnlySpan<char> digits = escaped == 'u' && at + 4 < sql.Length ? sql.AsSpan(at + 1, 4) : default;
        if (ushort.TryParse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out ushort code))
        {
            at += 4;
            return (char)code;
        }
        return escaped switch
        {
            'n' => '\n',
            't' => '\t',
            'r' => '\r',
            'b' => '\b',
            'f' => '\f',
            _ => escaped,
        };
    }
}
