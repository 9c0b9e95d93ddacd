using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using FinVault.Tests.Support;

namespace FinVault.Tests.Local.Identity;

public sealed class DevelopmentSignInTests : IAsyncLifetime
{
    private AppHost _app = null!;

    public async Task InitializeAsync() => _app = await AppHost.StartAsync();

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Theory]
    [InlineData("admin", HttpStatusCode.OK)]
    [InlineData("asha", HttpStatusCode.Forbidden)]
    public async Task Token_OfADemoUser_AdmitsThatUser(string user, HttpStatusCode toTheDeadLetters)
    {
        JsonElement signedIn = await _app.GetJsonAsync($"dev/token?user={user}");
        _app.Client.DefaultRequestHeaders.Authorization =
            new AuthenticationHeaderValue("Bearer", signedIn.GetProperty("token").GetString());

        using HttpResponseMessage answer = await _app.Client.GetAsync("api/v1/operations/dead-letters");

        Assert.Equal(toTheDeadLetters, answer.StatusCode);
    }

    [Theory]
    [InlineData("dev/token?roles=Emperor")]
    [InlineData("dev/token?user=")]
    public async Task Token_OfNobody_IsRefused(string path)
    {
        using HttpResponseMessage answer = await _app.Client.GetAsync(path);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task SignIn_UnderAnotherName_IsNotThere()
    {
        using HttpRequestMessage request = new(HttpMethod.Get, "dev/token") { Headers = { Host = "evil.example" } };
        using HttpResponseMessage answer = await _app.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }
}
