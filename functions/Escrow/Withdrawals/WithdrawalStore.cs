using System.Net;
using FinVault.Audit;
using FinVault.Platform;
using FinVault.Platform.Outbox;
using Microsoft.Azure.Cosmos;

namespace FinVault.Escrow;

/// <summary>Withdrawals, what each merchant withdrew on a day, and whose an id is.</summary>
public sealed class WithdrawalStore(EscrowDocuments documents, WithdrawalOptions options, TimeProvider time)
{
    // Work under way is left alone for so long; a payment that was taken gets longer to be told by its event.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan EventPatience = TimeSpan.FromMinutes(10);

    internal async Task<WithdrawalDocument?> FindAsync(
        string tenant, string id, CancellationToken cancellationToken) =>
        await documents.FindAsync<WithdrawalDocument>(tenant, id, cancellationToken);

    /// <summary>The withdrawal of an id that came without its tenant.</summary>
    internal async Task<WithdrawalDocument?> FindAsync(string id, CancellationToken cancellationToken)
    {
        WithdrawalOwner? owner = await documents.FindAsync<WithdrawalOwner>(
            WithdrawalOwner.PartitionOf(id), "owner", cancellationToken);
        return owner is null ? null : await FindAsync(owner.Owner, id, cancellationToken);
    }

    /// <summary>Takes an id for a tenant; false when it is another's.</summary>
    internal async Task<bool> ClaimAsync(string tenant, string id, CancellationToken cancellationToken)
    {
        string partition = WithdrawalOwner.PartitionOf(id);
        return await documents.CreateAsync(partition, new WithdrawalOwner(partition, tenant), cancellationToken)
            || (await documents.FindAsync<WithdrawalOwner>(partition, "owner", cancellationToken))?.Owner == tenant;
    }

    /// <summary>Keeps a new withdrawal and counts it for its day; false when it is there already.</summary>
    /// <exception cref="ProblemException">spend_limit_exceeded.</exception>
    internal async Task<bool> AddAsync(WithdrawalDocument withdrawal, CancellationToken cancellationToken)
    {
        string day = DayOf(withdrawal);
        while (true)
        {
            TransactionalBatch batch = documents.Batch(withdrawal.Tenant)
                .CreateItem(withdrawal)
                .PatchItem(
                    day, [PatchOperation.Increment("/total", withdrawal.Amount)],
                    new() { FilterPredicate = $"FROM c WHERE c.total <= {options.MaxPerDay - withdrawal.Amount}" });
            switch (await EscrowDocuments.ExecuteAsync(batch, cancellationToken))
            {
                case { IsDone: true }:
                    return true;
                case (0, HttpStatusCode.Conflict):
                    return false;
                case (1, HttpStatusCode.NotFound):
                    await documents.CreateAsync(
                        withdrawal.Tenant, new WithdrawalDay(day, withdrawal.Tenant, 0), cancellationToken);
                    continue;
                default:
                    throw Problems.SpendLimitExceeded.With("The merchant's limit for today does not allow it.");
            }
        }
    }

    /// <summary>
    /// Writes what became of a withdrawal, with the message that tells it, if it is still as <paramref name="current"/>
    /// says. What is given back no longer counts for its day.
    /// </summary>
    /// <returns>It as it is now; null when somebody else was first.</returns>
    internal async Task<WithdrawalDocument?> MoveAsync(
        WithdrawalDocument current, WithdrawalEvent happened, CancellationToken cancellationToken, string? decidedBy = null,
        string? reason = null, string? providerFailure = null)
    {
        WithdrawalState next = WithdrawalTransitions.Next(current.State, happened)
            ?? throw new InvalidOperationException($"{current.Id} is {current.State}; {happened} does not happen to it.");
        WithdrawalDocument became = current with
        {
            State = next,
            ChangedAt = time.GetUtcNow().ToUnixTimeMilliseconds(),
            DecidedBy = decidedBy ?? current.DecidedBy,
            Reason = reason ?? current.Reason,
            ProviderFailure = providerFailure ?? current.ProviderFailure,
        };
        TransactionalBatch batch = documents.Batch(current.Tenant)
            .PatchItem(current.Id, Changes(became), new() { FilterPredicate = $"FROM c WHERE c.state = '{Name(current.State)}'" });
        if (next is WithdrawalState.Failed or WithdrawalState.Rejected or WithdrawalState.Refused)
        {
            batch.PatchItem(DayOf(current), [PatchOperation.Increment("/total", -current.Amount)]);
        }

        if (WithdrawalMessages.Of(next) is { } kind)
        {
            batch.CreateItem(OutboxMessage.OfTenant(
                current.Tenant, kind, Payload(became), time, $"{current.Id}-{Name(next)}"));
        }

        return await EscrowDocuments.ExecuteAsync(batch, cancellationToken) switch
        {
            { IsDone: true } => became,
            (0, HttpStatusCode.PreconditionFailed) => null,
            var wrong => throw new InvalidOperationException($"{current.Id} cannot become {next}: {wrong}."),
        };
    }

    internal async Task<Page<Withdrawal>> ListAsync(
        string tenant, string merchant, PageRequest page, CancellationToken cancellationToken)
    {
        Page<WithdrawalDocument> rows = await documents.PageAsync<WithdrawalDocument>(
            tenant, $"withdrawals:{tenant}:{merchant}", "c.type = 'withdrawal' AND c.merchant = @merchant", page,
            row => row.Id, cancellationToken, ("@merchant", merchant));
        return new([.. rows.Data.Select(row => row.View())], rows.NextCursor);
    }

    /// <summary>Withdrawals of everybody that have not moved for longer than they should.</summary>
    internal IAsyncEnumerable<WithdrawalDocument> StuckAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        QueryDefinition query = new QueryDefinition(
            "SELECT * FROM c WHERE c.type = 'withdrawal' AND ("
            + "(c.state IN ('requested', 'approved', 'rejecting') AND c.changedAt <= @stuck) "
            + "OR (c.state = 'sent' AND c.changedAt <= @silent) "
            + "OR (c.state = 'awaitingApproval' AND c.changedAt <= @lapsed))")
            .WithParameter("@stuck", (now - Patience).ToUnixTimeMilliseconds())
            .WithParameter("@silent", (now - EventPatience).ToUnixTimeMilliseconds())
            .WithParameter("@lapsed", now.AddDays(-options.ApprovalDays).ToUnixTimeMilliseconds());
        return documents.QueryAsync<WithdrawalDocument>(null, query, cancellationToken);
    }

    private static string DayOf(WithdrawalDocument withdrawal) =>
        WithdrawalDay.IdOf(withdrawal.Merchant, withdrawal.Currency, withdrawal.At);

    private static PatchOperation[] Changes(WithdrawalDocument became) =>
    [
        PatchOperation.Set("/state", Name(became.State)),
        PatchOperation.Set("/changedAt", became.ChangedAt),
        PatchOperation.Set("/decidedBy", became.DecidedBy),
        PatchOperation.Set("/reason", became.Reason),
        PatchOperation.Set("/providerFailure", became.ProviderFailure),
        ChangeStamp.Patch("withdrawal"),
    ];

    private static object Payload(WithdrawalDocument became) => new
    {
        became.Tenant,
        WithdrawalId = became.Id,
        MerchantId = became.Merchant,
        became.Amount,
        became.Currency,
        became.State,
        became.Reason,
    };

    private static string Name(WithdrawalState state) => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(state.ToString());
}
