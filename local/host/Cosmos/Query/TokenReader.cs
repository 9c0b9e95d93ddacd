using System.Collections.Frozen;

namespace FinVault.Local.Cosmos;

/// <summary>Goes over a query's tokens. What is not as expected is refused with its position.</summary>
internal sealed class TokenReader(List<Token> tokens)
{
    private static readonly FrozenSet<string> Clauses = new[]
    {
        "WHERE", "JOIN", "GROUP", "ORDER", "OFFSET", "LIMIT", "IN", "AS",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    public int Position { get; set; }

    public Token Current => tokens[Position];

    public Token Ahead => tokens[Math.Min(Position + 1, tokens.Count - 1)];

    public Token Take() => tokens[Position++];

    public bool Accept(string word)
    {
        if (!Current.Is(word))
        {
            return false;
        }
        Position++;
        return true;
    }

    public void Expect(string word)
    {
        if (!Accept(word))
        {
            throw Unexpected($"'{word}' expected");
        }
    }

    public string Name() => Current.Kind == TokenKind.Name ? Take().Text : throw Unexpected("a name expected");

    /// <summary>Whether a new clause begins here, so that a name is no alias.</summary>
    public bool IsClause() => Clauses.Contains(Current.Text);

    /// <summary>Goes forward to a word outside of brackets, or to the end.</summary>
    public void SkipTo(string word)
    {
        int depth = 0;
        bool Found()
        {
            // After a dot it is a property's name.
            bool isProperty = Position > 0 && tokens[Position - 1].Is(".");
            return depth == 0 && Current.Is(word) && !isProperty;
        }

        while (Current.Kind != TokenKind.End && !Found())
        {
            depth += Current.Is("(") || Current.Is("[") || Current.Is("{") ? 1 : 0;
            depth -= Current.Is(")") || Current.Is("]") || Current.Is("}") ? 1 : 0;
            Position++;
        }
    }

    public void ExpectEnd()
    {
        if (Current.Kind != TokenKind.End)
        {
            throw Unexpected();
        }
    }

    public RefusedException Unexpected(string? expected = null)
    {
        string found = Current.Kind == TokenKind.End ? "the end" : $"'{Current.Text}'";
        string reason = expected is null ? $"{found} is not supported here" : $"{expected}, not {found}";
        return new RefusedException($"Syntax error at position {Current.Position}: {reason}.");
    }
}
