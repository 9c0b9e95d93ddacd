using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FinVault.Identity;
using FinVault.Tests.Support;
using Microsoft.Extensions.Configuration;

namespace FinVault.Tests.Identity;

/// <summary>Only what we have signed, the way we sign it, is a token.</summary>
public sealed class SessionTokensTests
{
    private const string User = "USER_01ARZ3NDEKTSV4RRFFQ69G5FAV";
    private const string Session = "SESSION_01ARZ3NDEKTSV4RRFFQ69G5FAV";

    private readonly ManualClock _clock = new();

    private DateTimeOffset Soon => _clock.GetUtcNow() + TimeSpan.FromMinutes(15);

    [Fact]
    public void Access_SaysNoMoreThanWhoAndWhenAndWhichSession()
    {
        string token = Tokens().WriteAccess(User, Session, Soon);
        using JsonDocument payload = JsonDocument.Parse(Base64Url.DecodeFromChars(token.Split('.')[1]));

        Assert.Equal(["exp", "iat", "sid", "sub"], payload.RootElement.EnumerateObject().Select(claim => claim.Name).Order());
        Assert.Equal(new TokenContent(User, Session, Soon), Tokens().ReadAccess(token));
    }

    [Fact]
    public void Refresh_AndAccess_DoNotPassForEachOther()
    {
        string access = Tokens().WriteAccess(User, Session, Soon);
        string refresh = Tokens().WriteRefresh(User, Session, "one", Soon);

        Assert.Equal("one", Tokens().ReadRefresh(refresh)?.Id);
        Assert.Null(Tokens().ReadAccess(refresh));
        Assert.Null(Tokens().ReadRefresh(access));
    }

    [Fact]
    public void Token_AfterItsTime_IsNone()
    {
        string token = Tokens().WriteAccess(User, Session, Soon);
        _clock.Advance(TimeSpan.FromMinutes(15));

        Assert.Null(Tokens().ReadAccess(token));
    }

    [Fact]
    public void Keys_WhenANewOneIsInFront_StillReadWhatTheOldOneSigned()
    {
        string old = Tokens("one").WriteAccess(User, Session, Soon);
        SessionTokens rotated = Tokens("two", "one");

        Assert.NotNull(rotated.ReadAccess(old));
        Assert.Equal("two", Header(rotated.WriteAccess(User, Session, Soon)).GetProperty("kid").GetString());
        Assert.Null(Tokens("two").ReadAccess(old));
    }

    [Theory]
    [InlineData("""{"alg":"none","kid":"one","typ":"JWT"}""")]
    [InlineData("""{"alg":"None","kid":"one","typ":"JWT"}""")]
    [InlineData("""{"alg":"HS512","kid":"one","typ":"JWT"}""")]
    [InlineData("""{"alg":"RS256","kid":"one","typ":"JWT"}""")]
    [InlineData("""{"alg":"HS256","typ":"JWT"}""")]
    [InlineData("""{"alg":"HS256","kid":"other","typ":"JWT"}""")]
    [InlineData("""{"alg":"HS256","kid":"one","typ":"JWT","crit":["b64"],"b64":false}""")]
    [InlineData("""{"alg":"HS256","kid":"one","typ":"JWT","jku":"https://evil.example/keys"}""")]
    [InlineData("""{"alg":"HS512","alg":"HS256","kid":"one","typ":"JWT"}""")]
    [InlineData("""[]""")]
    [InlineData("""{""")]
    public void Token_OfAnotherHeader_IsRefusedEvenWhereItsSignatureIsRight(string header)
    {
        Assert.NotNull(Tokens().ReadAccess(Sign("""{"alg":"HS256","kid":"one","typ":"JWT"}""")));
        Assert.Null(Tokens().ReadAccess(Sign(header)));
    }

    [Fact]
    public void Token_WithoutASignature_IsRefused()
    {
        string token = Sign("""{"alg":"none","kid":"one","typ":"JWT"}""");

        Assert.Null(Tokens().ReadAccess(token[..(token.LastIndexOf('.') + 1)]));
        string signed = Tokens().WriteAccess(User, Session, Soon);
        Assert.Null(Tokens().ReadAccess(signed[..(signed.LastIndexOf('.') + 1)]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a.b")]
    [InlineData("..")]
    [InlineData("eyJhbGciOiJkaXIiLCJlbmMiOiJBMTI4Q0JDLUhTMjU2In0.e30.e30.e30.e30")]
    public void Token_OfAnotherForm_IsRefused(string token) => Assert.Null(Tokens().ReadAccess(token));

    [Fact]
    public void Token_WithAnyCharacterChanged_IsRefused()
    {
        string token = Tokens().WriteAccess(User, Session, Soon);
        // The last character of each part may carry bits that count for nothing.
        foreach (int i in Enumerable.Range(0, token.Length - 1).Where(i => token[i] != '.' && token[i + 1] != '.'))
        {
            string changed = token[..i] + (token[i] == 'A' ? 'B' : 'A') + token[(i + 1)..];
            Assert.Null(Tokens().ReadAccess(changed));
        }
    }

    [Fact]
    public void Keys_SharedByBothKinds_AreRefused()
    {
        SessionTokens shared = new(new IdentityOptions(Settings(Ring(1, "one", "two"), Ring(1, "two"))), _clock);

        Assert.Throws<InvalidOperationException>(() => shared.WriteAccess(User, Session, Soon));
    }

    [Theory]
    [InlineData("")]
    [InlineData("one:c2hvcnQ=")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("one:!!")]
    public void Keys_ThatAreNone_AreRefused(string ring)
    {
        SessionTokens none = new(new IdentityOptions(Settings(ring, Ring(2, "one"))), _clock);

        Assert.Throws<InvalidOperationException>(() => none.ReadAccess("a.b.c"));
    }

    internal static string Ring(byte seed, params string[] ids) => string.Join(
        ';', ids.Select(id => $"{id}:{Convert.ToBase64String(SHA256.HashData([seed, .. Encoding.UTF8.GetBytes(id)]))}"));

    private SessionTokens Tokens(params string[] ids)
    {
        string[] named = ids.Length == 0 ? ["one"] : ids;
        return new(new IdentityOptions(Settings(Ring(1, named), Ring(2, named))), _clock);
    }

    private static IConfiguration Settings(string access, string refresh) => new ConfigurationBuilder()
        .AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Identity:AccessTokenKeys"] = access,
            ["Identity:RefreshTokenKeys"] = refresh,
        }).Build();

    private string Sign(string header)
    {
        string payload = $$"""{"sub":"{{User}}","sid":"{{Session}}","iat":1,"exp":{{Soon.ToUnixTimeSeconds()}}}""";
        string signed = $"{Encode(header)}.{Encode(payload)}";
        byte[] key = SHA256.HashData([1, .. "one"u8]);
        return $"{signed}.{Base64Url.EncodeToString(HMACSHA256.HashData(key, Encoding.ASCII.GetBytes(signed)))}";
    }

    private static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    private static JsonElement Header(string token) => JsonElement.Parse(Base64Url.DecodeFromChars(token.Split('.')[0]));
}
