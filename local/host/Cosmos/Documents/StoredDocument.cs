using System.Buffers;
using System.Globalization;
using System.Text.Unicode;

namespace FinVault.Local.Cosmos;

/// <summary>
/// What identifies one version of a stored document, and how its system properties look. They are not stored: the
/// client's bytes go to disk as they came, without the closing brace, and these are written behind them on the way out.
/// </summary>
internal readonly record struct StoredDocument(long Row, long Version, long Timestamp)
{
    /// <summary>Longer than any tail: fixed text 80, rid 24, self up to 70, ETag 38, timestamp 11, LSN 28.</summary>
    private const int TailRoom = 320;

    public string ETag => DocumentVersion.ETag(Version, Timestamp);

    /// <summary>The document as the service answers it: body, system properties, closing brace.</summary>
    public byte[] Complete(CosmosContainer container, ReadOnlySpan<byte> body, bool withLsn = false)
    {
        Span<byte> tail = stackalloc byte[TailRoom];
        int length = WriteTail(container, withLsn, tail);
        byte[] complete = GC.AllocateUninitializedArray<byte>(body.Length + length);
        body.CopyTo(complete);
        tail[..length].CopyTo(complete.AsSpan(body.Length));
        return complete;
    }

    /// <summary>The same, into a growing buffer.</summary>
    public void CompleteTo(
        IBufferWriter<byte> target, CosmosContainer container, ReadOnlySpan<byte> body, bool withLsn = false)
    {
        Span<byte> buffer = target.GetSpan(body.Length + TailRoom);
        body.CopyTo(buffer);
        int length = WriteTail(container, withLsn, buffer[body.Length..]);
        target.Advance(body.Length + length);
    }

    private int WriteTail(CosmosContainer container, bool withLsn, Span<byte> tail)
    {
        Span<byte> rid = stackalloc byte[24];
        ResourceId.WriteDocument(container.RidBytes, Row, rid);
        int at = 0;
        Append(tail, ref at, ",\"_rid\":\""u8);
        Append(tail, ref at, rid);
        Append(tail, ref at, "\",\"_self\":\""u8);
        Append(tail, ref at, container.SelfPrefix);
        Append(tail, ref at, rid);
        // An ETag is quoted in the header and, again, inside the document.
        Append(tail, ref at, "/\",\"_etag\":\"\\"u8);
        DocumentVersion.WriteETag(Version, Timestamp, tail[at..], out int written);
        at += written - 1;
        Append(tail, ref at, "\\\"\",\"_attachments\":\"attachments/\",\"_ts\":"u8);
        Utf8.TryWrite(tail[at..], CultureInfo.InvariantCulture, $"{Timestamp}", out written);
        at += written;
        if (withLsn)
        {
            long lsn = DocumentVersion.Lsn(Version);
            Utf8.TryWrite(tail[at..], CultureInfo.InvariantCulture, $",\"_lsn\":{lsn}", out written);
            at += written;
        }
        Append(tail, ref at, "}"u8);
        return at;
    }

    private static void Append(Span<byte> target, ref int at, ReadOnlySpan<byte> text)
    {
        text.CopyTo(target[at..]);
        at += text.Length;
    }
}
