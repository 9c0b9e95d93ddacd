using FinVault.Identity;

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
    [InlineData("asha.rao is my name", "e-mail")]
    public void Rules_RefuseWhatIsGuessedFirst(string password, string reason) =>
        Assert.Contains(reason, PasswordRules.Refuse(password, "asha.rao@example.com"), StringComparison.Ordinal);

    [Theory]
    [InlineData("twelve chars")]
    [InlineData("seven green kites at dusk")]
    [InlineData("\u0939\u0930\u0940 \u092a\u0924\u0902\u0917 \u0938\u0942\u0930\u091c")]
    public void Rules_AskForNoComposition(string password) =>
        Assert.Null(PasswordRules.Refuse(password, "asha.rao@example.com"));

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
