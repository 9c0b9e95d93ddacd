using System.Security.Cryptography;

namespace FinVault.Benchmarks.Uploads;

/// <summary>A PDF by its first bytes, of one block of noise over and over: large without being held.</summary>
internal sealed class LargeFile
{
    private const int BlockBytes = 8 * 1024 * 1024;

    private readonly byte[] _block = RandomNumberGenerator.GetBytes(BlockBytes);

    public LargeFile(int blocks)
    {
        "%PDF-1.7\n"u8.CopyTo(_block);
        Bytes = (long)blocks * BlockBytes;
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (int i = 0; i < blocks; i++)
        {
            hash.AppendData(_block);
        }

        Sha256 = Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    public long Bytes { get; }

    public string Sha256 { get; }

    /// <summary>Puts its blocks and their list to a signed URL, as a browser does.</summary>
    public async Task PutAsync(HttpClient http, SignedFile to, Action sent)
    {
        foreach (string id in to.Blocks!.Ids)
        {
            using HttpResponseMessage block = await http.PutAsync(
                $"{to.Url}&comp=block&blockid={Uri.EscapeDataString(id)}", new ByteArrayContent(_block));
            block.EnsureSuccessStatusCode();
            sent();
        }

        string ids = string.Concat(to.Blocks.Ids.Select(id => $"<Latest>{id}</Latest>"));
        using HttpRequestMessage request = new(HttpMethod.Put, $"{to.Url}&comp=blocklist")
        {
            Content = new StringContent($"<?xml version=\"1.0\" encoding=\"utf-8\"?><BlockList>{ids}</BlockList>"),
        };
        foreach ((string name, string value) in to.Headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using HttpResponseMessage list = await http.SendAsync(request);
        list.EnsureSuccessStatusCode();
    }
}

/// <summary>What a client needs of a presigned upload.</summary>
internal sealed record SignedFile(
    string ObjectKey, string Url, Dictionary<string, string> Headers, SignedBlocks? Blocks);

internal sealed record SignedBlocks(string[] Ids);
