using System.Net;
using System.Security.Cryptography;
using System.Text;
using FinVault.Platform;
using FinVault.Platform.Outbox;
using Microsoft.Azure.Cosmos;

namespace FinVault.Escrow;

/// <summary>Wallets, their top-ups and the virtual accounts that lead to them.</summary>
public sealed class WalletStore(EscrowDocuments documents, TimeProvider time)
{
    internal async Task<WalletDocument?> FindAsync(
        string tenant, string currency, CancellationToken cancellationToken) =>
        await documents.FindAsync<WalletDocument>(tenant, WalletDocument.IdOf(currency), cancellationToken);

    internal Task EnsureAsync(string tenant, string currency, CancellationToken cancellationToken) =>
        documents.CreateAsync(
            tenant, new WalletDocument(WalletDocument.IdOf(currency), tenant, currency, Now()), cancellationToken);

    /// <summary>Keeps a virtual account: first whose it is, then that the wallet has it.</summary>
    internal async Task SetVirtualAccountAsync(
        string tenant, string currency, VirtualAccount account, CancellationToken cancellationToken)
    {
        string partition = VirtualAccountOwner.PartitionOf(account.Number);
        await documents.CreateAsync(
            partition, new VirtualAccountOwner(partition, tenant, currency), cancellationToken);
        await documents.PatchAsync(
            tenant, WalletDocument.IdOf(currency), null, cancellationToken,
            PatchOperation.Set("/virtualAccount", account));
    }

    internal Task SetThresholdAsync(
        string tenant, string currency, long? threshold, CancellationToken cancellationToken) =>
        documents.PatchAsync(
            tenant, WalletDocument.IdOf(currency), null, cancellationToken,
            PatchOperation.Set("/lowThreshold", threshold), PatchOperation.Set("/isLow", false));

    /// <summary>The wallet that a virtual account leads to, if it is one of ours in that currency.</summary>
    internal async Task<string?> OwnerAsync(string number, string currency, CancellationToken cancellationToken)
    {
        VirtualAccountOwner? owner = await documents.FindAsync<VirtualAccountOwner>(
            VirtualAccountOwner.PartitionOf(number), "virtualAccount", cancellationToken);
        return owner?.Currency == currency ? owner.Owner : null;
    }

    /// <summary>Takes a reference of the provider; answers the claim that stands, which may be an older one.</summary>
    internal async Task<TopUpClaim> ClaimAsync(
        TopUpNotice notice, string? owner, CancellationToken cancellationToken)
    {
        byte[] seed = Encoding.UTF8.GetBytes(notice.Reference);
        string partition = $"topUp:{Convert.ToHexStringLower(SHA256.HashData(seed))}";
        long now = Now();
        TopUpClaim claim = new(
            partition, Ids.Derive("TOPUP", DateTimeOffset.FromUnixTimeMilliseconds(now), seed), notice.VirtualAccount,
            notice.Gross, notice.Fee, notice.Currency, notice.Reference, owner, TopUpClaimState.Open, now);
        return await documents.CreateAsync(partition, claim, cancellationToken)
            ? claim
            : await documents.FindAsync<TopUpClaim>(partition, TopUpClaim.DocumentId, cancellationToken)
                ?? throw new InvalidOperationException($"The claim of {notice.Reference} is gone; none is ever removed.");
    }

    internal Task SetStateAsync(TopUpClaim claim, TopUpClaimState state, CancellationToken cancellationToken) =>
        documents.PatchAsync(
            claim.Tenant, claim.Id, state == TopUpClaimState.Done ? null : "FROM c WHERE c.state = 'open'",
            cancellationToken, PatchOperation.Set("/state", Name(state)));

    /// <summary>The claim with its owner; null when it is no longer unallocated.</summary>
    internal async Task<TopUpClaim?> AssignAsync(
        TopUpClaim claim, string owner, CancellationToken cancellationToken) =>
        await documents.PatchAsync(
            claim.Tenant, claim.Id, "FROM c WHERE c.state = 'unallocated'", cancellationToken,
            PatchOperation.Set("/owner", owner), PatchOperation.Set("/state", Name(TopUpClaimState.Open)))
            ? claim with { Owner = owner, State = TopUpClaimState.Open }
            : null;

    /// <summary>Keeps a top-up and counts its fee, in one transaction. Nothing to do when it is kept already.</summary>
    internal async Task RecordAsync(TopUpDocument topUp, CancellationToken cancellationToken)
    {
        TransactionalBatch batch = documents.Batch(topUp.Tenant)
            .CreateItem(topUp)
            .PatchItem(
                WalletDocument.IdOf(topUp.Currency),
                [
                    PatchOperation.Increment("/feeTotal", topUp.Fee),
                    PatchOperation.Increment("/grossTotal", topUp.Gross),
                ]);
        BatchOutcome outcome = await EscrowDocuments.ExecuteAsync(batch, cancellationToken);
        if (outcome is not ({ IsDone: true } or (0, HttpStatusCode.Conflict)))
        {
            throw new InvalidOperationException($"The wallet of {topUp.Id} is not there: {outcome}.");
        }
    }

    /// <summary>Says that a top-up is in the wallet, and has it told.</summary>
    internal async Task CreditedAsync(TopUpDocument topUp, CancellationToken cancellationToken)
    {
        OutboxMessage message = OutboxMessage.OfTenant(
            topUp.Tenant, WalletMessages.ToppedUp,
            new { topUp.Tenant, TopUpId = topUp.Id, topUp.Currency, topUp.Gross, topUp.Fee, topUp.Reference },
            time, $"{topUp.Id}-credited");
        TransactionalBatch batch = documents.Batch(topUp.Tenant)
            .PatchItem(
                topUp.Id, [PatchOperation.Set("/state", "credited")],
                new() { FilterPredicate = "FROM c WHERE c.state = 'recorded'" })
            .CreateItem(message);
        await EscrowDocuments.ExecuteAsync(batch, cancellationToken);
    }

    internal Task<Page<TopUpDocument>> TopUpsAsync(
        string tenant, string currency, PageRequest page, CancellationToken cancellationToken) =>
        documents.PageAsync<TopUpDocument>(
            tenant, $"topups:{tenant}:{currency}", "c.type = 'topUp' AND c.currency = @currency", page, row => row.Id,
            cancellationToken, ("@currency", currency));

    /// <summary>Money that came in for nobody we know, oldest first.</summary>
    internal async Task<Page<TopUpClaim>> UnallocatedAsync(PageRequest page, CancellationToken cancellationToken)
    {
        const string kind = "unallocated-topups";
        QueryDefinition query = new QueryDefinition(
            "SELECT TOP @limit * FROM c WHERE c.type = 'topUpClaim' AND c.state = 'unallocated' AND c.at > @after "
            + "ORDER BY c.at")
            .WithParameter("@limit", page.Limit + 1)
            .WithParameter("@after", page.After<UnallocatedPlace>(kind)?.After ?? 0);
        List<TopUpClaim> rows = [];
        await foreach (TopUpClaim claim in documents.QueryAsync<TopUpClaim>(null, query, cancellationToken))
        {
            rows.Add(claim);
        }

        TopUpClaim[] data = [.. rows.Take(page.Limit)];
        return new(data, rows.Count > data.Length ? Cursor.Write(kind, new UnallocatedPlace(data[^1].At)) : null);
    }

    internal async Task<TopUpClaim?> FindClaimAsync(string topUpId, CancellationToken cancellationToken)
    {
        QueryDefinition query = new QueryDefinition(
            "SELECT * FROM c WHERE c.type = 'topUpClaim' AND c.topUpId = @id").WithParameter("@id", topUpId);
        await foreach (TopUpClaim claim in documents.QueryAsync<TopUpClaim>(null, query, cancellationToken))
        {
            return claim;
        }

        return null;
    }

    /// <summary>Every wallet that somebody wants to be warned of.</summary>
    internal IAsyncEnumerable<WalletDocument> WatchedAsync(CancellationToken cancellationToken) =>
        documents.QueryAsync<WalletDocument>(
            null, new("SELECT * FROM c WHERE c.type = 'wallet' AND IS_NUMBER(c.lowThreshold)"), cancellationToken);

    /// <summary>Notes that a wallet has become low, and has it told; once until it is no longer low.</summary>
    internal async Task LowAsync(WalletDocument wallet, long available, CancellationToken cancellationToken)
    {
        OutboxMessage message = OutboxMessage.OfTenant(
            wallet.Tenant, WalletMessages.Low,
            new { wallet.Tenant, wallet.Currency, Available = available, Threshold = wallet.LowThreshold }, time);
        TransactionalBatch batch = documents.Batch(wallet.Tenant)
            .PatchItem(
                wallet.Id, [PatchOperation.Set("/isLow", true)],
                new() { FilterPredicate = "FROM c WHERE c.isLow = false" })
            .CreateItem(message);
        await EscrowDocuments.ExecuteAsync(batch, cancellationToken);
    }

    internal Task NoLongerLowAsync(WalletDocument wallet, CancellationToken cancellationToken) =>
        documents.PatchAsync(
            wallet.Tenant, wallet.Id, "FROM c WHERE c.isLow = true", cancellationToken,
            PatchOperation.Set("/isLow", false));

    private static string Name(TopUpClaimState state) => state.ToString().ToLowerInvariant();

    private long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();

    private sealed record UnallocatedPlace(long After);
}

/// <summary>Kinds of messages about wallets; each payload has the <c>tenant</c>.</summary>
public static class WalletMessages
{
    public const string ToppedUp = "wallet.toppedUp";
    public const string Low = "wallet.low";
}
