using FinVault.Identity;
using FinVault.Tests.Support;
using Microsoft.Extensions.Configuration;

namespace FinVault.Tests.Identity;

public sealed class DevelopmentTokensTests
{
    private static readonly CurrentUser Asha =
        new("USER_01ARZ3NDEKTSV4RRFFQ69G5FAV", "TENANT_01ARZ3NDEKTSV4RRFFQ69G5FAV", new HashSet<string> { Roles.Host });

    private readonly ManualClock _clock = new();

    [Fact]
    public void Read_OfAnIssuedToken_IsItsUser()
    {
        CurrentUser? read = Tokens(1).Read(Tokens(1).Issue(Asha));

        Assert.NotNull(read);
        Assert.Equal((Asha.UserId, Asha.TenantId), (read.UserId, read.TenantId));
        Assert.Equal([Roles.Host], read.Roles);
    }

    [Fact]
    public void Read_OfAnotherKeysToken_IsNobody() => Assert.Null(Tokens(1).Read(Tokens(2).Issue(Asha)));

    [Fact]
    public void Read_AfterItsLife_IsNobody()
    {
        string token = Tokens(1).Issue(Asha);
        _clock.Advance(DevelopmentTokens.Life);

        Assert.Null(Tokens(1).Read(token));
    }

    [Fact]
    public void Read_WithOneByteOfThePayloadChanged_IsNobody()
    {
        string token = Tokens(1).Issue(Asha);
        char other = token[10] == 'A' ? 'B' : 'A';

        Assert.Null(Tokens(1).Read(token[..10] + other + token[11..]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("dev.")]
    [InlineData("dev.e30")]
    [InlineData("dev.e30.!!")]
    [InlineData("eyJhbGciOiJub25lIn0.e30.")]
    public void Read_OfAnythingElse_IsNobody(string token) => Assert.Null(Tokens(1).Read(token));

    [Fact]
    public void Read_WhereNoKeyIsSet_IsNobody()
    {
        DevelopmentTokens azure = new(new ConfigurationBuilder().Build(), _clock);

        Assert.Null(azure.Read(Tokens(1).Issue(Asha)));
    }

    private DevelopmentTokens Tokens(byte key) => new(
        new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            [DevelopmentTokens.KeySetting] = Convert.ToBase64String(Enumerable.Repeat(key, 32).ToArray()),
        }).Build(),
        _clock);
}
