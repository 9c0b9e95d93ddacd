using FinVault.Escrow;

namespace FinVault.Tests.Escrow.Ledger;

public sealed class HoldTests : LedgerTest
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    [Fact]
    public async Task Hold_CountsAgainstAvailable()
    {
        await FundAsync(1000);
        TransferResult held = await HoldAsync(600);
        Assert.Equal((TransferCode.Created, TransferState.Pending), (held.Code, held.Transfer!.State));
        Assert.Equal((400, 600), await BalanceAsync(Host));
        Assert.Equal(TransferCode.AlreadyDone, (await HoldAsync(600)).Code);
        Assert.Equal(TransferCode.InsufficientFunds, (await HoldAsync(401, "HOLD2")).Code);
        Assert.Equal(TransferCode.DifferentContent, (await Ledger.HoldAsync(Pay(600, "HOLD"), TimeSpan.FromDays(1), default)).Code);
    }

    [Theory]
    [InlineData(null, 600, 400)]
    [InlineData(600L, 600, 400)]
    [InlineData(250L, 250, 750)]
    public async Task Post_MovesAllOrAPart_AndReleasesTheRest(long? amount, long moved, long left)
    {
        await FundAsync(1000);
        await HoldAsync(600);
        TransferResult posted = await Ledger.PostAsync("HOLD", amount, default);
        Assert.Equal((TransferCode.Posted, TransferState.Posted, moved), (posted.Code, posted.Transfer!.State, posted.Transfer.PostedAmount));
        Assert.Equal(((left, 0), (moved, 0)), (await BalanceAsync(Host), await BalanceAsync(Merchant)));
        Assert.Equal(TransferCode.AlreadyDone, (await Ledger.PostAsync("HOLD", amount, default)).Code);
        Assert.Equal(TransferCode.AlreadyPosted, (await Ledger.PostAsync("HOLD", 1, default)).Code);
        await AssertSettledAsync();
    }

    [Fact]
    public async Task Post_OfAWrongAmount_IsRefused()
    {
        await FundAsync(1000);
        await HoldAsync(600);
        Assert.Equal(TransferCode.ExceedsHold, (await Ledger.PostAsync("HOLD", 601, default)).Code);
        Assert.Equal(TransferCode.InvalidAmount, (await Ledger.PostAsync("HOLD", 0, default)).Code);
        Assert.Equal((400, 600), await BalanceAsync(Host));
    }

    [Fact]
    public async Task Void_GivesItBack_ForGood()
    {
        await FundAsync(1000);
        await HoldAsync(600);
        Assert.Equal(TransferCode.Voided, (await Ledger.VoidAsync("HOLD", default)).Code);
        Assert.Equal((1000, 0), await BalanceAsync(Host));
        TransferResult again = await Ledger.VoidAsync("HOLD", default);
        Assert.Equal((TransferCode.AlreadyDone, null), (again.Code, again.Refusal));
        TransferResult late = await Ledger.PostAsync("HOLD", null, default);
        Assert.Equal(TransferCode.AlreadyVoided, late.Code);
        Assert.Equal(new TransitionRefusal(TransferState.Voided, TransferState.Posted, TransferEvent.Post), late.Refusal);
        Assert.Equal(TransferCode.AlreadyDone, (await HoldAsync(600)).Code);
        Assert.Equal((1000, 0), await BalanceAsync(Host));
    }

    [Fact]
    public async Task Hold_ThatIsOver_IsGivenBackByWhoeverComesFirst()
    {
        await FundAsync(1000);
        await HoldAsync(600);
        await HoldAsync(100, "HOLD2");
        Assert.Equal(TransferCode.NotDue, (await Ledger.ExpireAsync("HOLD", default)).Code);
        Clock.Advance(Lifetime);
        Assert.Equal(TransferCode.AlreadyExpired, (await Ledger.PostAsync("HOLD", null, default)).Code);
        Assert.Equal((900, 100), await BalanceAsync(Host));
        Assert.Equal(1, await Ledger.RecoverAsync(default));
        Assert.Equal((1000, 0), await BalanceAsync(Host));
        Assert.Equal(TransferCode.AlreadyDone, (await Ledger.ExpireAsync("HOLD2", default)).Code);
        Assert.Equal(TransferCode.AlreadyExpired, (await Ledger.VoidAsync("HOLD2", default)).Code);
    }

    [Fact]
    public async Task DirectTransfer_CannotBeDecidedAgain()
    {
        await FundAsync(1000);
        await Ledger.TransferAsync(Pay(300), default);
        Assert.Equal(TransferCode.AlreadyPosted, (await Ledger.VoidAsync("PAY", default)).Code);
        Assert.Equal(TransferCode.AlreadyPosted, (await Ledger.PostAsync("PAY", null, default)).Code);
        Assert.Equal(TransferCode.UnknownTransfer, (await Ledger.VoidAsync("NONE", default)).Code);
        Assert.Equal(TransferCode.InvalidLifetime, (await Ledger.HoldAsync(Pay(1, "L"), TimeSpan.Zero, default)).Code);
    }

    [Fact]
    public async Task Races_ToPostAndVoid_HaveOneWinner()
    {
        await FundAsync(1000);
        for (int round = 0; round < 5; round++)
        {
            string id = $"HOLD{round}";
            await HoldAsync(100, id);
            TransferResult[] results = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() => i % 2 == 0
                ? AnotherProcess().PostAsync(id, null, default)
                : AnotherProcess().VoidAsync(id, default))));
            Assert.Single(results, r => r.Code is TransferCode.Posted or TransferCode.Voided);
            Assert.Single(results.Select(r => r.Transfer!.State).Distinct());
        }

        await AssertSettledAsync();
    }

    [Fact]
    public void Transitions_AreTheseAndNoOthers()
    {
        var legal = from state in Enum.GetValues<TransferState>()
                    from happened in Enum.GetValues<TransferEvent>()
                    let next = TransferTransitions.Next(state, happened, out _)
                    where next is not null
                    select (state, happened, next.Value);
        Assert.Equal(
            [
                (TransferState.Pending, TransferEvent.Post, TransferState.Posting),
                (TransferState.Pending, TransferEvent.Void, TransferState.Voided),
                (TransferState.Pending, TransferEvent.Expire, TransferState.Expired),
                (TransferState.Posting, TransferEvent.Credit, TransferState.Posted),
            ],
            legal);
        Assert.DoesNotContain(legal, transition => TransferTransitions.IsTerminal(transition.state));
    }
}
