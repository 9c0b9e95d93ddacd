using System.Net;
using System.Text.Json;
using FinVault.Identity;
using FinVault.Local.Cosmos;
using FinVault.Platform;

namespace FinVault.Tests.Identity;

/// <summary>Small things of OWASP's ASVS that no other test is about.</summary>
public sealed class HardeningTests : IAsyncLifetime
{
    private const string Asha = "asha@example.com";

    private IdentityApp _app = null!;

    public async Task InitializeAsync() => _app = await IdentityApp.StartAsync();

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task Members_ThatNobodyAskedFor_GiveNothing()
    {
        await _app.PostAsync("auth/register", new
        {
            Email = Asha, IdentityApp.Password, Roles = new[] { Roles.Admin }, IsAdmin = true, UserId = "USER_1", Verified = true,
        });
        SessionGrant grant = await _app.NewUserAsync(Asha);
        await _app.PutAsync("profile", new { DisplayName = "Asha", UserId = "USER_1", Roles = new[] { Roles.Admin } }, grant.AccessToken);

        Me me = await _app.MeAsync(grant.AccessToken);
        Assert.Equal((grant.UserId, Roles.User), (me.UserId, Assert.Single(me.Roles)));
        Assert.NotEqual("USER_1", grant.UserId);
    }

    [Fact]
    public async Task Parameter_GivenTwice_IsRefused()
    {
        Assert.Equal("invalid_limit", (await _app.GetAsync("market/symbols?limit=1&limit=2", null)).Code);
        Assert.Equal("invalid_offset", (await _app.GetAsync("market/symbols?offset=0&offset=1", null)).Code);
    }

    [Fact]
    public async Task Token_InAnAddress_IsNone()
    {
        SessionGrant grant = await _app.NewUserAsync(Asha);
        foreach (string name in new[] { "access_token", "token", "authorization", "bearer" })
        {
            Assert.Equal("unauthenticated", (await _app.GetAsync($"auth/me?{name}={grant.AccessToken}", null)).Code);
        }
    }

    [Fact]
    public async Task SignIn_SetsNoCookie_AndIsKeptByNobody()
    {
        await _app.NewUserAsync(Asha);
        Answer answer = await _app.PostAsync("auth/sign-in", new { Email = Asha, IdentityApp.Password });
        Assert.False(answer.Headers.Contains("Set-Cookie"));
        Assert.Equal("no-store", answer.Headers.CacheControl?.ToString());
    }

    [Fact]
    public async Task Session_ThatCannotBeLookedUp_LetsNobodyIn()
    {
        SessionGrant grant = await _app.NewUserAsync(Asha);
        _app.Clock.Jump(TimeSpan.FromMinutes(1));
        using IDisposable fault = _app.App.Host.Cosmos.Faults.Add(
            new FaultRule(FaultKind.Unavailable) { Container = Containers.Identity });
        Answer answer = await _app.GetAsync("auth/me", grant.AccessToken);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "unavailable"), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task SecondFactor_IsToldOfByMail_AndItsRecoveryCodesCannotBeGuessed()
    {
        SessionGrant grant = await _app.NewUserAsync(Asha);
        SecondFactorSetup setup =
            (await _app.PutAsync("auth/second-factor", null, grant.AccessToken)).Read<SecondFactorSetup>();
        byte[] secret = SecondFactorTests.Decode(setup.Secret);
        RecoveryCodes codes = (await _app.PutAsync(
            "auth/second-factor/confirmation",
            new { Code = Totp.Code(secret, Totp.StepAt(_app.Clock.GetUtcNow())) }, grant.AccessToken)).Read<RecoveryCodes>();

        await _app.MailAsync(Asha, "Your second factor was changed");
        // Five bits a character (RFC 4648), and ASVS asks for 112 where no salt is kept.
        Assert.All(codes.Codes, code => Assert.True(code.Replace("-", "", StringComparison.Ordinal).Length * 5 >= 112));
    }
}
