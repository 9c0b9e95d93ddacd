using FinVault.Benchmarks.Harness;

namespace FinVault.Benchmarks.Transfers;

/// <summary>One case of the benchmark.</summary>
/// <param name="Accounts">Accounts that pay and are paid.</param>
/// <param name="Skew">"uniform", or "zipf": by Zipf's law with exponent 2, so the first is in most transfers.</param>
/// <param name="Seconds">Measured, after the warm-up.</param>
internal sealed record TransferCase(int Accounts, string Skew, int Seconds)
{
    public const string Uniform = "uniform";
    public const string Zipf = "zipf";

    public static readonly string[] OptionNames = ["accounts", "skew", "seconds"];

    public static TransferCase From(Options options) => new(
        options.Number("accounts", 1_000), options.Text("skew") ?? Uniform, options.Number("seconds", 10));

    public string[] ToArguments() => ["--accounts", $"{Accounts}", "--skew", Skew, "--seconds", $"{Seconds}"];
}

/// <summary>What a run measured.</summary>
/// <param name="Transfers">Transfers that were posted, each with two entries.</param>
/// <param name="Seconds">By the clock.</param>
/// <param name="CpuSeconds">Of the one process that is the callers, the ledger and the store.</param>
/// <param name="Requests">To the store; a transaction is one.</param>
/// <param name="P50Ms">A transfer's time, as its caller saw it.</param>
/// <param name="P99Ms">The same, of the slowest in a hundred.</param>
/// <param name="BytesAllocated">On the managed heap.</param>
/// <param name="TrialBalance">The sum of all accounts of all currencies, in minor units, each total taken absolutely.
/// </param>
internal sealed record TransferResult(
    long Transfers, double Seconds, double CpuSeconds, long Requests, double P50Ms, double P99Ms, long BytesAllocated,
    long TrialBalance)
{
    public double PerSecond => Transfers / Seconds;

    public double PerCpuSecond => Transfers / CpuSeconds;
}

/// <summary>Picks accounts, all alike or by Zipf's law with exponent 2, as the peer does.</summary>
internal sealed class AccountPicker
{
    private readonly double[]? _cumulative;
    private readonly int _count;
    private readonly Random _random;

    public AccountPicker(string skew, int count, int seed)
    {
        (_count, _random) = (count, new Random(seed));
        if (skew == TransferCase.Zipf)
        {
            double sum = 0;
            _cumulative = [.. Enumerable.Range(1, count).Select(rank => sum += 1.0 / rank / rank)];
        }
        else if (skew != TransferCase.Uniform)
        {
            throw new UsageException($"--skew is {TransferCase.Uniform} or {TransferCase.Zipf}, not '{skew}'.");
        }
    }

    public (int Payer, int Payee) Pair()
    {
        int payer = One();
        int payee = One();
        while (payee == payer)
        {
            payee = One();
        }

        return (payer, payee);
    }

    public int Amount() => _random.Next(1, 101);

    private int One()
    {
        if (_cumulative is null)
        {
            return _random.Next(_count);
        }

        int found = Array.BinarySearch(_cumulative, _random.NextDouble() * _cumulative[^1]);
        return Math.Min(found < 0 ? ~found : found, _count - 1);
    }
}
