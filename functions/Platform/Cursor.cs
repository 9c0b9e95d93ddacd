using System.Buffers.Text;
using System.Text.Json;

namespace FinVault.Platform;

/// <summary>
/// Opaque cursors: base64url of <c>{v, k, s}</c>, where <c>k</c> names the list and its filters and <c>s</c> is the
/// place in it. A cursor of another list or another version is refused instead of being misread.
/// </summary>
public static class Cursor
{
    private const int Version = 1;
    private const int MaxLength = 2048;

    /// <summary>The cursor of a place. <paramref name="kind"/> is e.g. <c>history:RELIANCE:1m</c>.</summary>
    public static string Write<T>(string kind, T place) where T : class =>
        Base64Url.EncodeToString(
            JsonSerializer.SerializeToUtf8Bytes(new Envelope<T>(Version, kind, place), Json.Options));

    /// <exception cref="ProblemException">invalid_cursor: broken, foreign, or of another version.</exception>
    public static T Read<T>(string kind, string cursor) where T : class
    {
        ArgumentNullException.ThrowIfNull(cursor);
        if (cursor.Length <= MaxLength && Base64Url.IsValid(cursor) && TryRead(cursor, out Envelope<T>? envelope)
            && envelope is { V: Version, S: not null } && envelope.K == kind)
        {
            return envelope.S;
        }

        throw Problems.InvalidCursor.With("The cursor is not one that this list gave out. Start again without it.");
    }

    private static bool TryRead<T>(string cursor, out Envelope<T>? envelope)
    {
        try
        {
            envelope = JsonSerializer.Deserialize<Envelope<T>>(Base64Url.DecodeFromChars(cursor), Json.Options);
            return true;
        }
        catch (JsonException)
        {
            envelope = null;
            return false;
        }
    }

    private sealed record Envelope<T>(int V, string K, T S);
}
