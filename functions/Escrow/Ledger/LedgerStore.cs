using FinVault.Audit;
using FinVault.Platform;
using Microsoft.Azure.Cosmos;

namespace FinVault.Escrow;

/// <summary>
/// The container <c>ledger</c>. An account's partition holds its balance, its entries, and the records of transfers
/// that it pays. A partition <c>transfer:ID</c> holds the one document that says whose an id is, so that an id means
/// one transfer in all of the ledger.
/// </summary>
internal sealed class LedgerStore(CosmosClient cosmos, TimeProvider time)
{
    private const string ClaimId = "claim";
    private const int MaxTries = 200;

    private readonly LedgerDocuments _ledger = new(cosmos);
    private readonly JournalStore _journals = new(new LedgerDocuments(cosmos), time);

    /// <summary>An account's journal has, or may have, a new entry.</summary>
    public event Action<string>? Changed
    {
        add => _journals.Changed += value;
        remove => _journals.Changed -= value;
    }

    public Task<LedgerAccount?> FindAccountAsync(string account, CancellationToken cancellationToken) =>
        _ledger.FindAsync<LedgerAccount>(account, LedgerAccount.DocumentId, cancellationToken);

    public Task<Transfer?> FindTransferAsync(string account, string id, CancellationToken cancellationToken) =>
        _ledger.FindAsync<Transfer>(account, id, cancellationToken);

    public Task<TransferClaim?> FindClaimAsync(string transfer, CancellationToken cancellationToken) =>
        _ledger.FindAsync<TransferClaim>(TransferClaim.PartitionOf(transfer), ClaimId, cancellationToken);

    /// <summary>Takes an id for a transfer; answers the claim that stands, which may be an older one.</summary>
    public async Task<TransferClaim> ClaimAsync(
        string transfer, string account, string fingerprint, CancellationToken cancellationToken)
    {
        TransferClaim claim = new(ClaimId, TransferClaim.PartitionOf(transfer), account, fingerprint);
        return await _ledger.CreateAsync(claim.Account, claim, cancellationToken)
            ? claim
            : await FindClaimAsync(transfer, cancellationToken)
                ?? throw new InvalidOperationException($"The claim of {transfer} is gone; none is ever removed.");
    }

    /// <summary>False when the account is there already.</summary>
    public Task<bool> CreateAccountAsync(LedgerAccount account, CancellationToken cancellationToken) =>
        _ledger.CreateAsync(account.Account, account, cancellationToken);

    /// <summary>An account of which only what never changes is wanted: its kind and currency.</summary>
    public Task<LedgerAccount?> KnownAccountAsync(string account, CancellationToken cancellationToken) =>
        _journals.KnownAsync(account, cancellationToken);

    /// <summary>
    /// Writes one entry, what it does to the balance and what it means for the transfer, in one transaction.
    /// </summary>
    /// <param name="step">What the entry says.</param>
    /// <param name="created">The transfer's record, if this step makes it.</param>
    /// <param name="became">The transfer as this step leaves it, if it was pending.</param>
    /// <param name="cancellationToken">Gives up; the step may be done or not.</param>
    public Task<Appended> AppendAsync(
        JournalStep step, Transfer? created, Transfer? became, CancellationToken cancellationToken) =>
        _journals.WriteAsync(new(step.Account, step, created, became, null), cancellationToken);

    /// <summary>Says that the credit is in the receiver's journal. Nothing to do when another call said it.</summary>
    public async Task SettleAsync(Transfer transfer, CancellationToken cancellationToken)
    {
        for (int tries = 0; tries < MaxTries; tries++)
        {
            Appended outcome =
                await _journals.WriteAsync(new(transfer.Account, null, null, null, transfer), cancellationToken);
            if (outcome == Appended.Done
                || (await FindTransferAsync(transfer.Account, transfer.Id, cancellationToken))?.State
                    == TransferState.Posted)
            {
                return;
            }
        }

        throw new TimeoutException($"Transfer {transfer.Id} could not be settled in {MaxTries} tries.");
    }
}

/// <summary>Whose an id is: the account that pays, and the content that the id was first given with.</summary>
[NotAudited("The journal is chained by itself.")]
internal sealed record TransferClaim(string Id, string Account, string DebitAccount, string Fingerprint)
{
    public string Type { get; init; } = "claim";

    // No account's id has a colon.
    public static string PartitionOf(string transfer) => $"transfer:{transfer}";
}
