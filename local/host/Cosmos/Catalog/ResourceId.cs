using System.Buffers.Binary;

namespace FinVault.Local.Cosmos;

/// <summary>
/// Resource ids (<c>_rid</c>) in the service's own layout, because SDKs take them apart: 4 bytes of database, 4 of
/// container (highest bit set), 8 of document, in base64 with <c>-</c> for <c>/</c>.
/// Source: <c>Microsoft.Azure.Documents.ResourceId</c> in the SDK.
/// </summary>
internal static class ResourceId
{
    public static string Database(int number)
    {
        Span<byte> id = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(id, number);
        return Text(id);
    }

    public static string Container(int database, int number) => Text(ContainerBytes(database, number));

    public static string PartitionKeyRange(int database, int number)
    {
        Span<byte> id = stackalloc byte[16];
        ContainerBytes(database, number).CopyTo(id);
        // The upper half of the last byte tells what kind of child this is: 5 is a partition key range.
        id[8] = 1;
        id[15] = 0x50;
        return Text(id);
    }

    /// <summary>A document's id, as UTF-8, 24 bytes long.</summary>
    public static void WriteDocument(ReadOnlySpan<byte> container, long row, Span<byte> utf8)
    {
        Span<byte> id = stackalloc byte[16];
        container.CopyTo(id);
        BinaryPrimitives.WriteInt64LittleEndian(id[8..], row);
        System.Buffers.Text.Base64.EncodeToUtf8(id, utf8, out _, out _);
        utf8.Replace((byte)'/', (byte)'-');
    }

    public static byte[] ContainerBytes(int database, int number)
    {
        byte[] id = new byte[8];
        BinaryPrimitives.WriteInt32BigEndian(id, database);
        BinaryPrimitives.WriteInt32BigEndian(id.AsSpan(4), number | int.MinValue);
        return id;
    }

    private static string Text(ReadOnlySpan<byte> id) => Convert.ToBase64String(id).Replace('/', '-');
}
