using FinVault.Escrow;
using FinVault.Local.Cosmos;
using FinVault.Platform;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Azure.Cosmos;

namespace FinVault.Tests.Escrow.Ledger;

/// <summary>Whatever is asked of it, in whatever order, while the store fails: the ledger does what its model does.</summary>
public sealed class LedgerModelTests : LedgerTest
{
    private const int Runs = 12;
    private const int LongestRun = 80;
    private const double FaultShare = 0.06;

    private static readonly string[] Accounts = [Bank, Host, Merchant, "FEE"];

    private static readonly FaultKind[] Kinds =
    [
        FaultKind.Unavailable, FaultKind.DoneButUnavailable, FaultKind.DoneButTimedOut, FaultKind.TooManyRequests,
    ];

    private readonly Dictionary<string, TransferState> _ended = [];
    private int _run;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        await Ledger.OpenAccountAsync("FEE", AccountKind.Fee, "INR", default);
    }

    [Fact]
    public void Ledger_OnAnyOperations_AgreesWithItsModel() =>
        Prop.ForAll(Operations(), numbers => PlayAsync(numbers).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(Runs));

    [Fact]
    public async Task Ledger_UnderConcurrentCallersAndFaults_BalancesAtEveryInstant()
    {
        await FundAsync(5_000);
        Cosmos.Faults.Seed(7);
        Arm(FaultShare / 2);
        using CancellationTokenSource done = new();
        Task<int> watch = Task.Run(() => WatchAsync(done.Token));
        await Task.WhenAll(Enumerable.Range(0, 6).Select(worker => Task.Run(() => WorkAsync(worker))));
        await done.CancelAsync();
        Assert.True(await watch > 0);
        Cosmos.Faults.Clear();
        await Ledger.RecoverAsync(default);
        await AssertSettledAsync();
        await AssertEntriesMakeBalancesAsync();
    }

    private static Arbitrary<int[]> Operations() => Arb.From(
        Gen.Choose(1, LongestRun).SelectMany(length => Gen.Choose(0, int.MaxValue - 1).ArrayOf(length)),
        numbers => numbers.Length < 2 ? [] : [numbers[..(numbers.Length / 2)], numbers[1..], numbers[..^1]]);

    private async Task PlayAsync(int[] numbers)
    {
        // Each run has accounts and ids of its own in the one store.
        _run++;
        Dictionary<string, string> names = Accounts.ToDictionary(account => account, account => $"{account}_{_run}");
        LedgerModel model = new() { Overdrawable = names[Bank] };
        foreach (string account in Accounts)
        {
            AccountKind kind = account == Bank ? AccountKind.Provider : AccountKind.Host;
            await Ledger.OpenAccountAsync(names[account], kind, "INR", default);
            model.Balances[names[account]] = (0, 0);
        }

        Cosmos.Faults.Seed(numbers.Length);
        foreach (int number in numbers)
        {
            await StepAsync(new Random(number), model);
        }

        foreach ((string account, (long Available, long Held) balance) in model.Balances)
        {
            Assert.Equal(balance, await BalanceAsync(account));
        }

        await AssertSettledAsync();
        await AssertEntriesMakeBalancesAsync();
    }

    private async Task StepAsync(Random random, LedgerModel model)
    {
        (string id, TransferCode expected, Func<FinVault.Escrow.Ledger, Task<TransferResult>> call) =
            LedgerOperation.Draw(random, $"R{_run}T{random.Next(12)}", model, Clock.GetUtcNow());
        (TransferCode actual, int tries) = await CallAsync(call);
        bool same = actual == expected || (tries > 1 && actual == TransferCode.AlreadyDone && expected < TransferCode.AlreadyDone);
        Assert.True(same, $"{id}: the model says {expected}, the ledger {actual} after {tries} tries.");
        await AssertSettledAsync();
        await AssertStatesAsync(model);
        Clock.Advance(TimeSpan.FromMinutes(random.Next(3)));
    }

    /// <summary>Calls until it is answered, each time as another process; the books balance in between.</summary>
    private async Task<(TransferCode Code, int Tries)> CallAsync(Func<FinVault.Escrow.Ledger, Task<TransferResult>> call)
    {
        for (int tries = 1; ; tries++)
        {
            Arm(FaultShare);
            try
            {
                return ((await call(AnotherProcess())).Code, tries);
            }
            catch (Exception failed) when (Failures.IsTransient(failed))
            {
                Assert.True(tries < 100, $"Still failing: {failed.Message}");
            }
            finally
            {
                Cosmos.Faults.Clear();
            }

            await AssertBalancedAsync();
        }
    }

    private void Arm(double share)
    {
        foreach (FaultKind kind in Kinds)
        {
            Cosmos.Faults.Add(new FaultRule(kind) { Share = share, RetryAfter = TimeSpan.FromMilliseconds(1) });
        }

        // Only what has a condition can fail it.
        foreach (CosmosOperation operation in (CosmosOperation[])[CosmosOperation.Batch, CosmosOperation.Patch])
        {
            Cosmos.Faults.Add(new FaultRule(FaultKind.PreconditionFailed) { Share = share, Operation = operation });
        }
    }

    private async Task AssertStatesAsync(LedgerModel model)
    {
        foreach ((string id, TransferState state) in model.States)
        {
            TransferState actual = (await Ledger.FindTransferAsync(id, default))!.State;
            Assert.Equal(state, actual);
            Assert.Equal(_ended.GetValueOrDefault(id, actual), actual);
            if (TransferTransitions.IsTerminal(actual))
            {
                _ended[id] = actual;
            }
        }
    }

    private async Task AssertEntriesMakeBalancesAsync()
    {
        ILookup<string, LedgerEntry> entries = (await AllAsync<LedgerEntry>("entry")).ToLookup(entry => entry.Account);
        Assert.All(await AllAsync<LedgerAccount>("balance"), account => Assert.Equal(
            (account.Available, account.Held, account.Clearing, account.Sequence),
            (entries[account.Account].Sum(e => e.AvailableChange), entries[account.Account].Sum(e => e.HeldChange),
                entries[account.Account].Sum(e => e.ClearingChange), entries[account.Account].LongCount())));
    }

    // Its own errors are the store's faults; what it reads must balance each time.
    private async Task<int> WatchAsync(CancellationToken done)
    {
        int looks = 0;
        while (!done.IsCancellationRequested || looks == 0)
        {
            try
            {
                await AssertBalancedAsync();
                looks++;
            }
            catch (CosmosException failed)
            {
                Assert.True(Failures.IsTransient(failed), failed.Message);
            }
        }

        return looks;
    }

    private async Task WorkAsync(int worker)
    {
        Random random = new(worker);
        for (int i = 0; i < 25; i++)
        {
            // Workers share ids two by two, so that each is called at once from two places.
            string id = $"W{worker / 2}_{i}";
            string[] pair = random.Next(2) == 0 ? [Host, Merchant] : [Merchant, "FEE"];
            TransferRequest request = new(id, pair[0], pair[1], random.Next(1, 400), "INR");
            await UntilAnsweredAsync(l => i % 3 == 0
                ? l.HoldAsync(request, TimeSpan.FromHours(1), default)
                : l.TransferAsync(request, default));
            await UntilAnsweredAsync(l => worker % 2 == 0 ? l.PostAsync(id, null, default) : l.VoidAsync(id, default));
        }
    }

    private async Task UntilAnsweredAsync(Func<FinVault.Escrow.Ledger, Task<TransferResult>> call)
    {
        for (int tries = 1; ; tries++)
        {
            try
            {
                await call(AnotherProcess());
                return;
            }
            catch (Exception failed) when (Failures.IsTransient(failed))
            {
                Assert.True(tries < 100, $"Still failing: {failed.Message}");
            }
        }
    }
}
