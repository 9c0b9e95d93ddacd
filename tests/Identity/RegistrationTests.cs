using System.Net;
using FinVault.Identity;
using FinVault.Local.Notifications;
using FinVault.Notifications;

namespace FinVault.Tests.Identity;

/// <summary>An account is somebody's who reads its mail and knows its password.</summary>
public sealed class RegistrationTests : IAsyncLifetime
{
    private const string Asha = "asha@example.com";

    private IdentityApp _app = null!;

    public async Task InitializeAsync() => _app = await IdentityApp.StartAsync(
        new Dictionary<string, string?> { ["Identity:FirstAdmin"] = "first@example.com" });

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task Registration_WhenTheAddressIsConfirmed_LetsIn()
    {
        await _app.RegisterAsync(" Asha@Example.com ");
        Assert.Equal(
            "email_not_verified", (await _app.PostAsync("auth/sign-in", new { Email = Asha, IdentityApp.Password })).Code);

        string token = IdentityApp.TokenIn(await _app.MailAsync(Asha, "Confirm your e-mail address"));
        Assert.Equal("invalid_credentials", (await VerifyAsync(token, "somebody else's guess")).Code);
        SessionGrant grant = (await VerifyAsync(token, IdentityApp.Password)).Read<SignInAnswer>().Session!;

        Me me = await _app.MeAsync(grant.AccessToken);
        Assert.Equal((Asha, grant.UserId, grant.SessionId), (me.Email, me.UserId, me.SessionId));
        Assert.Equal([Roles.User], me.Roles);
        Assert.Equal(Membership.OwnTenantOf(me.UserId), me.TenantId);
        Assert.Equal("invalid_one_time_token", (await VerifyAsync(token, IdentityApp.Password)).Code);
    }

    [Fact]
    public async Task Link_AfterADay_IsOver()
    {
        await _app.RegisterAsync(Asha);
        string token = IdentityApp.TokenIn(await _app.MailAsync(Asha, "Confirm your e-mail address"));
        _app.Clock.Jump(TimeSpan.FromHours(24));

        Assert.Equal("invalid_one_time_token", (await VerifyAsync(token, IdentityApp.Password)).Code);
        Assert.Equal(HttpStatusCode.Accepted, (await _app.PostAsync("auth/verify/resend", new { Email = Asha })).Status);
        string next = IdentityApp.TokenIn(await _app.MailAsync(Asha, "Confirm your e-mail address", 2));
        Assert.Equal(HttpStatusCode.OK, (await VerifyAsync(next, IdentityApp.Password)).Status);
    }

    [Fact]
    public async Task Registration_OfATakenAddress_AnswersTheSameAndTellsItsOwnerOnly()
    {
        SessionGrant grant = await _app.NewUserAsync(Asha);
        await _app.RegisterAsync(Asha, "another password of somebody");

        await _app.MailAsync(Asha, "You have an account already");
        Assert.True(await _app.IsInAsync(grant.AccessToken));
        Assert.Equal(
            "invalid_credentials",
            (await _app.PostAsync("auth/sign-in", new { Email = Asha, Password = "another password of somebody" })).Code);
    }

    /// <summary>Pre-hijacking: an account made by a stranger must not become one that two people share.</summary>
    [Fact]
    public async Task Registration_BeforeTheOwnersOwn_GivesTheStrangerNothing()
    {
        await _app.RegisterAsync(Asha, "the stranger's own password");
        await _app.MailAsync(Asha, "Confirm your e-mail address");
        await _app.RegisterAsync(Asha);
        string token = IdentityApp.TokenIn(await _app.MailAsync(Asha, "Confirm your e-mail address", 2));
        await VerifyAsync(token, IdentityApp.Password);

        Assert.Equal(
            "invalid_credentials",
            (await _app.PostAsync("auth/sign-in", new { Email = Asha, Password = "the stranger's own password" })).Code);
        Assert.NotNull(await _app.SignInAsync(Asha));
    }

    [Fact]
    public async Task Registrations_AtOnce_MakeOneAccount()
    {
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => _app.RegisterAsync(Asha)));
        // Who comes between the claim of an address and the account is told nothing; whoever comes after it is.
        await _app.RegisterAsync(Asha);

        Mail[] mails = [await _app.MailAsync(Asha, "Confirm your e-mail address", 1), await _app.MailAsync(Asha, "Confirm your e-mail address", 2)];
        Assert.Single(mails.Select(mail => IdentityApp.TokenIn(mail).Split('.')[0]).Distinct());
    }

    [Fact]
    public async Task Mails_ToOneAddress_AreNoFlood()
    {
        for (int i = 0; i < 8; i++)
        {
            await _app.PostAsync("auth/password/forgot", new { Email = Asha });
            await _app.PostAsync("auth/verify/resend", new { Email = "other@example.com" });
        }

        await _app.RegisterAsync(Asha);
        _app.Clock.Jump(TimeSpan.FromHours(1));
        await _app.RegisterAsync(Asha);
        await _app.MailAsync(Asha, "Confirm your e-mail address");
        Assert.Single(_app.Get<LocalMailbox>().Latest);
    }

    [Theory]
    [InlineData("no-address", IdentityApp.Password, "invalid_request")]
    [InlineData("two@lines\n.example.com", IdentityApp.Password, "invalid_request")]
    [InlineData(Asha, "short", "weak_password")]
    [InlineData(Asha, "password1234", "weak_password")]
    public async Task Registration_OfWhatCannotBe_IsRefused(string email, string password, string code) =>
        Assert.Equal(code, (await _app.PostAsync("auth/register", new { email, password })).Code);

    [Fact]
    public async Task FirstAdmin_OfTheSettings_IsOneOnceTheAddressIsConfirmed()
    {
        SessionGrant grant = await _app.NewUserAsync("first@example.com");

        Assert.Contains(Roles.Admin, (await _app.MeAsync(grant.AccessToken)).Roles);
    }

    [Fact]
    public async Task Secrets_AreNowhereInTheStore()
    {
        await _app.RegisterAsync(Asha);
        string token = IdentityApp.TokenIn(await _app.MailAsync(Asha, "Confirm your e-mail address"));
        SessionGrant grant = (await VerifyAsync(token, IdentityApp.Password)).Read<SignInAnswer>().Session!;
        await _app.PostAsync("auth/sign-out", new { }, grant.AccessToken);

        string all = await StoredDocuments.TextAsync(_app.App);
        Assert.Contains(Asha, all, StringComparison.Ordinal);
        Assert.All(
            (string[])[IdentityApp.Password, token.Split('.')[1], grant.AccessToken, grant.RefreshToken!],
            secret => Assert.DoesNotContain(secret, all, StringComparison.Ordinal));
    }

    private Task<Answer> VerifyAsync(string token, string password) =>
        _app.PostAsync("auth/verify", new { token, password });
}
