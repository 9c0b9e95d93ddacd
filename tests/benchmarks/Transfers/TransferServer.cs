using System.Diagnostics;
using FinVault.Benchmarks.Harness;
using FinVault.Escrow;
using FinVault.Local.Cosmos;
using FinVault.Platform;
using Microsoft.Azure.Cosmos;

namespace FinVault.Benchmarks.Transfers;

/// <summary>
/// The measured process: the ledger over the embedded store on disk, with as many callers as the peer has connections,
/// each making one transfer after another and one call in a hundred again. Then the books are checked.
/// </summary>
internal sealed class TransferServer(TransferCase what, Ledger ledger)
{
    public const string Name = "ledger-server";

    private const string Bank = "BANK";
    private const string Currency = "INR";
    private const int Callers = 16;
    private const int RepeatEvery = 100;
    private const long Opening = 1_000_000;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(4);

    private readonly Lock _gate = new();
    private Histogram _times = new();
    private long _posted;

    public static async Task RunAsync(string[] args)
    {
        TransferCase what = TransferCase.From(Options.Parse(args, TransferCase.OptionNames));
        using RunFolder folder = new();
        using EmbeddedCosmos cosmos = EmbeddedCosmos.Open(
            Path.Combine(folder.Path, "cosmos.db"), TimeProvider.System, flushed: true);
        await cosmos.EnsureCreatedAsync(
            Containers.Database, Containers.All.Where(one => one.Name == Containers.Ledger), default);
        using CosmosClient client = cosmos.CreateClient(Json.Options);
        LedgerBooks books = new(client, TimeProvider.System);
        Ledger ledger = new(new LedgerStore(client, TimeProvider.System), books, TimeProvider.System);
        TransferResult result = await new TransferServer(what, ledger).MeasureAsync(cosmos);
        long total = await CheckAsync(books, ledger, what);
        Console.WriteLine(Figures.ToJson(result with { TrialBalance = total }));
    }

    private async Task<TransferResult> MeasureAsync(EmbeddedCosmos cosmos)
    {
        await OpenAsync();
        await CallAsync(0, WarmUp);
        GC.Collect();
        (_times, _posted) = (new Histogram(), 0);
        long requests = cosmos.Ledger.TotalRequests;
        long allocated = GC.GetTotalAllocatedBytes();
        TimeSpan cpu = CpuTime();
        long started = Stopwatch.GetTimestamp();
        await CallAsync(1, TimeSpan.FromSeconds(what.Seconds));
        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        return new TransferResult(
            _posted, seconds, (CpuTime() - cpu).TotalSeconds, cosmos.Ledger.TotalRequests - requests,
            _times.Milliseconds(0.5), _times.Milliseconds(0.99), GC.GetTotalAllocatedBytes() - allocated, 0);
    }

    private async Task OpenAsync()
    {
        await ledger.OpenAccountAsync(Bank, AccountKind.Provider, Currency, default);
        for (int account = 0; account < what.Accounts; account++)
        {
            await ledger.OpenAccountAsync(Account(account), AccountKind.Host, Currency, default);
            await MustPostAsync(new($"OPEN_{account}", Bank, Account(account), Opening, Currency));
            Child.Tell((double)account / what.Accounts * 0.2);
        }
    }

    private Task CallAsync(int phase, TimeSpan time)
    {
        long until = Stopwatch.GetTimestamp() + (long)(time.TotalSeconds * Stopwatch.Frequency);
        return Task.WhenAll(Enumerable.Range(0, Callers)
            .Select(caller => Task.Run(() => CallAsync($"P{phase}_C{caller}", (phase * Callers) + caller, until))));
    }

    private async Task CallAsync(string prefix, int seed, long until)
    {
        AccountPicker picker = new(what.Skew, what.Accounts, seed);
        TransferRequest? last = null;
        for (int call = 1; Stopwatch.GetTimestamp() < until; call++)
        {
            if (last is not null && call % RepeatEvery == 0)
            {
                TransferCode again = (await ledger.TransferAsync(last, default)).Code;
                Must(again == TransferCode.AlreadyDone, $"{last.Id} once more is {again}");
                continue;
            }

            (int payer, int payee) = picker.Pair();
            last = new($"{prefix}_{call}", Account(payer), Account(payee), picker.Amount(), Currency);
            long sent = Stopwatch.GetTimestamp();
            if (await ledger.TransferAsync(last, default) is { IsDone: true })
            {
                lock (_gate)
                {
                    _times.Add(Stopwatch.GetElapsedTime(sent).TotalMicroseconds);
                    _posted++;
                }
            }
            else
            {
                last = null;
            }
        }
    }

    private async Task MustPostAsync(TransferRequest request)
    {
        TransferCode code = (await ledger.TransferAsync(request, default)).Code;
        Must(code == TransferCode.Posted, $"{request.Id} is {code}");
    }

    /// <summary>The books balance, nothing is in flight, and the busiest journals are whole.</summary>
    private static async Task<long> CheckAsync(LedgerBooks books, Ledger ledger, TransferCase what)
    {
        TrialBalance balance = await books.TrialBalanceAsync(default);
        Must(balance.Currencies.All(currency => currency.Clearing == 0), "Money is in flight");
        foreach (string account in (string[])[Bank, Account(0), Account(1), Account(what.Accounts - 1)])
        {
            LedgerAccount found = (await ledger.FindAccountAsync(account, default))!;
            JournalCheck check = await books.VerifyAsync(found, default);
            Must(check.Intact, $"{check}");
        }

        return balance.Currencies.Sum(currency => Math.Abs(currency.Total));
    }

    private static string Account(int number) => $"ACCOUNT_{number}";

    private static void Must(bool so, string otherwise)
    {
        if (!so)
        {
            throw new InvalidOperationException($"The ledger is wrong: {otherwise}.");
        }
    }

    private static TimeSpan CpuTime()
    {
        using Process self = Process.GetCurrentProcess();
        return self.TotalProcessorTime;
    }
}
