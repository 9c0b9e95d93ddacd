namespace FinVault.Identity;

/// <summary>A key and its name.</summary>
/// <param name="Id">The <c>kid</c> that what it signed carries.</param>
/// <param name="Bytes">32 at least.</param>
internal sealed record NamedKey(string Id, byte[] Bytes);

/// <summary>
/// The keys of one purpose, of which the first is used and all are accepted. To rotate, put a new one in front; take the
/// old one away when nothing lives that it signed.
/// </summary>
internal sealed class KeyRing
{
    private const int MinBytes = 32;
    private const int MaxIdLength = 32;

    private KeyRing(NamedKey[] keys) => All = keys;

    public NamedKey[] All { get; }

    public NamedKey Current => All[0];

    /// <summary><c>kid:BASE64;kid:BASE64</c>.</summary>
    /// <param name="setting">Its name, for who reads the exception.</param>
    /// <exception cref="InvalidOperationException">It is not set, or not as it should be.</exception>
    public static KeyRing Parse(string setting, string? text)
    {
        NamedKey[] keys =
            [.. (text ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Key)];
        return keys.Length == 0 || keys.Any(key => key.Bytes.Length < MinBytes || key.Id.Length is 0 or > MaxIdLength)
            || keys.DistinctBy(key => key.Id).Count() < keys.Length
            ? throw new InvalidOperationException(
                $"Set '{setting}' to kid:BASE64, several separated by ';', each key of {MinBytes} bytes at least.")
            : new(keys);
    }

    public NamedKey? Find(string id) => Array.Find(All, key => key.Id == id);

    private static NamedKey Key(string text)
    {
        int colon = Math.Max(0, text.IndexOf(':'));
        byte[] bytes = new byte[text.Length];
        bool read = Convert.TryFromBase64String(text[Math.Min(text.Length, colon + 1)..], bytes, out int length);
        return new(text[..colon], read ? bytes[..length] : []);
    }
}
