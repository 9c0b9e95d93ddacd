using FinVault.Escrow;

namespace FinVault.Tests.Escrow.Ledger;

public sealed class TransferTests : LedgerTest
{
    [Fact]
    public async Task Transfer_MovesTheAmountAndLeavesNothingInClearing()
    {
        await FundAsync(1000);
        TransferResult result = await Ledger.TransferAsync(Pay(300), default);
        Assert.Equal((TransferCode.Posted, TransferState.Posted, 300), (result.Code, result.Transfer!.State, result.Transfer.PostedAmount));
        Assert.Equal(((700, 0), (300, 0)), (await BalanceAsync(Host), await BalanceAsync(Merchant)));
        Assert.Equal(result.Transfer, await Ledger.FindTransferAsync("PAY", default));
        await AssertSettledAsync();
    }

    [Fact]
    public async Task Transfer_WhenRepeated_IsAlreadyDone()
    {
        await FundAsync(300);
        await Ledger.TransferAsync(Pay(300), default);
        TransferResult again = await AnotherProcess().TransferAsync(Pay(300), default);
        Assert.Equal((TransferCode.AlreadyDone, TransferState.Posted), (again.Code, again.Transfer!.State));
        Assert.Equal((300, 0), await BalanceAsync(Merchant));
    }

    public static TheoryData<TransferRequest> Differing() =>
    [
        Pay(301),
        Pay(300) with { Reference = "escrow 2" },
        Pay(300) with { DebitAccount = Merchant, CreditAccount = Host },
        Pay(300) with { DebitAccount = Bank },
        Pay(300) with { CreditAccount = Bank },
    ];

    [Theory]
    [MemberData(nameof(Differing))]
    public async Task Transfer_WithAKnownIdAndOtherContent_IsRefused(TransferRequest other)
    {
        await FundAsync(1000);
        await Ledger.TransferAsync(Pay(300), default);
        Assert.Equal(TransferCode.DifferentContent, (await Ledger.TransferAsync(other, default)).Code);
        Assert.Equal(TransferCode.DifferentContent, (await HoldAsync(300, "PAY")).Code);
        Assert.Equal(((700, 0), (300, 0)), (await BalanceAsync(Host), await BalanceAsync(Merchant)));
    }

    [Fact]
    public async Task Transfer_OfMoreThanIsAvailable_IsRefusedUntilItIsThere()
    {
        await FundAsync(299);
        Assert.Equal(TransferCode.InsufficientFunds, (await Ledger.TransferAsync(Pay(300), default)).Code);
        Assert.Null(await Ledger.FindTransferAsync("PAY", default));
        await FundAsync(1);
        Assert.Equal(TransferCode.Posted, (await Ledger.TransferAsync(Pay(300), default)).Code);
    }

    public static TheoryData<TransferRequest, TransferCode> Wrong() => new()
    {
        { Pay(0), TransferCode.InvalidAmount },
        { Pay(-1), TransferCode.InvalidAmount },
        { Pay(TransferRequest.MaxAmount + 1), TransferCode.InvalidAmount },
        { Pay(1) with { Id = "a:b" }, TransferCode.InvalidId },
        { Pay(1) with { Id = "X.reversal" }, TransferCode.InvalidId },
        { Pay(1) with { Id = "X\n" }, TransferCode.InvalidId },
        { Pay(1) with { Reference = "a\nb" }, TransferCode.InvalidId },
        { Pay(1) with { Currency = "XXX" }, TransferCode.UnknownCurrency },
        { Pay(1) with { Currency = "USD" }, TransferCode.CurrencyMismatch },
        { Pay(1) with { CreditAccount = Host }, TransferCode.SameAccount },
        { Pay(1) with { CreditAccount = "NOBODY" }, TransferCode.UnknownAccount },
        { Pay(1) with { DebitAccount = "NOBODY" }, TransferCode.UnknownAccount },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task Transfer_ThatIsWrong_SaysHow(TransferRequest request, TransferCode code) =>
        Assert.Equal(code, (await Ledger.TransferAsync(request, default)).Code);

    [Fact]
    public async Task Overdraft_IsForProvidersOnly_AndHasALimit()
    {
        for (int i = 0; i < LedgerAccount.MaxOverdraft / TransferRequest.MaxAmount; i++)
        {
            await Ledger.TransferAsync(new($"T{i}", Bank, Host, TransferRequest.MaxAmount, "INR"), default);
        }

        Assert.Equal((LedgerAccount.MaxOverdraft, 0), await BalanceAsync(Host));
        Assert.Equal(TransferCode.OverdraftLimit, (await Ledger.TransferAsync(new("T", Bank, Host, 1, "INR"), default)).Code);
        TransferRequest back = new("B", Merchant, Bank, 1, "INR");
        Assert.Equal(TransferCode.InsufficientFunds, (await Ledger.TransferAsync(back, default)).Code);
    }

    [Fact]
    public async Task Account_IsOpenedOnce()
    {
        Assert.Equal(AccountCode.AlreadyDone, await Ledger.OpenAccountAsync(Host, AccountKind.Host, "INR", default));
        Assert.Equal(AccountCode.DifferentContent, await Ledger.OpenAccountAsync(Host, AccountKind.Fee, "INR", default));
        Assert.Equal(AccountCode.DifferentContent, await Ledger.OpenAccountAsync(Host, AccountKind.Host, "USD", default));
        Assert.Equal(AccountCode.UnknownCurrency, await Ledger.OpenAccountAsync("H2", AccountKind.Host, "ABC", default));
        Assert.Equal(AccountCode.InvalidId, await Ledger.OpenAccountAsync("a:b", AccountKind.Host, "INR", default));
    }

    [Fact]
    public async Task SubAccounts_AreOneOfEachKindACurrency()
    {
        foreach (AccountKind kind in (AccountKind[])[AccountKind.Main, AccountKind.Escrow, AccountKind.Withdrawal, AccountKind.Fee])
        {
            string id = LedgerAccount.PlatformId(kind, "KWD");
            Assert.Equal(AccountCode.Created, await Ledger.OpenAccountAsync(id, kind, "KWD", default));
        }

        LedgerAccount escrow = (await Ledger.FindAccountAsync("PLATFORM-ESCROW-KWD", default))!;
        Assert.Equal((AccountKind.Escrow, 3), (escrow.Kind, BalanceView.Of(escrow).Exponent));
    }

    [Fact]
    public async Task Reversal_TakesBackOnce_AndIsLinked()
    {
        await FundAsync(500);
        await Ledger.TransferAsync(Pay(300), default);
        TransferResult back = await Ledger.ReverseAsync("PAY", "wrong merchant", default);
        Assert.Equal((TransferCode.Posted, "PAY", 300), (back.Code, back.Transfer!.Reverses, back.Transfer.PostedAmount));
        Assert.Equal(TransferCode.AlreadyDone, (await Ledger.ReverseAsync("PAY", "wrong merchant", default)).Code);
        Assert.Equal(TransferCode.DifferentContent, (await Ledger.ReverseAsync("PAY", "another reason", default)).Code);
        Assert.Equal(TransferCode.NotReversible, (await Ledger.ReverseAsync("PAY.reversal", "", default)).Code);
        Assert.Equal(((500, 0), (0, 0)), (await BalanceAsync(Host), await BalanceAsync(Merchant)));
    }

    [Fact]
    public async Task Reversal_OfWhatIsSpent_OrNotPosted_OrUnknown_IsRefused()
    {
        await FundAsync(500);
        await Ledger.TransferAsync(Pay(300), default);
        await Ledger.TransferAsync(new("SPEND", Merchant, Bank, 1, "INR"), default);
        await HoldAsync(100);
        Assert.Equal(TransferCode.InsufficientFunds, (await Ledger.ReverseAsync("PAY", "", default)).Code);
        Assert.Equal(TransferCode.NotPosted, (await Ledger.ReverseAsync("HOLD", "", default)).Code);
        Assert.Equal(TransferCode.UnknownTransfer, (await Ledger.ReverseAsync("NONE", "", default)).Code);
    }

    [Fact]
    public async Task Races_ForTheLastMoney_NeverOverdraw()
    {
        await FundAsync(1000);
        FinVault.Escrow.Ledger[] processes = [Ledger, AnotherProcess(), AnotherProcess()];
        TransferResult[] results = await Task.WhenAll(Enumerable.Range(0, 30).Select(i => Task.Run(
            () => processes[i % 3].TransferAsync(Pay(100, $"P{i}"), default))));
        Assert.Equal(10, results.Count(r => r.Code == TransferCode.Posted));
        Assert.Equal(20, results.Count(r => r.Code == TransferCode.InsufficientFunds));
        await AssertSettledAsync();
    }

    [Fact]
    public async Task Races_WithOneId_MoveTheMoneyOnce()
    {
        await FundAsync(1000);
        FinVault.Escrow.Ledger[] processes = [Ledger, AnotherProcess(), AnotherProcess()];
        TransferResult[] results = await Task.WhenAll(Enumerable.Range(0, 24).Select(i => Task.Run(
            () => processes[i % 3].TransferAsync(Pay(100), default))));
        Assert.Single(results, r => r.Code == TransferCode.Posted);
        Assert.All(results, r => Assert.True(r.IsDone && r.Transfer!.State == TransferState.Posted));
        Assert.Equal((100, 0), await BalanceAsync(Merchant));
    }
}
