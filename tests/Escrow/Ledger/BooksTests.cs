using FinVault.Escrow;
using FinVault.Platform;
using Microsoft.Azure.Cosmos;

namespace FinVault.Tests.Escrow.Ledger;

public sealed class BooksTests : LedgerTest
{
    private bool _tampered;

    [Fact]
    public async Task TrialBalance_HasARowACurrency_EachZero()
    {
        await FundAsync(1000);
        await HoldAsync(400);
        await Ledger.OpenAccountAsync("BANK_KW", AccountKind.Provider, "KWD", default);
        await Ledger.OpenAccountAsync("HOST_KW", AccountKind.Host, "KWD", default);
        await Ledger.TransferAsync(new("KW", "BANK_KW", "HOST_KW", 7, "KWD"), default);
        TrialBalance balance = await Books.TrialBalanceAsync(default);
        Assert.True(balance.Balanced);
        Assert.Equal(
            [
                new CurrencyBalance("INR", -400, 400, 0) { Accounts = 3 },
                new CurrencyBalance("KWD", 0, 0, 0) { Accounts = 2 },
            ],
            balance.Currencies);
    }

    [Fact]
    public async Task Balance_AtAPastInstant_IsWhatItWas()
    {
        DateTimeOffset opened = Clock.GetUtcNow();
        Clock.Advance(TimeSpan.FromSeconds(1));
        await FundAsync(1000);
        DateTimeOffset funded = Clock.GetUtcNow();
        Clock.Advance(TimeSpan.FromMilliseconds(50));
        await HoldAsync(400);
        LedgerAccount host = (await Ledger.FindAccountAsync(Host, default))!;
        async Task<(long, long)?> At(DateTimeOffset at) =>
            await Books.BalanceAtAsync(host, at, default) is { } balance ? (balance.Available, balance.Held) : null;

        Assert.Null(await At(opened.AddMilliseconds(-1)));
        Assert.Equal((0, 0), await At(opened));
        Assert.Equal((1000, 0), await At(funded));
        Assert.Equal((1000, 0), await At(funded.AddMilliseconds(49)));
        Assert.Equal((600, 400), await At(funded.AddMilliseconds(50)));
    }

    [Fact]
    public async Task Statement_PagesThroughEveryEntry_NewestFirst()
    {
        await FundAsync(1000);
        for (int i = 0; i < 6; i++)
        {
            await Ledger.TransferAsync(Pay(10 + i, $"P{i}"), default);
        }

        List<LedgerEntry> all = [];
        string? cursor = null;
        do
        {
            Page<LedgerEntry> page = await Books.StatementAsync(Host, new PageRequest(3, 0, cursor), default);
            all.AddRange(page.Data);
            cursor = page.NextCursor;
        }
        while (cursor is not null);

        Assert.Equal([7, 6, 5, 4, 3, 2, 1], all.Select(entry => entry.Sequence));
        Assert.Equal((-15, 925, Merchant, "P5"), (all[0].AvailableChange, all[0].Available, all[0].Counterparty, all[0].Transfer));
        string foreign = (await Books.StatementAsync(Host, new PageRequest(1, 0, null), default)).NextCursor!;
        await Assert.ThrowsAsync<ProblemException>(
            () => Books.StatementAsync(Merchant, new PageRequest(1, 0, foreign), default));
    }

    [Theory]
    [InlineData("PAY:debit", "/availableChange", -1L)]
    [InlineData("PAY:debit", "/reference", "escrow 9")]
    [InlineData("PAY:debit", "/counterparty", "HOST_2")]
    [InlineData("PAY:debit", "/at", "2025-01-01T00:00:00Z")]
    [InlineData("PAY:debit", "/hash", "00")]
    [InlineData("balance", "/available", 1_000_000L)]
    [InlineData("balance", "/kind", "provider")]
    public async Task Verify_FindsWhatWasTamperedWith(string id, string path, object value)
    {
        await FundAsync(1000);
        await Ledger.TransferAsync(Pay(300), default);
        await Ledger.TransferAsync(Pay(200, "PAY2"), default);
        Assert.True((await VerifyAsync()).Intact);
        _tampered = true;
        await Store.PatchItemAsync<object>(id, new PartitionKey(Host), [PatchOperation.Set(path, value)]);
        JournalCheck check = await VerifyAsync();
        Assert.False(check.Intact);
        Assert.NotNull(check.Reason);
        Assert.Equal(path is "/kind" ? 1 : id == "balance" ? 4 : 2, check.BrokenAt);
    }

    [Fact]
    public async Task Verify_FindsARemovedEntry_AlsoTheLast()
    {
        await FundAsync(1000);
        await Ledger.TransferAsync(Pay(300), default);
        await Ledger.TransferAsync(Pay(200, "PAY2"), default);
        await Store.DeleteItemAsync<object>("PAY2:debit", new PartitionKey(Host));
        Assert.Equal((false, 3), await BrokenAsync());
        await Store.DeleteItemAsync<object>("TOPUP_HOST_1_1000:credit", new PartitionKey(Host));
        Assert.Equal((false, 1), await BrokenAsync());
    }

    [Fact]
    public async Task TrialBalance_SeesMoneyOutOfNothing()
    {
        await FundAsync(1000);
        await Store.PatchItemAsync<object>("balance", new PartitionKey(Host), [PatchOperation.Increment("/available", 1)]);
        _tampered = true;
        TrialBalance balance = await Books.TrialBalanceAsync(default);
        Assert.False(balance.Balanced);
        Assert.Equal(1, Assert.Single(balance.Currencies).Total);
    }

    internal override Task AssertBooksAsync() => _tampered ? Task.CompletedTask : base.AssertBooksAsync();

    private Container Store => Client.GetContainer(Containers.Database, Containers.Ledger);

    private async Task<JournalCheck> VerifyAsync() =>
        await Books.VerifyAsync((await Ledger.FindAccountAsync(Host, default))!, default);

    private async Task<(bool, long?)> BrokenAsync()
    {
        _tampered = true;
        JournalCheck check = await VerifyAsync();
        return (check.Intact, check.BrokenAt);
    }
}
