using System.Net;
using FinVault.Local.SignalR;
using FinVault.Tests.Support;
using Microsoft.Azure.Functions.Worker;

namespace FinVault.Tests.Local.SignalR;

public sealed class AccessTests : IAsyncLifetime, IDisposable
{
    private readonly ManualClock _clock = new();
    private readonly HttpClient _http = new();
    private SignalRServer _server = null!;

    public async Task InitializeAsync() => _server = await SignalRServer.StartAsync(_clock);

    public async Task DisposeAsync() => await _server.DisposeAsync();

    public void Dispose() => _http.Dispose();

    [Fact]
    public async Task Token_OpensItsOwnHub_WhileItIsFresh()
    {
        SignalRConnectionInfo info = _server.SignalR.Negotiate("FinVault", "ada", _server.Address);
        Assert.Equal($"{_server.Address}client/?hub=finvault", info.Url);
        Assert.Equal(HttpStatusCode.OK, await NegotiateAsync("finvault", info.AccessToken));
        Assert.Equal(HttpStatusCode.OK, await NegotiateAsync("FINVAULT", info.AccessToken));
        Assert.Equal(HttpStatusCode.Unauthorized, await NegotiateAsync("other", info.AccessToken));

        _clock.Advance(TimeSpan.FromMinutes(59));
        Assert.Equal(HttpStatusCode.OK, await NegotiateAsync("finvault", info.AccessToken));
        _clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(HttpStatusCode.Unauthorized, await NegotiateAsync("finvault", info.AccessToken));
    }

    [Fact]
    public async Task WhatIsNoTokenOfThisServer_IsRefused()
    {
        string good = _server.SignalR.Negotiate("finvault", null, _server.Address).AccessToken;
        using var other = new EmbeddedSignalR(null, _clock);
        string foreign = other.Negotiate("finvault", null, _server.Address).AccessToken;
        string[] parts = good.Split('.');
        string[] bad =
        [
            "", "x", "a.b.c", foreign, good + "A", good[..^2], $"{parts[0]}..{parts[2]}", $"{parts[0]}.{parts[1]}.",
            $"eyJhbGciOiJub25lIn0.{parts[1]}.",
        ];
        foreach (string token in bad)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await NegotiateAsync("finvault", token));
        }

        Assert.Equal(HttpStatusCode.BadRequest, await NegotiateAsync("", good));
        Assert.Equal(HttpStatusCode.BadRequest, await NegotiateAsync("no/name", good));
    }

    [Fact]
    public async Task Key_OfADataFolder_OutlivesTheProcess()
    {
        string folder = Directory.CreateTempSubdirectory("finvault-signalr-").FullName;
        try
        {
            using var earlier = new EmbeddedSignalR(folder, _clock);
            string token = earlier.Negotiate("finvault", "ada", _server.Address).AccessToken;
            await using SignalRServer later = await SignalRServer.StartAsync(_clock, folder);
            using var request = new HttpRequestMessage(HttpMethod.Post, $"{later.Address}client/negotiate?hub=finvault");
            request.Headers.Authorization = new("Bearer", token);
            Assert.Equal(HttpStatusCode.OK, (await _http.SendAsync(request)).StatusCode);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task<HttpStatusCode> NegotiateAsync(string hub, string token)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Post, $"{_server.Address}client/negotiate?hub={hub}&negotiateVersion=1");
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        return (await _http.SendAsync(request)).StatusCode;
    }
}
