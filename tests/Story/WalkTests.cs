using FinVault.Escrow;
using FinVault.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit.Abstractions;

namespace FinVault.Tests.Story;

/// <summary>The README's walk through the whole story, run as it stands there against a local host.</summary>
public sealed class WalkTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    [NodeFact]
    public async Task Walk_FromTheTopUpToThePaidMerchant_EndsWithBooksThatBalance()
    {
        await using AppHost app = await AppHost.StartAsync(AppHost.Defaults with { DemoAccounts = true });

        Tool.Result walked = await Tool.RunAsync("node", ["docs/walk.mjs", app.Host.BaseAddress.ToString()], Limit);

        output.WriteLine(walked.Output);
        Assert.True(walked.ExitCode == 0, walked.Error);
        Assert.Contains("the draw is as it was committed to", walked.Output, StringComparison.Ordinal);
        Assert.Contains("5 winners among 500", walked.Output, StringComparison.Ordinal);
        Assert.Contains("3 codes, 2 phones", walked.Output, StringComparison.Ordinal);

        // Not what the walk says of the books, but the books.
        LedgerBooks books = app.Host.Services.GetRequiredService<LedgerBooks>();
        TrialBalance balance = await books.TrialBalanceAsync(default);
        CurrencyBalance rupees = Assert.Single(balance.Currencies);
        Assert.Equal(0, rupees.Total);
        Ledger ledger = app.Host.Services.GetRequiredService<Ledger>();
        long fee = (await ledger.FindAccountAsync(LedgerAccount.PlatformId(AccountKind.Fee, "INR"), default))!.Available;
        // Of two cards of 500 rupees, after the provider's 1.75 %: 2.5 % each, 12.28 rupees.
        Assert.Equal(2 * 1_228, fee);
    }
}
