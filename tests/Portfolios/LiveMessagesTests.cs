using System.Text.Json;
using System.Text.RegularExpressions;
using FinVault.Market.Calendar;
using FinVault.Platform;
using FinVault.Portfolios;
using FinVault.Tests.Support;

namespace FinVault.Tests.Portfolios;

/// <summary>
/// What is pushed of a portfolio: all that a price can change, in few bytes, in messages that a browser takes in between
/// two frames. The client's tests (web/src/portfolio/push.test.ts) merge the pushes that are kept beside it.
/// </summary>
public sealed partial class LiveMessagesTests
{
    private const string Kept = "web/src/portfolio/records/pushed.json";

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(100, 1)]
    [InlineData(101, 2)]
    [InlineData(850, 9)]
    public void Update_OfManyHoldings_IsSentInParts_EachWithTheWholeTotal(int holdings, int messages)
    {
        LiveHolding[] changed = [.. Enumerable.Range(0, holdings).Select(i => new LiveHolding($"PACC_{i}", null!))];
        LiveUpdate update = new(DateTimeOffset.UnixEpoch, null!, [], changed);
        LiveUpdate[] parts = [.. LivePortfolio.MessagesOf(update)];
        Assert.Equal(messages, parts.Length);
        Assert.All(parts, part => Assert.InRange(part.Holdings.Count, 0, LivePortfolio.HoldingsAMessage));
        Assert.All(parts, part => Assert.Equal(update with { Holdings = part.Holdings }, part));
        Assert.Equal(changed, parts.SelectMany(part => part.Holdings));
    }

    /// <summary>FINVAULT_KEEP_RECORDS=1 writes them anew.</summary>
    [Fact]
    public void KeptPushes_AreWhatIsSent()
    {
        IEnumerable<string> steps = Enumerable.Range(0, PushedWorld.Steps).Select(step => JsonSerializer.Serialize(
            new
            {
                push = step == 0 ? null : PushedWorld.Push(step),
                overview = PushedWorld.Read(step),
                holdings = PushedWorld.Holdings(step),
            },
            Json.Options));
        string json = $"[\n{string.Join(",\n", steps)}\n]";
        string file = Repository.PathTo(Kept);
        if (Environment.GetEnvironmentVariable("FINVAULT_KEEP_RECORDS") is not null)
        {
            File.WriteAllText(file, json + "\n");
        }

        Assert.Equal(json, File.ReadAllText(file).TrimEnd());
    }

    /// <summary>Azure bills by 2 KB, and infra/capacity.md reckons with these bytes.</summary>
    [Theory]
    [InlineData("INR")]
    [InlineData("USD")]
    public void Update_OfTenHoldings_IsOneMessageOfLessThan2Kb_AndNoMoreThanIsReckoned(string currency)
    {
        int none = LengthOf(0, currency), ten = LengthOf(10, currency);
        Assert.InRange(ten, 1, 2_047);

        JsonElement reckoned = JsonElement.Parse(
            Block().Match(File.ReadAllText(Repository.PathTo("infra", "capacity.md"))).Groups["json"].Value);
        Assert.InRange(none, 1, reckoned.GetProperty("portfolioBytes").GetInt32());
        Assert.InRange((ten - none) / 10.0, 1, reckoned.GetProperty("holdingBytes").GetInt32());
    }

    // As it goes over the wire: of one account, at prices of thousands and for hundreds of units each.
    private static int LengthOf(int holdings, string currency)
    {
        DateTimeOffset at = new(2026, 1, 5, 6, 0, 0, 900, TimeSpan.Zero);
        PortfolioAccount account = new("PACC_01ARZ3NDEKTSV4RRFFQ69G5FAV", "U", "T", "N", "INR", LotMethod.Fifo, false, default);
        LiveRate rate = new(currency, "INR", currency == "INR" ? 1 : 83.1234m, at.AddHours(-3), false, "rates.example");
        HoldingView[] views = [.. Enumerable.Range(0, 10).Select(i =>
        {
            Position position = new($"TEST-SYM{i}", currency) { Lots = [new("T", default, 250 + i, new(90_123_400, 90_123_400))] };
            PricedAt price = new(
                4_321.55m - i, currency, 4_300.15m, at.AddMilliseconds(-950), at.AddMilliseconds(-1_400), false,
                SessionState.Open, "test-feed");
            return HoldingValuation.Of(
                new("A", "0", position, "XNSE"), account, new(price, rate with { To = currency, Rate = 1 }, rate, at, default));
        })];
        AccountSummary summary = AccountSummary.Of(account, views, []) with { Records = 120 };
        PortfolioTotal total = PortfolioTotal.Of([summary], "INR", new Dictionary<string, LiveRate?> { ["INR"] = rate with { Rate = 1 } });
        LiveUpdate update = new(at, total, [summary], [.. views.Take(holdings).Select(view => new LiveHolding(account.Id, view))]);
        return JsonSerializer.SerializeToUtf8Bytes(
            new { type = 1, target = LivePortfolio.Target, arguments = new[] { update } }, Json.Options).Length;
    }

    [GeneratedRegex(@"```json\n(?<json>.*?)\n```", RegexOptions.Singleline)]
    private static partial Regex Block();
}
