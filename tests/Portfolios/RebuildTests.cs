using System.Text.Json;
using FinVault.Identity;
using FinVault.Portfolios;
using FsCheck;
using FsCheck.Fluent;

namespace FinVault.Tests.Portfolios;

/// <summary>What is held is at any time what the transactions say, however they came.</summary>
public sealed class RebuildTests : IAsyncLifetime
{
    private const int Histories = 12;
    private const int Longest = 40;

    private static readonly string[] Symbols = ["TCS", "INFY", "M&M"];

    private PortfolioApp _app = null!;

    public async Task InitializeAsync() => _app = await PortfolioApp.StartAsync();

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public void Rebuild_AfterAnyHistory_FindsNoDifference() =>
        Prop.ForAll(Moves(), numbers => PlayAsync(numbers).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(Histories));

    [Fact]
    public async Task Rebuild_OfAHoldingThatWasSpoilt_MendsItAndSaysSo()
    {
        string account = await _app.OpenAsync();
        await _app.RecordAsync(account, PortfolioApp.Trade("buy", "TCS", 10, 100, "2023-01-02"));
        PortfolioDocuments documents = _app.Get<PortfolioDocuments>();
        HoldingDocument held = Assert.Single(await _app.Get<PortfolioStore>().HoldingsAsync(account, default));
        await documents.Container.UpsertItemAsync(
            held with { Position = held.Position with { Bought = DualAmount.Same(1) } });
        _app.SignIn(PortfolioApp.Harish, Roles.Admin);

        JsonElement report = await _app.PostAsync($"portfolios/{account}/rebuild", new { });

        Assert.Equal("TCS", Assert.Single(report.GetProperty("differences").EnumerateArray()).GetString());
        Assert.Equal(100_000L, (await _app.PositionAsync(account, "TCS"))!.Bought.Account);
        report = await _app.PostAsync($"portfolios/{account}/rebuild", new { });
        Assert.Equal(0, report.GetProperty("differences").GetArrayLength());
    }

    private static Arbitrary<int[]> Moves() => Arb.From(
        Gen.Choose(1, Longest).SelectMany(length => Gen.Choose(0, int.MaxValue - 1).ArrayOf(length)),
        numbers => numbers.Length < 2 ? [] : [numbers[..(numbers.Length / 2)], numbers[1..], numbers[..^1]]);

    // Refused moves are part of the history: they must leave nothing.
    private async Task PlayAsync(int[] numbers)
    {
        CurrentUser user = new(PortfolioApp.Asha, PortfolioApp.Tenant, new HashSet<string> { Roles.User });
        Transactions transactions = _app.Get<Transactions>();
        Accounts accounts = _app.Get<Accounts>();
        PortfolioAccount account = await accounts.OpenAsync(
            user, new("Random", "INR") { LotMethod = (LotMethod)(numbers[0] % 4), TracksCash = true, ShortSelling = numbers[0] % 8 < 4 }, default);
        List<string> ids = [];
        int refusals = 0;
        foreach (int number in numbers)
        {
            try
            {
                if (number % 7 == 0 && ids.Count > 0)
                {
                    await transactions.ReverseAsync(user, account.Id, ids[number / 7 % ids.Count], null, default);
                }
                else
                {
                    ids.Add((await transactions.RecordAsync(user, account.Id, [Move(number)], default))[0].Id);
                }
            }
            catch (FinVault.Platform.ProblemException refused) when (refused.Problem.Code == "transaction_refused")
            {
                refusals++;
            }
        }

        RebuildReport report = await accounts.RebuildAsync(user, account.Id, default);
        Assert.Empty(report.Differences);
        Assert.InRange(refusals, 0, numbers.Length);
        Assert.Equal(report.Transactions, (await _app.Get<PortfolioStore>().TransactionsAsync(account.Id, null, default)).Count);
    }

    private static TransactionRequest Move(int number)
    {
        Random random = new(number);
        DateTimeOffset at = new DateTimeOffset(2023, 1, 1, 10, 0, 0, TimeSpan.Zero).AddDays(random.Next(300));
        string symbol = Symbols[random.Next(Symbols.Length)];
        TransactionRequest trade = new(TransactionKind.Buy, "INR", at)
        {
            Symbol = symbol,
            Quantity = random.Next(1, 5_000) / 100m,
            Price = random.Next(1, 100_000) / 100m,
            Fees = random.Next(0, 100),
        };
        return random.Next(10) switch
        {
            < 4 => trade,
            < 7 => trade with { Kind = TransactionKind.Sell, Quantity = trade.Quantity / 2, Fees = 0 },
            7 => new(TransactionKind.Split, "INR", at) { Symbol = symbol, Ratio = random.Next(2, 5) },
            8 => new(TransactionKind.Dividend, "INR", at) { Symbol = symbol, Amount = random.Next(1, 10_000) },
            _ => new(TransactionKind.Deposit, "INR", at) { Amount = random.Next(1, 10_000) },
        };
    }
}
