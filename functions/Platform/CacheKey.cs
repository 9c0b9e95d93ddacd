namespace FinVault.Platform;

/// <summary>
/// Cache keys: segments joined by <c>:</c>, each escaped, so that no two lists of segments make one key.
/// </summary>
public static class CacheKey
{
    public static string Of(params ReadOnlySpan<string> segments)
    {
        string[] escaped = new string[segments.Length];
        for (int i = 0; i < segments.Length; i++)
        {
            escaped[i] = Uri.EscapeDataString(segments[i]);
        }

        return string.Join(':', escaped);
    }
}
