using System.Security.Cryptography;
using FinVault.Identity;
using FinVault.Platform;
using FinVault.Platform.Resilience;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace FinVault.Tests.Identity;

public sealed class PasswordTests
{
    private const string Password = "seven green kites at dusk";

    // A real count would cost a tenth of a second each.
    private const int Rounds = 1_000;

    [Fact]
    public void Hash_SaysHowItWasMade() =>
        Assert.Matches(@"^\$pbkdf2-sha512\$i=1000\$[A-Za-z0-9+/=]{24}\$[A-Za-z0-9+/=]{88}$", PasswordHash.Make(Password, Rounds));

    [Fact]
    public void Rounds_AreNoFewerThanOwaspAsks() => Assert.True(PasswordHash.Rounds >= 210_000);

    [Fact]
    public void Hash_OfAKnownVector_IsThatOfTheStandard()
    {
        // Checked against Python's hashlib.pbkdf2_hmac('sha512', b'password', b'salt' * 4, 1000).
        const string stored = "$pbkdf2-sha512$i=1000$c2FsdHNhbHRzYWx0c2FsdA==$"
            + "715rqIr5dXOVPpBhqqsugl037zT5bWJTWYmZtIcK8hBnisKpwfY7kokvwjDrNHqHhF50Pb7MD6HvkJwiDQw4ww==";

        Assert.Equal(PasswordMatch.Yes, PasswordHash.Check(stored, "password", Rounds));
    }

    [Fact]
    public void Check_TellsRightFromWrongAndOld()
    {
        string stored = PasswordHash.Make(Password, Rounds);

        Assert.Equal(PasswordMatch.Yes, PasswordHash.Check(stored, Password, Rounds));
        Assert.Equal(PasswordMatch.YesButWeak, PasswordHash.Check(stored, Password, Rounds + 1));
        Assert.Equal(PasswordMatch.No, PasswordHash.Check(stored, Password + " ", Rounds));
        Assert.Equal(PasswordMatch.No, PasswordHash.Check(stored, Password + " ", Rounds + 1));
    }

    [Fact]
    public void Check_OfTheSameLettersTypedOtherwise_IsTheSamePassword() => Assert.Equal(
        PasswordMatch.Yes, PasswordHash.Check(PasswordHash.Make("caf\u00e9 caf\u00e9 caf\u00e9", Rounds), "cafe\u0301 cafe\u0301 cafe\u0301", Rounds));

    [Theory]
    [InlineData("")]
    [InlineData("$pbkdf2-sha512$i=0$c2FsdA==$aGFzaA==")]
    [InlineData("$pbkdf2-sha512$i=99999999999$c2FsdA==$aGFzaA==")]
    [InlineData("$2b$12$abcdefghijklmnopqrstuv")]
    public void Check_OfWhatIsNoHash_Throws(string stored) =>
        Assert.Throws<FormatException>(() => PasswordHash.Check(stored, Password, Rounds));

    [Theory]
    [InlineData("elevenchars", "12 to 128")]
    [InlineData("aaaaaaaaaaaaaaaa", "repeats")]
    [InlineData("Password12345", "tried first")]
    [InlineData("CORRECTHORSEBATTERYSTAPLE", "tried first")]
    [InlineData("abcdefghijklmnop", "tried first")]
    [InlineData("09876543210987", "tried first")]
    [InlineData("Welcome@2024!!", "tried first")]
    [InlineData("P@ssw0rd98765", "tried first")]
    [InlineData("iloveyou iloveyou", "tried first")]
    [InlineData("99QwertyQwerty99", "tried first")]
    [InlineData("1l0vey0u1l0vey0u", "tried first")]
    [InlineData("asha.rao is my name", "e-mail")]
    public void Rules_RefuseWhatIsGuessedFirst(string password, string reason) =>
        Assert.Contains(reason, PasswordRules.Refuse(password, "asha.rao@example.com"), StringComparison.Ordinal);

    [Theory]
    [InlineData("twelve chars")]
    [InlineData("password of a bee")]
    [InlineData("seven green kites at dusk")]
    [InlineData("\u0939\u0930\u0940 \u092a\u0924\u0902\u0917 \u0938\u0942\u0930\u091c")]
    public void Rules_AskForNoComposition(string password) =>
        Assert.Null(PasswordRules.Refuse(password, "asha.rao@example.com"));

    [Fact]
    public void Hash_WithAPepper_IsNothingWithoutIt()
    {
        PasswordPepper pepper = PepperOf("new:" + Key(1) + ";old:" + Key(2));
        string stored = PasswordHash.Make(Password, Rounds, pepper);
        string old = PasswordHash.Make(Password, Rounds, PepperOf("old:" + Key(2)));

        Assert.Equal(PasswordMatch.Yes, PasswordHash.Check(stored, Password, Rounds, pepper));
        Assert.Equal(PasswordMatch.No, PasswordHash.Check(stored, Password, Rounds, PepperOf("new:" + Key(3))));
        Assert.Throws<CryptographicException>(() => PasswordHash.Check(stored, Password, Rounds));
        Assert.Equal(PasswordMatch.YesButWeak, PasswordHash.Check(old, Password, Rounds, pepper));
        Assert.Equal(
            PasswordMatch.YesButWeak, PasswordHash.Check(PasswordHash.Make(Password, Rounds), Password, Rounds, pepper));
    }

    [Fact]
    public async Task Leaked_IsAskedByFiveDigits_AndWhereNobodyAnswersIsTaken()
    {
        // SHA-1 of the password.
        const string hash = "828B47383B710BD00A091BD3DDC83D797CA9E1F2";
        List<string> asked = [];
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        await using WebApplication service = builder.Build();
        service.Urls.Add("http://127.0.0.1:0");
        service.MapGet("/range/{prefix}", (string prefix) =>
        {
            asked.Add(prefix);
            return $"{new string('0', 35)}:7\r\n{hash[5..]}:{(asked.Count == 1 ? 12 : 0)}\r\n";
        });
        await service.StartAsync();
        using LeakedPasswords leaked = LeakedAt(service.Urls.First());
        using LeakedPasswords nobody = LeakedAt("http://127.0.0.1:9");

        ProblemException refused = await Assert.ThrowsAsync<ProblemException>(
            () => leaked.RequireUnknownAsync(Password, default));
        Assert.Equal("weak_password", refused.Problem.Code);
        // A count of 0 is padding.
        await leaked.RequireUnknownAsync(Password, default);
        await nobody.RequireUnknownAsync(Password, default);
        Assert.Equal([hash[..5], hash[..5]], asked);
    }

    private static string Key(byte fill) => Convert.ToBase64String(Enumerable.Repeat(fill, 32).ToArray());

    private static PasswordPepper PepperOf(string keys) => new(Options(nameof(IdentityOptions.SecretKeys), keys));

    private static LeakedPasswords LeakedAt(string url) => new(
        Options(nameof(IdentityOptions.LeakedPasswordsUrl), url),
        new Dependencies(TimeProvider.System, NullLogger<Dependencies>.Instance), NullLogger<LeakedPasswords>.Instance);

    private static IdentityOptions Options(string name, string value) => new(new ConfigurationBuilder()
        .AddInMemoryCollection(new Dictionary<string, string?> { [$"{IdentityOptions.Section}:{name}"] = value }).Build());

    [Fact]
    public void Rules_TakeLongOnesUpToTheirLimit()
    {
        string longest = string.Concat(Enumerable.Range(0, 32).Select(i => $"{i:x4}"))[..PasswordRules.MaxLength];

        Assert.Null(PasswordRules.Refuse(longest, "a@example.com"));
        Assert.NotNull(PasswordRules.Refuse(longest + "!", "a@example.com"));
    }

    [Fact]
    public async Task Check_OfNobody_IsNeverRight()
    {
        using Passwords passwords = new();

        Assert.Equal(PasswordMatch.No, await passwords.CheckAsync(null, Password, default));
    }
}
