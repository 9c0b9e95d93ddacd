using System.IO.Compression;
using Microsoft.AspNetCore.Http;

namespace FinVault.Platform;

/// <summary>
/// How an answer's text is made smaller for those who take it so: fifty holdings are 55 KB of JSON, which a phone waits a
/// quarter of a second for, and 4 KB compressed. Only what is read by GET: tokens and other secrets, whose length would tell
/// of them, are in answers to POST alone.
/// </summary>
internal sealed class Compression
{
    /// <summary>Less fits into a packet or two anyway.</summary>
    public const int SmallestBytes = 1024;

    private static readonly Compression Brotli = new("br", body => new BrotliStream(body, CompressionLevel.Fastest, leaveOpen: true));
    private static readonly Compression GZip = new("gzip", body => new GZipStream(body, CompressionLevel.Fastest, leaveOpen: true));

    private readonly string _coding;
    private readonly Func<Stream, Stream> _open;

    private Compression(string coding, Func<Stream, Stream> open) => (_coding, _open) = (coding, open);

    /// <summary>The best that the request takes; null where it takes none or is no GET.</summary>
    public static Compression? Of(HttpRequest request) =>
        !HttpMethods.IsGet(request.Method) || request.Headers.AcceptEncoding.Count == 0 ? null
        : Takes(request, Brotli) ? Brotli
        : Takes(request, GZip) ? GZip
        : null;

    /// <summary>Writes a text, as it is where it is small.</summary>
    public async Task WriteAsync(HttpResponse response, byte[] text)
    {
        response.Headers.Append("Vary", "Accept-Encoding");
        if (text.Length < SmallestBytes)
        {
            await response.Body.WriteAsync(text, response.HttpContext.RequestAborted);
            return;
        }

        response.Headers.ContentEncoding = _coding;
        await using Stream compressed = _open(response.Body);
        await compressed.WriteAsync(text, response.HttpContext.RequestAborted);
    }

    private static bool Takes(HttpRequest request, Compression one) => request.GetTypedHeaders().AcceptEncoding.Any(accepted =>
        accepted.Value.Equals(one._coding, StringComparison.OrdinalIgnoreCase) && accepted.Quality != 0);
}
