using System.Collections.Concurrent;

namespace FinVault.Local.Cosmos;

/// <summary>
/// What was asked of the endpoint so far, by container and operation. A benchmark takes a <see cref="Snapshot"/>
/// before and after and divides the difference by its ticks.
/// </summary>
public sealed class RequestLedger
{
    private readonly ConcurrentDictionary<(string Container, CosmosOperation Operation), Account> accounts = new();

    /// <summary>Request units of every answered request.</summary>
    public double TotalCharge => accounts.Values.Sum(a => a.Charge);

    /// <summary>Every answered request but those that cost nothing.</summary>
    public long TotalRequests =>
        accounts.Where(a => a.Key.Operation != CosmosOperation.Metadata).Sum(a => a.Value.Requests);

    /// <summary>All counters at this moment, by container, then operation.</summary>
    public IReadOnlyList<LedgerLine> Snapshot() =>
    [
        .. accounts
            .Select(a => a.Value.Line(a.Key.Container, a.Key.Operation))
            .OrderBy(l => l.Container, StringComparer.Ordinal).ThenBy(l => l.Operation),
    ];

    /// <summary>Sets every counter back to nothing.</summary>
    public void Reset() => accounts.Clear();

    internal void Record(string container, CosmosOperation operation, int status, double charge) =>
        accounts.GetOrAdd((container, operation), static _ => new Account()).Add(status, charge);

    private sealed class Account
    {
        private readonly Lock gate = new();
        private long requests;
        private long failures;
        private double charge;

        public long Requests => Volatile.Read(ref requests);

        public double Charge => Volatile.Read(ref charge);

        public void Add(int status, double units)
        {
            lock (gate)
            {
                requests++;
                failures += status >= 400 ? 1 : 0;
                charge += units;
            }
        }

        public LedgerLine Line(string container, CosmosOperation operation)
        {
            lock (gate)
            {
                return new LedgerLine(container, operation, requests, failures, charge);
            }
        }
    }
}

/// <summary>Counters of one container and operation.</summary>
/// <param name="Container">Container id; empty for account and database requests.</param>
/// <param name="Operation">What was asked.</param>
/// <param name="Requests">Requests answered; a batch is one.</param>
/// <param name="Failures">Those answered with a status of 400 or above.</param>
/// <param name="Charge">Request units of all of them.</param>
public sealed record LedgerLine(
    string Container, CosmosOperation Operation, long Requests, long Failures, double Charge);
