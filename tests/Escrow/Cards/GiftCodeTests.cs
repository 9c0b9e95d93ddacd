using FinVault.Escrow;
using Microsoft.Extensions.Configuration;

namespace FinVault.Tests.Escrow.Cards;

public sealed class GiftCodeTests
{
    private const string Digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    [Fact]
    public void Code_IsTheSameForTheSameEscrowAndKey_AndForNoOther()
    {
        GiftCode codes = With(1);
        Assert.Matches("^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){3}$", codes.Of("ESCROW_1"));
        Assert.Equal(codes.Of("ESCROW_1"), With(1).Of("ESCROW_1"));
        string[] all = [.. Enumerable.Range(0, 1000).Select(i => codes.Of($"ESCROW_{i}")), With(2).Of("ESCROW_1")];
        Assert.Equal(all.Length, all.Distinct().Count());
        Assert.DoesNotContain(codes.Of("ESCROW_1"), codes.HashOf(GiftCode.Normalize(codes.Of("ESCROW_1"))!), StringComparison.Ordinal);
    }

    [Fact]
    public void Normalize_TakesWhatPeopleType_AndFindsEveryWrongDigit()
    {
        string code = With(1).Of("ESCROW_7");
        string digits = GiftCode.Normalize(code)!;
        Assert.Equal(digits, GiftCode.Normalize($" {digits.ToLowerInvariant().Replace('0', 'o').Replace('1', 'l')} "));
        for (int i = 0; i < digits.Length; i++)
        {
            foreach (char wrong in Digits.Where(digit => digit != digits[i]))
            {
                Assert.Null(GiftCode.Normalize(digits[..i] + wrong + digits[(i + 1)..]));
            }
        }

        Assert.All(new[] { null, "", "1234", digits + "0", new string('U', 16) }, bad => Assert.Null(GiftCode.Normalize(bad)));
    }

    [Fact]
    public void ShortKey_IsRefused()
    {
        GiftCode codes = new(new ConfigurationBuilder().Build());
        Assert.Throws<InvalidOperationException>(() => codes.Of("ESCROW_1"));
    }

    private static GiftCode With(byte key) => new(new ConfigurationBuilder().AddInMemoryCollection(
        new Dictionary<string, string?>
        {
            [GiftCode.KeySetting] = Convert.ToBase64String([.. Enumerable.Repeat(key, 32)]),
        }).Build());
}
