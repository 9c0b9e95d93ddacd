using FinVault.Identity;
using FinVault.Local.Feed;
using FinVault.Local.Identity;
using FinVault.Portfolios;

namespace FinVault.Local.Portfolios;

/// <summary>
/// A small portfolio of the demo symbols for the first of the made-up users, in rupees and in dollars, with a past: what a
/// newcomer sees has gains, losses, a sale, a dividend, a bonus issue and an exchange rate in it. What was bought and sold
/// was so at that day's close.
/// </summary>
internal static class DemoPortfolio
{
    private static readonly (string Symbol, int DaysAgo, decimal Units)[] Purchases =
    [
        ("TEST-AURUM", 700, 40), ("TEST-ARGENT", 640, 120), ("TEST-FERRUM", 500, 60),
        ("TEST-COBALT", 410, 30), ("TEST-TITAN", 330, 80), ("TEST-AURUM", 240, 20),
        ("TEST-NEON", 160, 150), ("TEST-CARBON", 75, 35), ("TEST-TITAN", 12, 40),
    ];

    /// <summary>Makes it, unless the user has one.</summary>
    public static async Task EnsureAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        DemoUser demo = DemoUsers.All[0];
        CurrentUser user = new(demo.UserId, demo.TenantId, demo.Roles.ToHashSet());
        Valuations valuations = services.GetRequiredService<Valuations>();
        if ((await valuations.ReadAllAsync(user, null, cancellationToken)).Accounts.Count > 0)
        {
            return;
        }

        TimeProvider time = services.GetRequiredService<TimeProvider>();
        await services.GetRequiredService<FxStore>().PutAsync(new SimulatedRates(time).Table(), cancellationToken);
        Transactions transactions = services.GetRequiredService<Transactions>();
        Accounts accounts = services.GetRequiredService<Accounts>();
        DateTimeOffset now = time.GetUtcNow();
        PortfolioAccount rupees = await accounts.OpenAsync(
            user, new("Rupee account", "INR") { TracksCash = true }, cancellationToken);
        await transactions.RecordAsync(user, rupees.Id, Rupees(now), cancellationToken);
        PortfolioAccount dollars = await accounts.OpenAsync(user, new("Dollar account", "USD"), cancellationToken);
        await transactions.RecordAsync(
            user, dollars.Id, [Buy(now, "TEST-IODINE", 450, 30), Buy(now, "TEST-XENON", 120, 10)],
            cancellationToken);
    }

    /// <summary>
    /// Makes its daily snapshots, once there are closes to make them from: else they would wait for the timer that makes
    /// those of everybody. Made again, they are the same.
    /// </summary>
    /// <returns>How many of its accounts could not be done; the timer finds them again.</returns>
    public static async Task<int> MakeSnapshotsAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        DemoUser demo = DemoUsers.All[0];
        IReadOnlyList<string> accounts = await services.GetRequiredService<PortfolioStore>()
            .AccountsOfAsync(demo.TenantId, demo.UserId, cancellationToken);
        DateOnly day = services.GetRequiredService<SnapshotCalendar>().LastClosed();
        return await services.GetRequiredService<Snapshots>().MakeAsync(day, accounts, cancellationToken);
    }

    private static TransactionRequest[] Rupees(DateTimeOffset now) =>
    [
        new(TransactionKind.Deposit, "INR", now.AddDays(-720)) { Amount = 50_000_000 },
        .. Purchases.Select(p => Buy(now, p.Symbol, p.DaysAgo, p.Units)),
        Buy(now, "TEST-FERRUM", 200, 25) with { Kind = TransactionKind.Sell },
        Buy(now, "TEST-NEON", 30, 50) with { Kind = TransactionKind.Sell },
        new(TransactionKind.Dividend, "INR", now.AddDays(-150)) { Symbol = "TEST-ARGENT", Amount = 420_000 },
        new(TransactionKind.BonusIssue, "INR", now.AddDays(-DemoPast.BonusDaysAgo(now)))
        {
            Symbol = DemoPast.BonusSymbol,
            Ratio = DemoPast.BonusRatio,
        },
        new(TransactionKind.Fee, "INR", now.AddDays(-90)) { Amount = 59_000, Note = "Yearly fee" },
    ];

    private static TransactionRequest Buy(DateTimeOffset now, string symbol, int daysAgo, decimal units) =>
        new(TransactionKind.Buy, "INR", now.AddDays(-daysAgo))
        {
            Symbol = symbol,
            Exchange = "TEST",
            Quantity = units,
            Price = DemoPast.CloseOf(symbol, daysAgo, now),
            Fees = 2_000,
        };
}
