using System.Net;
using System.Text;
using FinVault.Identity;
using FinVault.Local.Notifications;
using FinVault.Platform;
using FinVault.Tests.Support;
using Microsoft.Azure.Cosmos;

namespace FinVault.Tests.Identity;

public sealed class SecondFactorTests : IAsyncLifetime
{
    private const string Asha = "asha@example.com";

    private IdentityApp _app = null!;
    private SessionGrant _first = null!;

    public async Task InitializeAsync()
    {
        _app = await IdentityApp.StartAsync();
        _first = await _app.NewUserAsync(Asha);
    }

    public async Task DisposeAsync() => await _app.DisposeAsync();

    /// <summary>RFC 6238, appendix B: the last six of its eight digits.</summary>
    [Theory]
    [InlineData(59, "287082")]
    [InlineData(1111111109, "081804")]
    [InlineData(1111111111, "050471")]
    [InlineData(1234567890, "005924")]
    [InlineData(2000000000, "279037")]
    [InlineData(20000000000, "353130")]
    public void Code_IsThatOfTheStandard(long seconds, string code) => Assert.Equal(
        code, Totp.Code("12345678901234567890"u8, Totp.StepAt(DateTimeOffset.FromUnixTimeSeconds(seconds))));

    [Theory]
    [InlineData("", "")]
    [InlineData("f", "MY")]
    [InlineData("fo", "MZXQ")]
    [InlineData("foobar", "MZXW6YTBOI")]
    public void Secret_IsWrittenAsTheStandardHasIt(string text, string encoded) =>
        Assert.Equal(encoded, Totp.Encode(Encoding.ASCII.GetBytes(text)));

    [Fact]
    public async Task SignIn_WithASecondFactor_TakesACodeOnce()
    {
        (byte[] secret, _) = await SetUpAsync();
        string challenge = await ChallengeAsync();
        Assert.Equal("invalid_code", (await CodeAsync(challenge, "000000")).Code);
        // The code that confirmed the app is used up.
        Assert.Equal("invalid_code", (await CodeAsync(challenge, CodeNow(secret))).Code);

        _app.Clock.Advance(TimeSpan.FromSeconds(Totp.StepSeconds));
        SessionGrant grant = (await CodeAsync(challenge, CodeNow(secret))).Read<SignInAnswer>().Session!;
        Assert.True(await _app.IsInAsync(grant.AccessToken));
        Assert.Equal("invalid_one_time_token", (await CodeAsync(challenge, CodeNow(secret))).Code);
        Assert.Equal("invalid_code", (await CodeAsync(await ChallengeAsync(), CodeNow(secret))).Code);
    }

    [Fact]
    public async Task Code_ThatIsUsedASecondTime_IsTold_AndOneThatIsOnlyWrongIsNot()
    {
        (byte[] secret, _) = await SetUpAsync();
        _app.Clock.Advance(TimeSpan.FromSeconds(Totp.StepSeconds));
        Assert.Equal("invalid_code", (await CodeAsync(await ChallengeAsync(), "000000")).Code);
        Assert.Null((await CodeAsync(await ChallengeAsync(), CodeNow(secret))).Code);
        Assert.Equal("invalid_code", (await CodeAsync(await ChallengeAsync(), CodeNow(secret))).Code);

        await _app.MailAsync(Asha, "A code was used twice");
        Assert.Single(_app.Get<LocalMailbox>().Latest, mail => mail.Subject == "A code was used twice");
        await Eventually.TrueAsync(
            async () => (await AuditTextAsync()).Contains("identity.codeReused", StringComparison.Ordinal), "it is recorded");
    }

    [Theory]
    [InlineData(-2, false)]
    [InlineData(-1, true)]
    [InlineData(1, true)]
    [InlineData(2, false)]
    public async Task Code_OfAClockThatIsOff_IsTakenWithinOneStep(int steps, bool taken)
    {
        (byte[] secret, _) = await SetUpAsync();
        _app.Clock.Jump(TimeSpan.FromMinutes(5));
        string code = Totp.Code(secret, Totp.StepAt(_app.Clock.GetUtcNow()) + steps);

        Assert.Equal(taken ? null : "invalid_code", (await CodeAsync(await ChallengeAsync(), code)).Code);
    }

    [Fact]
    public async Task Challenge_IsOverAfterFiveWrongCodesOrFiveMinutes()
    {
        (byte[] secret, _) = await SetUpAsync();
        _app.Clock.Advance(TimeSpan.FromSeconds(60));
        string challenge = await ChallengeAsync();
        for (int i = 0; i < 5; i++)
        {
            Assert.Equal("invalid_code", (await CodeAsync(challenge, "123")).Code);
        }

        Assert.Equal("invalid_one_time_token", (await CodeAsync(challenge, CodeNow(secret))).Code);
        challenge = await ChallengeAsync();
        _app.Clock.Jump(TimeSpan.FromMinutes(5));
        Assert.Equal("invalid_one_time_token", (await CodeAsync(challenge, CodeNow(secret))).Code);
    }

    [Fact]
    public async Task RecoveryCode_IsGoodOnceInPlaceOfACode()
    {
        (_, RecoveryCodes codes) = await SetUpAsync();
        Assert.Equal(10, codes.Codes.Distinct().Count());

        Assert.Null((await CodeAsync(await ChallengeAsync(), codes.Codes[3].ToLowerInvariant())).Code);
        Assert.Equal("invalid_code", (await CodeAsync(await ChallengeAsync(), codes.Codes[3])).Code);
        Assert.Null((await CodeAsync(await ChallengeAsync(), codes.Codes[4].Replace("-", "", StringComparison.Ordinal))).Code);
    }

    [Fact]
    public async Task StepUp_WithASecondFactor_TakesACodeAndNotThePassword()
    {
        (byte[] secret, _) = await SetUpAsync();
        _app.Clock.Jump(TimeSpan.FromMinutes(6));
        Assert.Equal("step_up_required", (await _app.DeleteAsync("auth/second-factor", _first.AccessToken)).Code);
        Assert.Equal("invalid_code", (await StepUpAsync(new { IdentityApp.Password })).Code);
        Assert.Null((await StepUpAsync(new { Code = CodeNow(secret) })).Code);

        Assert.Equal(HttpStatusCode.NoContent, (await _app.DeleteAsync("auth/second-factor", _first.AccessToken)).Status);
        Assert.NotNull(await _app.SignInAsync(Asha));
    }

    [Fact]
    public async Task SetUp_IsNothingUntilACodeWasRight()
    {
        await _app.PutAsync("auth/second-factor", null, _first.AccessToken);
        Assert.Equal("invalid_code", (await ConfirmAsync("123456")).Code);

        Assert.NotNull(await _app.SignInAsync(Asha));
        Assert.False((await _app.MeAsync(_first.AccessToken)).HasSecondFactor);
    }

    [Fact]
    public async Task Secret_IsEncryptedInTheStore()
    {
        (byte[] secret, RecoveryCodes codes) = await SetUpAsync();
        string stored = await StoredDocuments.TextAsync(_app.App);

        Assert.DoesNotContain(Convert.ToBase64String(secret), stored, StringComparison.Ordinal);
        Assert.DoesNotContain(Totp.Encode(secret), stored, StringComparison.Ordinal);
        Assert.DoesNotContain(codes.Codes[0], stored, StringComparison.Ordinal);
        Assert.Equal(
            "second_factor_active", (await _app.PutAsync("auth/second-factor", null, _first.AccessToken)).Code);
    }

    private async Task<(byte[] Secret, RecoveryCodes Codes)> SetUpAsync()
    {
        SecondFactorSetup setup = (await _app.PutAsync("auth/second-factor", null, _first.AccessToken)).Read<SecondFactorSetup>();
        Assert.StartsWith("otpauth://totp/FinVault%3Aasha%40example.com?secret=", setup.Uri, StringComparison.Ordinal);
        byte[] secret = Decode(setup.Secret);
        return (secret, (await ConfirmAsync(CodeNow(secret))).Read<RecoveryCodes>());
    }

    private async Task<string> AuditTextAsync()
    {
        using FeedIterator pages = _app.Get<CosmosClient>().GetContainer(Containers.Database, Containers.Audit)
            .GetItemQueryStreamIterator("SELECT * FROM c WHERE c.type = 'record'");
        using ResponseMessage page = await pages.ReadNextAsync();
        using StreamReader reader = new(page.Content);
        return await reader.ReadToEndAsync();
    }

    private Task<Answer> ConfirmAsync(string code) =>
        _app.PutAsync("auth/second-factor/confirmation", new { code }, _first.AccessToken);

    private Task<Answer> StepUpAsync(object proof) => _app.PutAsync("auth/step-up", proof, _first.AccessToken);

    private async Task<string> ChallengeAsync()
    {
        SignInAnswer answer = (await _app.PostAsync("auth/sign-in", new { Email = Asha, IdentityApp.Password })).Read<SignInAnswer>();
        Assert.Null(answer.Session);
        return answer.SecondFactor!.Challenge;
    }

    private Task<Answer> CodeAsync(string challenge, string code) => _app.PostAsync("auth/sign-in/code", new { challenge, code });

    private string CodeNow(byte[] secret) => Totp.Code(secret, Totp.StepAt(_app.Clock.GetUtcNow()));

    internal static byte[] Decode(string text)
    {
        string bits = string.Concat(text.Select(c => Convert.ToString("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".IndexOf(c), 2).PadLeft(5, '0')));
        return [.. bits.Chunk(8).Where(eight => eight.Length == 8).Select(eight => Convert.ToByte(new string(eight), 2))];
    }
}
