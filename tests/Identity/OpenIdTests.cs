using System.Net;
using FinVault.Identity;
using Microsoft.AspNetCore.WebUtilities;

namespace FinVault.Tests.Identity;

/// <summary>Signing in with a (simulated) account elsewhere, and what becomes of an account here with the same address.</summary>
public sealed class OpenIdTests : IAsyncLifetime, IDisposable
{
    private const string Asha = "asha@example.com";

    private readonly HttpClient _browser = new(new HttpClientHandler { AllowAutoRedirect = false });
    private IdentityApp _app = null!;

    public async Task InitializeAsync() => _app = await IdentityApp.StartAsync();

    public async Task DisposeAsync() => await _app.DisposeAsync();

    public void Dispose() => _browser.Dispose();

    [Fact]
    public async Task Newcomer_GetsAnAccountAndFindsItAgain()
    {
        SessionGrant first = (await SignInAsync(Asha)).Read<SignInAnswer>().Session!;
        SessionGrant again = (await SignInAsync(Asha)).Read<SignInAnswer>().Session!;

        Assert.Equal(first.UserId, again.UserId);
        Me me = await _app.MeAsync(again.AccessToken);
        Assert.Equal((Asha, false, "google"), (me.Email, me.HasPassword, Assert.Single(me.Providers)));
    }

    [Fact]
    public async Task AccountWithTheSameAddress_IsLinkedByItsPasswordOnly()
    {
        SessionGrant owner = await _app.NewUserAsync(Asha);
        SignInAnswer answer = (await SignInAsync(Asha)).Read<SignInAnswer>();
        Assert.Null(answer.Session);
        string link = answer.Link!.LinkToken;
        Assert.Empty((await _app.MeAsync(owner.AccessToken)).Providers);
        Assert.Equal("invalid_credentials", (await LinkAsync(link, "not the password")).Code);

        SessionGrant linked = (await LinkAsync(link, IdentityApp.Password)).Read<SignInAnswer>().Session!;
        Assert.Equal(owner.UserId, linked.UserId);
        Assert.Equal("invalid_one_time_token", (await LinkAsync(link, IdentityApp.Password)).Code);
        Assert.Equal(owner.UserId, (await SignInAsync(Asha)).Read<SignInAnswer>().Session!.UserId);
        Assert.NotNull(await _app.SignInAsync(Asha));
        await _app.MailAsync(Asha, "Another way to sign in");
    }

    [Fact]
    public async Task Offer_IsOverAfterTenMinutesOrFiveWrongPasswords()
    {
        await _app.NewUserAsync(Asha);
        string late = (await SignInAsync(Asha)).Read<SignInAnswer>().Link!.LinkToken;
        _app.Clock.Jump(TimeSpan.FromMinutes(10));
        Assert.Equal("invalid_one_time_token", (await LinkAsync(late, IdentityApp.Password)).Code);

        string guessed = (await SignInAsync(Asha)).Read<SignInAnswer>().Link!.LinkToken;
        for (int i = 0; i < 5; i++)
        {
            Assert.Equal("invalid_credentials", (await LinkAsync(guessed, $"guess number {i}")).Code);
        }

        Assert.Equal("invalid_one_time_token", (await LinkAsync(guessed, IdentityApp.Password)).Code);
    }

    /// <summary>A stranger who registered the address first, and never confirmed it, has nothing of the account.</summary>
    [Fact]
    public async Task AccountThatNobodyConfirmed_BecomesTheOwnersWithoutItsPassword()
    {
        await _app.RegisterAsync(Asha);
        SessionGrant owner = (await SignInAsync(Asha)).Read<SignInAnswer>().Session!;

        Assert.False((await _app.MeAsync(owner.AccessToken)).HasPassword);
        Assert.Equal(
            "invalid_credentials", (await _app.PostAsync("auth/sign-in", new { Email = Asha, IdentityApp.Password })).Code);
    }

    [Fact]
    public async Task Address_ThatTheProviderHasNotConfirmed_IsNobodys() =>
        Assert.Equal("provider_refused", (await SignInAsync("unverified@example.com")).Code);

    [Fact]
    public async Task State_IsGoodOnceAndInOneBrowser()
    {
        (OpenIdStart start, string code, string state) = await GoAsync(Asha);
        Assert.Equal("invalid_one_time_token", (await BackAsync(code, state, "another browser's")).Code);
        Assert.Equal("invalid_one_time_token", (await BackAsync(code, "made-up", start.Binding)).Code);
        Assert.NotNull((await BackAsync(code, state, start.Binding)).Read<SignInAnswer>().Session);
        Assert.Equal("invalid_one_time_token", (await BackAsync(code, state, start.Binding)).Code);

        (start, code, state) = await GoAsync(Asha);
        _app.Clock.Jump(TimeSpan.FromMinutes(10));
        Assert.Equal("invalid_one_time_token", (await BackAsync(code, state, start.Binding)).Code);
    }

    /// <summary>A code that somebody else began for does not fit our verifier (PKCE) nor our nonce.</summary>
    [Fact]
    public async Task Code_OfAnotherSignIn_IsRefused()
    {
        (_, string stolen, _) = await GoAsync("victim@example.com");
        (OpenIdStart start, _, string state) = await GoAsync(Asha);

        Assert.Equal("provider_refused", (await BackAsync(stolen, state, start.Binding)).Code);
    }

    [Fact]
    public async Task Start_AsksForACodeWithPkceStateAndNonce()
    {
        OpenIdStart start = (await _app.PostAsync("auth/oidc/google/start", new { })).Read<OpenIdStart>();
        Dictionary<string, Microsoft.Extensions.Primitives.StringValues> query = QueryHelpers.ParseQuery(new Uri(start.AuthorizationUrl).Query);

        Assert.Equal(("code", "S256", "openid email"), (
            query["response_type"].ToString(), query["code_challenge_method"].ToString(), query["scope"].ToString()));
        Assert.All((string[])["state", "nonce", "code_challenge"], name => Assert.Equal(43, query[name].ToString().Length));
        Assert.EndsWith("/sign-in/callback/google", query["redirect_uri"].ToString(), StringComparison.Ordinal);
        Assert.Equal("unknown_provider", (await _app.PostAsync("auth/oidc/nobody/start", new { })).Code);
    }

    [Fact]
    public async Task SecondFactor_IsAskedForHereToo()
    {
        SessionGrant first = (await SignInAsync(Asha)).Read<SignInAnswer>().Session!;
        SecondFactorSetup setup = (await _app.PutAsync("auth/second-factor", null, first.AccessToken)).Read<SecondFactorSetup>();
        byte[] secret = SecondFactorTests.Decode(setup.Secret);
        await _app.PutAsync(
            "auth/second-factor/confirmation", new { Code = Totp.Code(secret, Totp.StepAt(_app.Clock.GetUtcNow())) }, first.AccessToken);

        Assert.NotNull((await SignInAsync(Asha)).Read<SignInAnswer>().SecondFactor);
    }

    [Fact]
    public async Task Unlinked_LeadsNowhere_UntilItIsLinkedAgain()
    {
        await _app.NewUserAsync(Asha);
        string link = (await SignInAsync(Asha)).Read<SignInAnswer>().Link!.LinkToken;
        SessionGrant linked = (await LinkAsync(link, IdentityApp.Password)).Read<SignInAnswer>().Session!;

        Assert.Equal(HttpStatusCode.NoContent, (await _app.DeleteAsync("auth/oidc/google", linked.AccessToken)).Status);

        Assert.Empty((await _app.MeAsync(linked.AccessToken)).Providers);
        Assert.Equal("unknown_provider", (await _app.DeleteAsync("auth/oidc/google", linked.AccessToken)).Code);
        SignInAnswer again = (await SignInAsync(Asha)).Read<SignInAnswer>();
        Assert.Null(again.Session);
        Assert.NotNull((await LinkAsync(again.Link!.LinkToken, IdentityApp.Password)).Read<SignInAnswer>().Session);
        await _app.MailAsync(Asha, "A way to sign in was removed");
    }

    [Fact]
    public async Task LastWayIn_IsNotUnlinked_AndAskedForAFreshProof()
    {
        SessionGrant only = (await SignInAsync(Asha)).Read<SignInAnswer>().Session!;
        Assert.Equal("last_way_in", (await _app.DeleteAsync("auth/oidc/google", only.AccessToken)).Code);
        SessionGrant both = (await _app.PutAsync(
            "auth/password", new { newPassword = IdentityApp.Password }, only.AccessToken)).Read<SessionGrant>();
        _app.Clock.Jump(TimeSpan.FromMinutes(6));
        Assert.Equal("step_up_required", (await _app.DeleteAsync("auth/oidc/google", both.AccessToken)).Code);
        SessionGrant fresh = await _app.SignInAsync(Asha);

        Assert.Equal(HttpStatusCode.NoContent, (await _app.DeleteAsync("auth/oidc/google", fresh.AccessToken)).Status);
    }

    private async Task<(OpenIdStart Start, string Code, string State)> GoAsync(string email)
    {
        OpenIdStart start = (await _app.PostAsync("auth/oidc/google/start", new { })).Read<OpenIdStart>();
        using HttpResponseMessage there = await _browser.GetAsync($"{start.AuthorizationUrl}&login_hint={Uri.EscapeDataString(email)}");
        Assert.Equal(HttpStatusCode.Redirect, there.StatusCode);
        Dictionary<string, Microsoft.Extensions.Primitives.StringValues> back = QueryHelpers.ParseQuery(there.Headers.Location!.Query);
        return (start, back["code"].ToString(), back["state"].ToString());
    }

    private async Task<Answer> SignInAsync(string email)
    {
        (OpenIdStart start, string code, string state) = await GoAsync(email);
        return await BackAsync(code, state, start.Binding);
    }

    private Task<Answer> BackAsync(string code, string state, string binding) =>
        _app.PostAsync("auth/oidc/google/complete", new { code, state, binding });

    private Task<Answer> LinkAsync(string linkToken, string password) =>
        _app.PostAsync("auth/link", new { linkToken, password });
}
