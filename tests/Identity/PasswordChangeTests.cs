using System.Net;
using FinVault.Identity;

namespace FinVault.Tests.Identity;

public sealed class PasswordChangeTests : IAsyncLifetime
{
    private const string Asha = "asha@example.com";
    private const string Next = "eight red boats at noon";

    private IdentityApp _app = null!;
    private SessionGrant _first = null!;

    public async Task InitializeAsync()
    {
        _app = await IdentityApp.StartAsync();
        _first = await _app.NewUserAsync(Asha);
    }

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task Change_EndsEverySessionAndGoesOnInANewOne()
    {
        SessionGrant other = await _app.SignInAsync(Asha);
        SessionGrant next = (await ChangeAsync(IdentityApp.Password, Next)).Read<SessionGrant>();

        Assert.False(await _app.IsInAsync(_first.AccessToken));
        Assert.False(await _app.IsInAsync(other.AccessToken));
        Assert.True(await _app.IsInAsync(next.AccessToken));
        Assert.NotEqual(_first.SessionId, next.SessionId);
        Assert.Equal(
            "invalid_credentials", (await _app.PostAsync("auth/sign-in", new { Email = Asha, IdentityApp.Password })).Code);
        await _app.MailAsync(Asha, "Your password was changed");
    }

    [Theory]
    [InlineData("not the password", Next, "invalid_credentials")]
    [InlineData(null, Next, "invalid_credentials")]
    [InlineData(IdentityApp.Password, "short", "weak_password")]
    public async Task Change_WithTheWrongPasswords_ChangesNothing(string? current, string next, string code)
    {
        Assert.Equal(code, (await ChangeAsync(current, next)).Code);
        Assert.True(await _app.IsInAsync(_first.AccessToken));
        Assert.NotNull(await _app.SignInAsync(Asha));
    }

    [Fact]
    public async Task Reset_ByTheMailsLink_WorksOnceAndEndsEverySession()
    {
        string token = await ForgotAsync();
        Assert.Equal("weak_password", (await ResetAsync(token, "short")).Code);
        Assert.Equal(HttpStatusCode.NoContent, (await ResetAsync(token, Next)).Status);

        Assert.Equal("invalid_one_time_token", (await ResetAsync(token, Next)).Code);
        Assert.False(await _app.IsInAsync(_first.AccessToken));
        Assert.NotNull(await _app.SignInAsync(Asha, Next));
    }

    [Fact]
    public async Task Reset_AfterAnHour_OrAfterAChange_IsOver()
    {
        string early = await ForgotAsync();
        SessionGrant next = (await ChangeAsync(IdentityApp.Password, Next)).Read<SessionGrant>();
        Assert.Equal("invalid_one_time_token", (await ResetAsync(early, "nine blue cars at dawn")).Code);

        string late = await ForgotAsync(2);
        _app.Clock.Jump(TimeSpan.FromHours(1));
        Assert.Equal("invalid_one_time_token", (await ResetAsync(late, "nine blue cars at dawn")).Code);
        Assert.NotNull(next);
    }

    [Fact]
    public async Task Tokens_OfAnotherPurpose_ResetNothing()
    {
        await _app.RegisterAsync("harish@example.com");
        string verification = IdentityApp.TokenIn(await _app.MailAsync("harish@example.com", "Confirm your e-mail address"));

        Assert.Equal("invalid_one_time_token", (await ResetAsync(verification, Next)).Code);
    }

    [Fact]
    public async Task Forgot_OfNobody_AnswersTheSame() => Assert.Equal(
        HttpStatusCode.Accepted, (await _app.PostAsync("auth/password/forgot", new { Email = "nobody@example.com" })).Status);

    [Fact]
    public async Task Guessing_OfOneAccountsPassword_IsBounded()
    {
        _app.Clock.Jump(TimeSpan.FromMinutes(15));
        int tried = 0;
        for (int i = 0; i < 15; i++)
        {
            Answer answer = await _app.PostAsync("auth/sign-in", new { Email = Asha, Password = $"guess number {i} of many" });
            tried += answer.Code == "invalid_credentials" ? 1 : 0;
            Assert.Contains(answer.Code, (string?[])["invalid_credentials", "rate_limited"]);
        }

        Assert.Equal(10, tried);
        Assert.Equal(
            "rate_limited", (await _app.PostAsync("auth/sign-in", new { Email = Asha, IdentityApp.Password })).Code);
        _app.Clock.Jump(TimeSpan.FromMinutes(15));
        Assert.NotNull(await _app.SignInAsync(Asha));
    }

    private Task<Answer> ChangeAsync(string? current, string next) => _app.PutAsync(
        "auth/password", new { CurrentPassword = current, NewPassword = next }, _first.AccessToken);

    private async Task<string> ForgotAsync(int nth = 1)
    {
        await _app.PostAsync("auth/password/forgot", new { Email = Asha });
        return IdentityApp.TokenIn(await _app.MailAsync(Asha, "Set a new password", nth));
    }

    private Task<Answer> ResetAsync(string token, string next) =>
        _app.PostAsync("auth/password/reset", new { token, NewPassword = next });
}
