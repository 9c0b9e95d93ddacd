using FinVault.Audit;
using FinVault.Platform;
using FinVault.Platform.Outbox;
using Microsoft.Azure.Cosmos;

namespace FinVault.Escrow;

/// <summary>Merchants: what they say of themselves, and how far their check is (ESC-15).</summary>
public sealed class Merchants(EscrowDocuments documents, TimeProvider time) : IMerchantDirectory
{
    /// <summary>To the outbox: a merchant was approved or rejected.</summary>
    public const string KycDecidedKind = "merchant.kycDecided";

    /// <summary>Null when the tenant is no merchant.</summary>
    public async Task<MerchantView?> FindAsync(string tenant, CancellationToken cancellationToken) =>
        await ReadAsync(tenant, cancellationToken) is { } found
            ? found.View(await DocumentsAsync(found, cancellationToken))
            : null;

    /// <inheritdoc/>
    async Task<PayableMerchant?> IMerchantDirectory.FindAsync(
        string tenant, string merchantId, CancellationToken cancellationToken) =>
        await ReadAsync(tenant, cancellationToken) is { } found && found.Id == merchantId
            ? new(found.Id, found.Tenant, found.Kyc == KycState.Approved, found.Profile.BankAccount)
            : null;

    /// <summary>Makes the tenant a merchant, or changes what it says of itself.</summary>
    /// <exception cref="ProblemException">invalid_request, kyc_not_open: what was handed in stays as it was.</exception>
    public async Task<MerchantView> PutAsync(string tenant, MerchantProfile profile, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(profile);
        if (!profile.IsValid)
        {
            throw Problems.InvalidRequest.With("Every field has 1 to 100 characters; country is two capital letters.");
        }

        Merchant fresh = new(
            Merchant.IdOf(tenant), tenant, profile, KycState.NotSubmitted, null, null, time.GetUtcNow());
        if (await documents.CreateAsync(tenant, fresh, cancellationToken))
        {
            return fresh.View();
        }

        Merchant now = (await ReadAsync(tenant, cancellationToken))!;
        bool open = now.Kyc is KycState.NotSubmitted or KycState.Rejected;
        bool written = (open || profile.HasIdentityOf(now.Profile)) && await documents.PatchAsync(
            tenant, now.Id, EscrowDocuments.When($"c.kyc = '{Name(now.Kyc)}'"), cancellationToken,
            PatchOperation.Set("/profile", profile), ChangeStamp.Patch("merchant"));
        return written
            ? (now with { Profile = profile }).View()
            : throw Problems.KycNotOpen.With("Legal name, registration and country cannot change while they are checked.");
    }

    /// <summary>Hands the profile and the documents in to be checked.</summary>
    /// <exception cref="ProblemException">not_found, kyc_not_open.</exception>
    public Task<MerchantView> SubmitAsync(string tenant, CancellationToken cancellationToken) =>
        ChangeAsync(tenant, KycEvent.Submit, null, null, cancellationToken);

    /// <summary>Approves or rejects what was handed in.</summary>
    /// <exception cref="ProblemException">not_found, invalid_request, kyc_not_open.</exception>
    public Task<MerchantView> ReviewAsync(
        string merchantId, KycReview review, string reviewer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(review);
        if (!Ids.IsValid(merchantId, "MERCHANT"))
        {
            throw Problems.NotFound.With($"There is no merchant {merchantId}.");
        }

        return !review.Approve && string.IsNullOrWhiteSpace(review.Reason)
            ? throw Problems.InvalidRequest.With("A rejection says why.")
            : ChangeAsync(
                Merchant.TenantOf(merchantId), review.Approve ? KycEvent.Approve : KycEvent.Reject, review.Reason, reviewer,
                cancellationToken);
    }

    /// <summary>Merchants of all tenants, newest first.</summary>
    /// <exception cref="ProblemException">invalid_cursor.</exception>
    public async Task<Page<MerchantView>> ListAsync(
        KycState? kyc, PageRequest page, CancellationToken cancellationToken)
    {
        string only = kyc is null ? "" : " AND c.kyc = @kyc";
        Page<Merchant> rows = await documents.PageAsync<Merchant>(
            null, $"merchants:{kyc}", $"c.type = 'merchant'{only}", page, row => row.Id, cancellationToken,
            ("@kyc", kyc is { } state ? Name(state) : ""));
        return new([.. rows.Data.Select(row => row.View())], rows.NextCursor);
    }

    /// <summary>The tenant's merchant, if it is approved.</summary>
    /// <exception cref="ProblemException">merchant_not_approved.</exception>
    internal async Task<Merchant> ApprovedAsync(string tenant, CancellationToken cancellationToken) =>
        await ReadAsync(tenant, cancellationToken) is { Kyc: KycState.Approved } approved
            ? approved
            : throw Problems.MerchantNotApproved.With("This needs an approved merchant.");

    private async Task<Merchant?> ReadAsync(string tenant, CancellationToken cancellationToken) =>
        await documents.FindAsync<Merchant>(tenant, Merchant.IdOf(tenant), cancellationToken);

    private async Task<MerchantView> ChangeAsync(
        string tenant, KycEvent happened, string? reason, string? reviewer, CancellationToken cancellationToken)
    {
        while (true)
        {
            Merchant now = await ReadAsync(tenant, cancellationToken)
                ?? throw Problems.NotFound.With("There is no such merchant.");
            KycState next = KycTransitions.Next(now.Kyc, happened)
                ?? throw Problems.KycNotOpen.With($"A merchant that is {Name(now.Kyc)} does not take {Name(happened)}.");
            TransactionalBatch batch = documents.Batch(tenant).PatchItem(
                now.Id,
                [
                    PatchOperation.Set("/kyc", Name(next)), PatchOperation.Set("/kycReason", reason),
                    PatchOperation.Set("/reviewedBy", reviewer), ChangeStamp.Patch("merchant"),
                ],
                EscrowDocuments.Only($"c.kyc = '{Name(now.Kyc)}'"));
            AuditEvent told = new(
                "merchant", $"{tenant}:{now.Id}", $"merchant.kyc{next}", tenant, tenant, new { Before = now.Kyc });
            batch.CreateItem(AuditMessages.OfTenant(tenant, told, time));
            if (next is KycState.Approved or KycState.Rejected)
            {
                batch.CreateItem(OutboxMessage.OfTenant(
                    tenant, KycDecidedKind, new { Tenant = tenant, MerchantId = now.Id, Kyc = next, Reason = reason }, time));
            }

            if ((await Documents.ExecuteAsync(batch, cancellationToken)).IsDone)
            {
                return (now with { Kyc = next, KycReason = reason }).View();
            }
        }
    }

    private async Task<List<MerchantDocument>> DocumentsAsync(Merchant merchant, CancellationToken cancellationToken)
    {
        QueryDefinition query = new QueryDefinition("SELECT * FROM c WHERE c.merchant = @id AND IS_DEFINED(c.sha256)")
            .WithParameter("@id", merchant.Id);
        List<MerchantDocument> all = [];
        await foreach (MerchantDocument one in
            documents.QueryAsync<MerchantDocument>(merchant.Tenant, query, cancellationToken))
        {
            all.Add(one);
        }

        return all;
    }

    private static string Name<T>(T value) where T : struct, Enum =>
        System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}
