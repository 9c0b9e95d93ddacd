using System.Buffers;
using System.Security.Cryptography;

namespace FinVault.Uploads;

/// <summary>What the bytes of a file say, whatever its name and its declaration say.</summary>
/// <param name="Bytes">How many there are.</param>
/// <param name="Sha256">Their checksum, lower-case hex.</param>
/// <param name="ContentType">By their first bytes; null for anything that is not taken.</param>
public sealed record FileCheck(long Bytes, string Sha256, string? ContentType)
{
    private const int BufferBytes = 64 * 1024;
    private const int MagicBytes = 12;

    /// <summary>Every content type that can be told.</summary>
    public static IReadOnlyList<string> ContentTypes { get; } = ["image/png", "image/jpeg", "image/webp", "application/pdf"];

    /// <summary>Reads a file to its end, holding no more than a buffer of it.</summary>
    public static async Task<FileCheck> OfAsync(Stream file, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(file);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            int read = await file.ReadAtLeastAsync(buffer, MagicBytes, throwOnEndOfStream: false, cancellationToken);
            string? type = TypeOf(buffer.AsSpan(0, read));
            long bytes = 0;
            while (read > 0)
            {
                hash.AppendData(buffer, 0, read);
                bytes += read;
                read = await file.ReadAsync(buffer, cancellationToken);
            }

            return new FileCheck(bytes, Convert.ToHexStringLower(hash.GetHashAndReset()), type);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>The content type by the signatures of RFC 2083 (PNG), ITU T.81 (JPEG), RFC 9649 (WebP), ISO 32000 (PDF).</summary>
    public static string? TypeOf(ReadOnlySpan<byte> start) =>
        start.StartsWith((ReadOnlySpan<byte>)[0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) ? "image/png"
        : start.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]) ? "image/jpeg"
        : start.Length >= MagicBytes && start.StartsWith("RIFF"u8) && start[8..].StartsWith("WEBP"u8) ? "image/webp"
        : start.StartsWith("%PDF-"u8) ? "application/pdf"
        : null;
}
