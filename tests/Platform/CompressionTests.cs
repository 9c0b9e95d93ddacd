using System.IO.Compression;
using System.Text;
using System.Text.Json;
using FinVault.Platform;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace FinVault.Tests.Platform;

/// <summary>Answers that are small on the way.</summary>
public sealed class CompressionTests
{
    private static readonly string[] Long = [.. Enumerable.Range(0, 200).Select(i => $"TEST-{i}")];

    [Theory]
    [InlineData("gzip, deflate, br", "br")]
    [InlineData("gzip;q=0.5, br;q=0", "gzip")]
    public async Task LongAnswer_ToWhoTakesItSo_IsCompressedAndTheSame(string accepted, string coding)
    {
        (HttpResponse response, byte[] body) = await AnswerAsync("GET", accepted, Long);

        Assert.Equal(coding, response.Headers.ContentEncoding);
        Assert.Equal("Accept-Encoding", response.Headers.Vary);
        Assert.True(body.Length < 1000, $"It has {body.Length} bytes.");
        using MemoryStream bytes = new(body);
        await using Stream plain = coding == "br"
            ? new BrotliStream(bytes, CompressionMode.Decompress) : new GZipStream(bytes, CompressionMode.Decompress);
        Assert.Equal(Long, await JsonSerializer.DeserializeAsync<string[]>(plain));
    }

    [Theory]
    [InlineData("GET", "")]
    [InlineData("GET", "zstd, identity")]
    [InlineData("GET", "br;q=0")]
    [InlineData("POST", "gzip, br")]
    public async Task LongAnswer_ToWhoDoesNotAskSo_OrToAPost_IsPlain(string method, string accepted)
    {
        (HttpResponse response, byte[] body) = await AnswerAsync(method, accepted, Long);

        Assert.Equal(0, response.Headers.ContentEncoding.Count);
        Assert.Equal(Long, JsonSerializer.Deserialize<string[]>(body));
    }

    [Fact]
    public async Task ShortAnswer_IsPlain_AndSaysThatOthersAreNot()
    {
        (HttpResponse response, byte[] body) = await AnswerAsync("GET", "br", new { id = 1 });

        Assert.Equal(0, response.Headers.ContentEncoding.Count);
        Assert.Equal("Accept-Encoding", response.Headers.Vary);
        Assert.Equal("""{"id":1}""", Encoding.UTF8.GetString(body));
    }

    private static async Task<(HttpResponse Response, byte[] Body)> AnswerAsync(string method, string accepted, object value)
    {
        DefaultHttpContext http = new();
        using MemoryStream body = new();
        http.Request.Method = method;
        if (accepted.Length > 0)
        {
            http.Request.Headers.AcceptEncoding = accepted;
        }

        http.Response.Body = body;
        await new JsonAnswer(value).ExecuteResultAsync(new ActionContext { HttpContext = http });
        return (http.Response, body.ToArray());
    }
}
