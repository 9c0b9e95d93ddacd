using System.Security.Cryptography;
using System.Text;
using Azure.Messaging.EventHubs;
using FinVault.Local.EventHubs;
using FinVault.Local.EventHubs.Amqp;
using FinVault.Tests.Support;

namespace FinVault.Tests.Local.EventHubs.Amqp;

/// <summary>Who may come in, where a reader begins, and who reads beside whom.</summary>
public class HubRuleTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 5, 4, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("sb://localhost/ticks/", "ticks", 60, null)]
    [InlineData("amqps://127.0.0.1:5672/", "", 60, null)]
    [InlineData("sb://localhost/ticks", null, -1, "The token has expired.")]
    public void Token_GivesItsPath_UntilItExpires(string resource, string? path, int seconds, string? refusal)
    {
        string token = Token(resource, Now.AddSeconds(seconds), SharedAccessKey.WellKnown.Value);

        Assert.Equal(refusal, Refusal(token));
        Assert.Equal(path, refusal is null ? SharedAccessKey.WellKnown.Read(token, Now).Path : null);
    }

    [Fact]
    public void Token_ThatIsNotSignedWithTheKey_IsRefused()
    {
        string token = Token("sb://localhost/ticks", Now.AddHours(1), SharedAccessKey.WellKnown.Value);

        Assert.Equal("The token was signed with another key.", Refusal(Token("sb://localhost/ticks", Now.AddHours(1), "guess")));
        Assert.Equal("The token was signed with another key.", Refusal(token.Replace("ticks", "other", StringComparison.Ordinal)));
        Assert.Equal("The token was signed with another key.", Refusal(token + "x"));
        Assert.Equal("The token lacks sr, sig or se.", Refusal("SharedAccessSignature sr=a&sig=b"));
        Assert.Equal("The token is no shared access signature.", Refusal("eyJhbGciOiJub25lIn0.e30."));
    }

    [Fact]
    public void Claims_CoverTheirPathAndWhatIsBelow_UntilTheyExpire()
    {
        var clock = new ManualClock(Now);
        var claims = new AmqpClaims(clock);
        claims.Add("ticks/ConsumerGroups/$Default", Now.AddMinutes(1));

        claims.Require("ticks/consumergroups/$default/Partitions/0");
        Assert.Throws<AmqpException>(() => claims.Require("ticks"));
        Assert.Throws<AmqpException>(() => claims.Require("ticks/ConsumerGroups/$Default2"));
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Throws<AmqpException>(() => claims.Require("ticks/ConsumerGroups/$Default"));
    }

    [Fact]
    public async Task Selector_FindsItsPlace()
    {
        var clock = new ManualClock(Now);
        await using EmbeddedEventHub hub = EmbeddedEventHub.Open(null, "ticks", 1, clock);
        for (int i = 0; i < 20; i++)
        {
            await hub.AppendAsync("0", null, [new EventData("x")], default);
            clock.Advance(TimeSpan.FromSeconds(i % 2));
        }

        long After(string selector) => StartPosition.After($"amqp.annotation.x-opt-{selector}", hub, "0");
        long Time(int seconds) => Now.AddSeconds(seconds).ToUnixTimeMilliseconds();

        Assert.Equal(-1, After("offset > '-1'"));
        Assert.Equal(19, After("offset > '@latest'"));
        Assert.Equal(7, After("offset > 7"));
        Assert.Equal(6, After("sequence-number >= '7'"));
        Assert.Equal(-1, After("sequence-number >= '0'"));
        // Two events in each second.
        Assert.Equal(-1, After($"enqueued-time > '{Time(-1)}'"));
        Assert.Equal(1, After($"enqueued-time > '{Time(0)}'"));
        Assert.Equal(11, After($"enqueued-time >= {Time(6)}"));
        Assert.Equal(19, After($"enqueued-time > '{Time(999)}'"));
        Assert.Throws<AmqpException>(() => After("offset > 'x'"));
        Assert.Throws<AmqpException>(() => StartPosition.After("1 = 1", hub, "0"));
    }

    [Fact]
    public void Readers_WithoutOwnerLevel_AreAtMostFive_AndMakeRoomForAnOwner()
    {
        var readers = new HubReaders();
        var lost = new List<string>();
        HubReader Reader(string group, long? level) => new(group, "0", level, reason => lost.Add(reason.Condition));
        HubReader[] five = [.. Enumerable.Range(0, 5).Select(_ => Reader("g", null))];
        Array.ForEach(five, readers.Enter);

        Assert.Equal(
            Conditions.ResourceLimitExceeded, Assert.Throws<AmqpException>(() => readers.Enter(Reader("G", null))).Condition);
        readers.Enter(Reader("other", null));
        readers.Leave(five[0]);
        readers.Enter(Reader("g", null));
        Assert.Empty(lost);

        HubReader owner = Reader("g", 3);
        readers.Enter(owner);
        Assert.Equal(Enumerable.Repeat(Conditions.LinkStolen, 5), lost);
        Assert.Equal(Conditions.LinkStolen, Assert.Throws<AmqpException>(() => readers.Enter(Reader("g", 2))).Condition);
        Assert.Equal(Conditions.LinkStolen, Assert.Throws<AmqpException>(() => readers.Enter(Reader("g", null))).Condition);
        readers.Leave(owner);
        readers.Enter(Reader("g", 0));
    }

    private static string? Refusal(string token)
    {
        try
        {
            SharedAccessKey.WellKnown.Read(token, Now);
            return null;
        }
        catch (AmqpException refused)
        {
            return refused.Message;
        }
    }

    private static string Token(string resource, DateTimeOffset expires, string key)
    {
        string escaped = Uri.EscapeDataString(resource);
        byte[] signature = HMACSHA256.HashData(
            Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes($"{escaped}\n{expires.ToUnixTimeSeconds()}"));
        return $"SharedAccessSignature sr={escaped}&sig={Uri.EscapeDataString(Convert.ToBase64String(signature))}"
            + $"&se={expires.ToUnixTimeSeconds()}&skn={SharedAccessKey.WellKnown.Name}";
    }
}
