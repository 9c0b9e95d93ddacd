using FinVault.Escrow;
using FinVault.Local.Cosmos;
using FinVault.Platform;
using Microsoft.Azure.Cosmos;

namespace FinVault.Tests.Escrow.Escrows;

/// <summary>Escrows in the whole app; after each test its books balance.</summary>
public sealed class EscrowTests : IAsyncLifetime
{
    private EscrowApp _app = null!;
    private string _card = null!;

    public async Task InitializeAsync()
    {
        // No others: their timers and change feeds would meet the faults that are meant for escrows.
        Type[] functions = [typeof(WalletFunctions), typeof(PaymentFunctions)];
        _app = await EscrowApp.StartAsync(change: options => options with { FunctionTypes = functions });
        await _app.FundAsync();
        _card = await _app.AddCardAsync();
    }

    public Task DisposeAsync() => _app.DisposeAsync().AsTask();

    [Fact]
    public async Task Creation_TakesMoneyAndACard_Once()
    {
        EscrowRequest request = _app.GiftCard(_card);
        EscrowResult created = await _app.Escrows.CreateAsync(request, default);
        EscrowResult again = await _app.Escrows.CreateAsync(request, default);
        Assert.Equal((EscrowCode.Done, EscrowCode.AlreadyDone), (created.Code, again.Code));
        Assert.Equal((EscrowState.Held, 1.7321m), (created.Escrow!.State, created.Escrow.ProviderFeePercent));
        await AssertMoneyAsync(EscrowApp.Funds - 50_000, 50_000, 2);
        EscrowResult other = await _app.Escrows.CreateAsync(request with { Reference = "EVENT_2" }, default);
        Assert.Equal(EscrowCode.DifferentContent, other.Code);
    }

    [Fact]
    public async Task Creation_WithoutFunds_FailsForGoodAndGivesTheCardBack()
    {
        string dear = await _app.AddCardAsync(EscrowApp.Funds + 1);
        EscrowRequest request = _app.GiftCard(dear, EscrowApp.Funds + 1);
        EscrowResult failed = await _app.Escrows.CreateAsync(request, default);
        Assert.Equal((EscrowCode.InsufficientFunds, EscrowState.Failed), (failed.Code, failed.Escrow!.State));
        Assert.Equal((EscrowApp.Funds, 3), (await _app.WalletAsync(), await _app.StockAsync(dear)));
        await _app.FundAsync(5, 0, "BANK_2");
        Assert.Equal(EscrowCode.InsufficientFunds, (await _app.Escrows.CreateAsync(request, default)).Code);
        Assert.Equal(EscrowApp.Funds + 5, await _app.WalletAsync());
    }

    [Fact]
    public async Task Creation_OfMoreThanTheStock_FailsAndTakesNothing()
    {
        EscrowResult[] created = await Task.WhenAll(Enumerable.Range(0, 5)
            .Select(_ => _app.Escrows.CreateAsync(_app.GiftCard(_card), default)));
        Assert.Equal(3, created.Count(result => result.Code == EscrowCode.Done));
        Assert.Equal(2, created.Count(result => result.Code == EscrowCode.OutOfStock));
        await AssertMoneyAsync(EscrowApp.Funds - 150_000, 150_000, 0);
    }

    [Fact]
    public async Task Creation_OfWhatMakesNoSense_IsRefused()
    {
        EscrowRequest good = _app.GiftCard(_card);
        EscrowRequest[] bad =
        [
            good with { Id = "ESCROW_1" }, good with { Amount = 49_999 }, good with { Currency = "USD" },
            good with { Tenant = "T" }, good with { Backing = PrizeBacking.Airtime with { CardId = _card } },
            good with { Reference = "" }, good with { ExpiresAt = _app.Clock.GetUtcNow() },
        ];
        foreach (EscrowRequest request in bad)
        {
            Assert.Equal(EscrowCode.InvalidRequest, (await _app.Escrows.CreateAsync(request, default)).Code);
        }

        EscrowRequest unknown = _app.GiftCard(_app.NewId("CARD"));
        Assert.Equal(EscrowCode.UnknownCard, (await _app.Escrows.CreateAsync(unknown, default)).Code);
    }

    [Fact]
    public async Task Allocation_IsOneWinners()
    {
        EscrowRequest request = await HeldAsync();
        Assert.Equal(EscrowCode.Done, (await AllocateAsync(request, 1)).Code);
        Assert.Equal(EscrowCode.AlreadyDone, (await AllocateAsync(request, 1)).Code);
        EscrowResult other = await AllocateAsync(request, 2);
        Assert.Equal((EscrowCode.DifferentContent, "PARTICIPANT_1"), (other.Code, other.Escrow!.ParticipantId));
        Assert.Equal(_app.Clock.GetUtcNow().AddDays(90), other.Escrow.ExpiresAt);
    }

    [Fact]
    public async Task Allocation_ByManyAtOnce_HasOneWinner()
    {
        EscrowRequest request = await HeldAsync();
        EscrowResult[] results = await Task.WhenAll(Enumerable.Range(1, 8).Select(i => AllocateAsync(request, i)));
        Assert.Single(results, result => result.IsDone);
        Assert.Equal(7, results.Count(result => result.Code == EscrowCode.DifferentContent));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Release_GivesBackOnce(bool won)
    {
        EscrowRequest request = await HeldAsync();
        if (won)
        {
            await AllocateAsync(request, 1);
        }

        EscrowResult[] results = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => ReleaseAsync(request)));
        Assert.All(results, result => Assert.True(result.IsDone));
        Assert.All(results, result => Assert.Equal(EscrowState.Released, result.Escrow!.State));
        await AssertMoneyAsync(EscrowApp.Funds, 0, 3);
        EscrowResult late = await AllocateAsync(request, 1);
        Assert.Equal(
            (EscrowCode.Refused, new EscrowRefusal(EscrowState.Released, EscrowState.Allocated, EscrowEvent.Allocate)),
            (late.Code, late.Refusal));
    }

    [Fact]
    public async Task Release_BesideAllocation_LeavesOneOfBoth()
    {
        for (int i = 0; i < 3; i++)
        {
            EscrowRequest request = await HeldAsync();
            await Task.WhenAll(AllocateAsync(request, 1), ReleaseAsync(request));
            EscrowView found = (await _app.Escrows.FindAsync(EscrowApp.Host, request.Id, default))!;
            Assert.Equal(EscrowState.Released, found.State);
        }

        await AssertMoneyAsync(EscrowApp.Funds, 0, 3);
    }

    [Fact]
    public async Task Release_OfAFailedOne_IsRefusedByName()
    {
        EscrowRequest request = _app.Airtime(EscrowApp.Funds * 2);
        await _app.Escrows.CreateAsync(request, default);
        EscrowResult refused = await ReleaseAsync(request);
        Assert.Equal((EscrowCode.Refused, EscrowState.Failed), (refused.Code, refused.Refusal!.From));
        Assert.Equal(
            EscrowCode.UnknownEscrow,
            (await _app.Escrows.ReleaseAsync(EscrowApp.Seller, request.Id, "not mine", default)).Code);
    }

    [Fact]
    public async Task Expiry_Releases()
    {
        EscrowRequest held = _app.GiftCard(_card) with { ExpiresAt = _app.Clock.GetUtcNow().AddMinutes(3) };
        await _app.Escrows.CreateAsync(held, default);
        EscrowRequest won = await HeldAsync();
        await AllocateAsync(won, 1);
        _app.Clock.Advance(TimeSpan.FromMinutes(2));
        await _app.Escrows.RecoverAsync(default);
        Assert.Equal((EscrowState.Held, EscrowState.Allocated), (await StateAsync(held), await StateAsync(won)));

        // Ninety days of a clock that stands still are as many ticks of every timer, so the end comes to the clock.
        DateTimeOffset end = _app.Clock.GetUtcNow().AddMinutes(1);
        await _app.App.Documents.PatchItemAsync<object>(
            won.Id, new PartitionKey(EscrowApp.Host),
            [PatchOperation.Set("/expiresAt", end), PatchOperation.Set("/dueAt", end.ToUnixTimeMilliseconds())]);
        _app.Clock.Advance(TimeSpan.FromMinutes(1));
        await _app.Escrows.RecoverAsync(default);
        Assert.Equal((EscrowState.Released, EscrowState.Released), (await StateAsync(held), await StateAsync(won)));
        Assert.Equal("expired", (await _app.Escrows.FindAsync(EscrowApp.Host, won.Id, default))!.Reason);
        await AssertMoneyAsync(EscrowApp.Funds, 0, 3);
    }

    /// <summary>Fails at one request to the store after the other, before it is done and after it, and then recovers.</summary>
    [Theory]
    [InlineData(FaultKind.Unavailable)]
    [InlineData(FaultKind.DoneButUnavailable)]
    public async Task Crash_AtAnyStep_IsMadeGood(FaultKind kind)
    {
        bool failed = true;
        int held = 0;
        for (int step = 0; failed; step++)
        {
            EscrowRequest request = _app.GiftCard(_card);
            failed = await FailsAtAsync(step, kind, async () =>
            {
                Assert.True((await _app.Escrows.CreateAsync(request, default)).IsDone);
                Assert.True((await AllocateAsync(request, 1)).IsDone);
                Assert.True((await ReleaseAsync(request)).IsDone);
            });
            _app.Clock.Advance(TimeSpan.FromMinutes(2));
            await _app.App.Ledger.RecoverAsync(default);
            await _app.Escrows.RecoverAsync(default);
            if (await _app.Escrows.FindAsync(EscrowApp.Host, request.Id, default) is not { } rest)
            {
                continue;
            }

            Assert.NotEqual(EscrowState.Pending, rest.State);
            await ReleaseAsync(request);
            await AssertMoneyAsync(EscrowApp.Funds, 0, 3);
            held++;
        }

        Assert.True(held > 20, $"only {held} steps were disturbed");
    }

    /// <summary>False when there are no more requests than that, so that none failed.</summary>
    private async Task<bool> FailsAtAsync(int step, FaultKind kind, Func<Task> act)
    {
        FaultSwitches faults = _app.App.App.Host.Cosmos.Faults;
        long before = faults.Injected;
        using IDisposable fault = faults.Add(new FaultRule(kind) { Skip = step, Next = 1 });
        try
        {
            await act();
        }
        catch (Exception passing) when (Failures.IsTransient(passing))
        {
            Assert.Equal(before + 1, faults.Injected);
        }

        return faults.Injected > before;
    }

    private async Task<EscrowRequest> HeldAsync()
    {
        EscrowRequest request = _app.GiftCard(_card);
        Assert.Equal(EscrowCode.Done, (await _app.Escrows.CreateAsync(request, default)).Code);
        return request;
    }

    private Task<EscrowResult> AllocateAsync(EscrowRequest request, int winner) =>
        _app.Escrows.AllocateAsync(EscrowApp.Host, request.Id, EscrowApp.Winner(winner), default);

    private Task<EscrowResult> ReleaseAsync(EscrowRequest request) =>
        _app.Escrows.ReleaseAsync(EscrowApp.Host, request.Id, "cancelled", default);

    private async Task<EscrowState> StateAsync(EscrowRequest request) =>
        (await _app.Escrows.FindAsync(EscrowApp.Host, request.Id, default))!.State;

    private async Task AssertMoneyAsync(long wallet, long reserved, int stock) => Assert.Equal(
        (wallet, reserved, stock),
        (await _app.WalletAsync(), await _app.PlatformAsync(AccountKind.Escrow), await _app.StockAsync(_card)));
}
