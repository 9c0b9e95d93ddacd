namespace FinVault.Local.Cosmos;

/// <summary>JSON's numbers (RFC 8259, section 6): an integer without leading zeros, a fraction, an exponent.</summary>
internal static class JsonNumber
{
    /// <summary>Where the number that begins at <paramref name="at"/> ends; -1 if it is none.</summary>
    public static int End(ReadOnlySpan<byte> text, int at)
    {
        at += at < text.Length && text[at] == '-' ? 1 : 0;
        bool leadingZero = at < text.Length && text[at] == '0';
        int digits = Digits(text, ref at);
        bool wrong = digits == 0 || leadingZero && digits > 1;
        if (at < text.Length && text[at] == '.')
        {
            at++;
            wrong |= Digits(text, ref at) == 0;
        }
        if (at < text.Length && (text[at] | 0x20) == 'e')
        {
            at++;
            at += at < text.Length && text[at] is (byte)'+' or (byte)'-' ? 1 : 0;
            wrong |= Digits(text, ref at) == 0;
        }
        return wrong ? -1 : at;
    }

    /// <summary>
    /// Passes over numbers that a comma follows at once, as writers put them: no exponent, no white space. Whatever
    /// is not so is left to the general way. Ticks and bars are mostly this.
    /// </summary>
    public static int AfterPlainOnes(ReadOnlySpan<byte> text, int start)
    {
        int at = start;
        while (true)
        {
            at += at < text.Length && text[at] == '-' ? 1 : 0;
            int integer = at;
            int digits = Digits(text, ref at);
            bool plain = digits == 1 || digits > 1 && text[integer] != '0';
            if (plain && at < text.Length && text[at] == '.')
            {
                at++;
                plain = Digits(text, ref at) > 0;
            }
            if (!plain || at >= text.Length || text[at] != ',')
            {
                return start;
            }
            start = ++at;
        }
    }

    private static int Digits(ReadOnlySpan<byte> text, ref int at)
    {
        int start = at;
        while (at < text.Length && (uint)(text[at] - '0') <= 9)
        {
            at++;
        }
        return at - start;
    }
}
