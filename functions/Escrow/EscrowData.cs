using System.Runtime.CompilerServices;
using System.Text.Json;
using FinVault.Audit;
using FinVault.Identity;
using FinVault.Platform;
using Microsoft.Azure.Cosmos;

namespace FinVault.Escrow;

/// <summary>
/// Money, and who is behind a merchant. What was booked stays, by ids that name nobody any more; names, addresses and
/// account numbers go.
/// </summary>
public sealed class EscrowData(EscrowDocuments documents, Ledger ledger, LedgerBooks books) : IPersonalData
{
    // What a tenant has and may see as it is; secrets are not among it.
    private const string Own = "c.type IN ('merchant', 'branch', 'topUp', 'withdrawal', 'redemption', 'wallet')";

    // What is over: nothing is moved for it any more.
    private const string Waiting =
        "c.type = 'withdrawal' AND c.state NOT IN ('completed', 'failed', 'rejected', 'refused')";

    private const int EntriesAPage = 200;

    public string Slice => "escrow";

    public async IAsyncEnumerable<PersonalItem> ExportAsync(
        Person person, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(person);
        foreach (string tenant in person.Tenants)
        {
            await foreach (JsonElement one in documents.QueryAsync<JsonElement>(
                tenant, new($"SELECT * FROM c WHERE {Own}"), cancellationToken))
            {
                yield return new(one.GetProperty("type").GetString()!, Plain(one));
            }

            await foreach (LedgerAccount account in WalletsAsync(tenant, cancellationToken))
            {
                await foreach (LedgerEntry entry in EntriesAsync(account.Account, cancellationToken))
                {
                    yield return new("ledgerEntry", entry);
                }
            }
        }
    }

    public async Task<string?> FindObstacleAsync(Person person, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(person);
        foreach (string tenant in person.Tenants)
        {
            await foreach (LedgerAccount account in WalletsAsync(tenant, cancellationToken))
            {
                if (account.Available != 0 || account.Held != 0)
                {
                    return $"There is money in your {account.Currency} wallet. Withdraw or give it away first.";
                }
            }

            await foreach (JsonElement _ in documents.QueryAsync<JsonElement>(
                tenant, new($"SELECT c.id FROM c WHERE {Waiting}"), cancellationToken))
            {
                return "A withdrawal is under way. Wait until it is done.";
            }
        }

        return null;
    }

    public async Task EraseAsync(Person person, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(person);
        foreach (string tenant in person.Tenants)
        {
            await documents.DeleteAllAsync(
                tenant, "c.type IN ('webhook', 'webhookCount', 'delivery', 'outbox', 'auditChange')", cancellationToken);
            // Documents of a merchant have no type; what they show lies in their uploads.
            await documents.DeleteAllAsync(tenant, "IS_DEFINED(c.sha256)", cancellationToken);
            await BlankAsync(
                tenant, "merchant", cancellationToken, "/profile/name", "/profile/legalName", "/profile/registrationNumber",
                "/profile/email", "/profile/bankAccount", "/kycReason");
            await BlankAsync(tenant, "branch", cancellationToken, "/name", "/address");
            await BlankAsync(tenant, "withdrawal", cancellationToken, "/bankAccount", "/reason");
        }

        if (person.Email is { } email)
        {
            await documents.BlankAllAsync(
                null, "c.type = 'escrow' AND c.holder.contact = @email",
                [PatchOperation.Set("/holder/contact", ErasedDocuments.Mark)], cancellationToken, ("@email", email));
        }
    }

    private Task BlankAsync(string tenant, string kind, CancellationToken cancellationToken, params string[] paths) =>
        documents.BlankAllAsync(
            tenant, $"c.type = '{kind}'",
            [.. paths.Select(path => PatchOperation.Set(path, ErasedDocuments.Mark)), ChangeStamp.Patch(kind)],
            cancellationToken);

    private async IAsyncEnumerable<LedgerAccount> WalletsAsync(
        string tenant, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (string currency in Currencies.Exponents.Keys)
        {
            if (await ledger.FindAccountAsync(Wallets.AccountOf(tenant, currency), cancellationToken) is { } account)
            {
                yield return account;
            }
        }
    }

    private async IAsyncEnumerable<LedgerEntry> EntriesAsync(
        string account, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? cursor = null;
        do
        {
            Page<LedgerEntry> page = await books.StatementAsync(
                account, new PageRequest(EntriesAPage, 0, cursor), cancellationToken);
            foreach (LedgerEntry entry in page.Data)
            {
                yield return entry;
            }

            cursor = page.NextCursor;
        }
        while (cursor is not null);
    }

    private static Dictionary<string, JsonElement> Plain(JsonElement document) => document.EnumerateObject()
        .Where(field => !field.Name.StartsWith('_') && field.Name != ChangeStamp.Field)
        .ToDictionary(field => field.Name, field => field.Value.Clone());
}
