using System.Globalization;

namespace FinVault.Local.Cosmos;

/// <summary>
/// A document's version: the transaction's number and the operation's place in it, in one integer that grows with
/// every write. The ETag is this and the timestamp, in the service's shape.
/// </summary>
internal static class DocumentVersion
{
    /// <summary>A transaction holds up to 100 operations; 7 bits count them.</summary>
    private const int OperationBits = 7;

    public const int ETagLength = 38;

    public static long Of(long lsn, int operation) => (lsn << OperationBits) | (uint)operation;

    public static long Lsn(long version) => version >> OperationBits;

    /// <summary>The last version that transaction can have.</summary>
    public static long EndOf(long lsn) => Of(lsn, (1 << OperationBits) - 1);

    public static string ETag(long version, long timestamp) => string.Create(CultureInfo.InvariantCulture,
        $"\"{version >> 32:x8}-{(version >> 16) & 0xffff:x4}-{version & 0xffff:x4}-0000-{(uint)timestamp:x8}0000\"");

    public static bool WriteETag(long version, long timestamp, Span<byte> utf8, out int written) =>
        System.Text.Unicode.Utf8.TryWrite(utf8, CultureInfo.InvariantCulture,
            $"\"{version >> 32:x8}-{(version >> 16) & 0xffff:x4}-{version & 0xffff:x4}-0000-{(uint)timestamp:x8}0000\"",
            out written);
}
