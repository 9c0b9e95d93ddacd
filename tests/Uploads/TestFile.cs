using System.Security.Cryptography;

namespace FinVault.Tests.Uploads;

/// <summary>A file to upload: a true signature, and bytes that nothing else has.</summary>
public sealed record TestFile(byte[] Bytes, string ContentType)
{
    private const int Small = 20_000;

    public string Sha256 { get; } = Convert.ToHexStringLower(SHA256.HashData(Bytes));

    public static TestFile Png(int bytes = Small) => With([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], bytes, "image/png");

    public static TestFile Jpeg(int bytes = Small) => With([0xFF, 0xD8, 0xFF, 0xE0], bytes, "image/jpeg");

    public static TestFile Webp(int bytes = Small) => With("RIFF\0\0\0\0WEBP"u8, bytes, "image/webp");

    public static TestFile Pdf(int bytes = Small) => With("%PDF-1.7\n"u8, bytes, "application/pdf");

    /// <summary>A program for Linux that says it is a picture.</summary>
    public static TestFile Executable(int bytes = Small) => With("\u007fELF\u0002\u0001\u0001"u8, bytes, "image/png");

    private static TestFile With(ReadOnlySpan<byte> signature, int bytes, string contentType)
    {
        byte[] file = RandomNumberGenerator.GetBytes(bytes);
        signature.CopyTo(file);
        return new(file, contentType);
    }
}
