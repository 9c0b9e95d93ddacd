using FinVault.Escrow;
using FinVault.Local.Cosmos;
using FinVault.Platform;
using FinVault.Tests.Local.Durable;
using FinVault.Tests.Support;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Azure.Cosmos;

namespace FinVault.Tests.Escrow.Ledger;

/// <summary>
/// The ledger over a file, against its model, through deaths between any two of its writes: what a killed process
/// leaves on disk is opened by the next, which is asked the same again or first recovers.
/// </summary>
public sealed class CrashModelTests
{
    private const int Runs = 10;
    private const int OperationsOfARun = 1_000;
    private const double DeathShare = 0.02;
    private const double FaultShare = 0.02;
    private const int TransfersAtATime = 12;

    // About the requests of an operation: some deaths come too late to be noticed.
    private const int MostRequests = 5;

    private readonly ManualClock _clock = new(new DateTimeOffset(2026, 1, 5, 9, 15, 0, TimeSpan.Zero));

    /// <summary>Trap 8: the trial balance after 10,000 random operations with injected failures.</summary>
    [Fact]
    public void Trap8_TrialBalance_AfterTenThousandRandomOperationsWithCrashes_IsZeroAtEveryStep()
    {
        int operations = 0;
        int deaths = 0;
        Prop.ForAll(
            Arb.From(Gen.Choose(0, int.MaxValue - 1)),
            seed =>
            {
                using Life life = new(_clock, seed);
                life.PlayAsync(OperationsOfARun).GetAwaiter().GetResult();
                operations += OperationsOfARun;
                deaths += life.Deaths;
            }).Check(Config.QuickThrowOnFailure.WithMaxTest(Runs));
        Assert.True(operations >= 10_000 && deaths > 50, $"{operations} operations, {deaths} deaths");
    }

    /// <summary>A ledger that is killed and started again, over one file that goes with it.</summary>
    private sealed class Life(ManualClock clock, int seed) : IDisposable
    {
        private static readonly string[] Accounts = ["BANK", "HOST_1", "MERCHANT_1", "FEE"];

        private readonly Random _random = new(seed);
        private readonly LedgerModel _model = new() { Overdrawable = Accounts[0] };
        private readonly Dictionary<string, TransferState> _ended = [];
        private readonly TestFolder _folder = new();
        private EmbeddedCosmos _cosmos = null!;
        private DyingHandler _handler = null!;
        private CosmosClient _client = null!;
        private FinVault.Escrow.Ledger _ledger = null!;
        private LedgerBooks _books = null!;
        private int _lives;

        public int Deaths => _lives - 1;

        public async Task PlayAsync(int operations)
        {
            await StartAsync();
            foreach (string account in Accounts)
            {
                AccountKind kind = account == Accounts[0] ? AccountKind.Provider : AccountKind.Host;
                await _ledger.OpenAccountAsync(account, kind, "INR", default);
                _model.Balances[account] = (0, 0);
            }

            for (int done = 0; done < operations; done++)
            {
                await StepAsync(done);
            }

            await AssertWholeAsync();
        }

        public void Dispose()
        {
            Stop();
            _folder.Dispose();
        }

        private async Task StepAsync(int done)
        {
            // Some old transfer now and then; mostly those of the time.
            int number = _random.Next(20) == 0 ? _random.Next(done + 1) : done;
            bool mortal = _random.NextDouble() < DeathShare;
            if (mortal)
            {
                // What recovery finds after the death is then what the death left.
                await _ledger.RecoverAsync(default);
                _model.ExpireDue(clock.GetUtcNow());
            }

            string wanted = $"T{number / 40}_{_random.Next(TransfersAtATime)}";
            (string id, TransferCode expected, Func<FinVault.Escrow.Ledger, Task<TransferResult>> call) =
                LedgerOperation.Draw(_random, wanted, _model, clock.GetUtcNow());
            (TransferCode actual, int tries) = await CallAsync(call, mortal);
            bool same = actual == expected
                || (tries > 1 && actual == TransferCode.AlreadyDone && expected < TransferCode.AlreadyDone);
            Assert.True(same, $"Seed {seed}, {id}: the model says {expected}, the ledger {actual} after {tries} tries.");
            await AssertBalancesAsync(settled: true);
            await AssertStateAsync(id);
            clock.Advance(TimeSpan.FromMinutes(_random.Next(3)));
        }

        private async Task<(TransferCode Code, int Tries)> CallAsync(
            Func<FinVault.Escrow.Ledger, Task<TransferResult>> call, bool mortal)
        {
            Arm(mortal);
            for (int tries = 1; ; tries++)
            {
                try
                {
                    return ((await call(_ledger)).Code, tries);
                }
                catch (Exception failed) when (Failures.IsTransient(failed))
                {
                    Assert.True(tries < 100, $"Still failing: {failed.Message}");
                }
                finally
                {
                    Disarm();
                }

                if (mortal)
                {
                    await CrashAsync();
                    mortal = false;
                }

                await AssertBalancesAsync(settled: false);
            }
        }

        private void Arm(bool mortal)
        {
            if (mortal)
            {
                (_handler.Lives, _handler.After) = (_random.Next(MostRequests), _random.Next(2) == 0);
            }
            else if (_random.NextDouble() < FaultShare)
            {
                FaultKind kind = ((FaultKind[])[FaultKind.Unavailable, FaultKind.DoneButUnavailable, FaultKind.DoneButTimedOut])
                    [_random.Next(3)];
                _cosmos.Faults.Add(new FaultRule(kind) { Share = 0.3 });
            }
        }

        private void Disarm()
        {
            _handler.Lives = int.MaxValue;
            _cosmos.Faults.Clear();
        }

        /// <summary>Goes on from a copy of what is on disk now, as a killed process leaves it: nothing is closed.</summary>
        private async Task CrashAsync()
        {
            string before = FileOf(_lives);
            string after = FileOf(_lives + 1);
            foreach (string end in (string[])["", "-wal"])
            {
                await using FileStream from = new(
                    before + end, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
                await using FileStream to = File.Create(after + end);
                await from.CopyToAsync(to);
            }

            Stop();
            await StartAsync();
            await AssertBalancesAsync(settled: false);
            if (_random.Next(2) == 0)
            {
                await _ledger.RecoverAsync(default);
                Assert.Equal(0, (await AccountsAsync()).Sum(account => account.Clearing));
            }
        }

        private string FileOf(int life) => Path.Combine(_folder.Name, $"cosmos{life}.db");

        private async Task StartAsync()
        {
            _lives++;
            _cosmos = EmbeddedCosmos.Open(FileOf(_lives), clock);
            await _cosmos.EnsureCreatedAsync(
                Containers.Database, Containers.All.Where(c => c.Name == Containers.Ledger), default);
            _handler = new DyingHandler(_cosmos.CreateHandler(), after: false);
            _client = _handler.CreateClient();
            _books = new LedgerBooks(_client, clock);
            _ledger = new FinVault.Escrow.Ledger(new LedgerStore(_client, clock), _books, clock);
        }

        private void Stop()
        {
            _client.Dispose();
            _handler.Dispose();
            _cosmos.Dispose();
            File.Delete(FileOf(_lives));
        }

        private async Task<LedgerAccount[]> AccountsAsync() => await Task.WhenAll(
            Accounts.Select(async account => (await _ledger.FindAccountAsync(account, default))!));

        /// <summary>Zero in every account, nobody overdrawn; and what the model says, if nothing is under way.</summary>
        private async Task AssertBalancesAsync(bool settled)
        {
            foreach (LedgerAccount found in await AccountsAsync())
            {
                Assert.Equal(0, found.Available + found.Held + found.Clearing);
                Assert.True(found.Available >= found.Floor && found.Held >= 0, $"{found}");
                if (settled)
                {
                    Assert.Equal(_model.Balances[found.Account], (found.Available, found.Held));
                }
            }
        }

        private async Task AssertStateAsync(string id)
        {
            if (!_model.States.TryGetValue(id, out TransferState state))
            {
                return;
            }

            TransferState actual = (await _ledger.FindTransferAsync(id, default))!.State;
            Assert.Equal(state, actual);
            Assert.Equal(_ended.GetValueOrDefault(id, actual), actual);
            if (TransferTransitions.IsTerminal(actual))
            {
                _ended[id] = actual;
            }
        }

        private async Task AssertWholeAsync()
        {
            Assert.True((await _books.TrialBalanceAsync(default)).Balanced);
            foreach (string id in _ended.Keys)
            {
                Assert.Equal(_ended[id], (await _ledger.FindTransferAsync(id, default))!.State);
            }

            foreach (string account in Accounts)
            {
                JournalCheck check =
                    await _books.VerifyAsync((await _ledger.FindAccountAsync(account, default))!, default);
                Assert.True(check.Intact, $"{check}");
            }
        }
    }
}
