using FinVault.Audit;
using FinVault.Platform;
using Microsoft.Azure.Cosmos;

namespace FinVault.Escrow;

/// <summary>The cards of all merchants: the marketplace of hosts (ESC-14).</summary>
public sealed class CardCatalogue(EscrowDocuments documents)
{
    /// <summary>The card, also one that was withdrawn; null when there is none.</summary>
    public async Task<CardView?> FindAsync(string cardId, CancellationToken cancellationToken) =>
        Ids.IsValid(cardId, "CARD")
            ? (await documents.FindAsync<CardDocument>(cardId, cardId, cancellationToken))?.View()
            : null;

    /// <summary>Cards that hosts can have, newest first. Only approved merchants can list any.</summary>
    /// <exception cref="ProblemException">invalid_cursor.</exception>
    public Task<Page<CardView>> ListAsync(CardFilter only, PageRequest page, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(only);
        List<string> filter = ["c.type = 'card'"];
        List<(string, object)> values = [];
        Add("merchant", only.MerchantId);
        Add("currency", only.Currency);
        Add("amount", only.Denomination);
        Add("state", only.IncludeWithdrawn ? null : "listed");
        return PageAsync();

        void Add(string field, object? value)
        {
            if (value is not null)
            {
                filter.Add($"c.{field} = @{field}");
                values.Add(($"@{field}", value));
            }
        }

        async Task<Page<CardView>> PageAsync()
        {
            Page<CardDocument> rows = await documents.PageAsync<CardDocument>(
                null, $"cards:{only}", string.Join(" AND ", filter), page, row => row.Id, cancellationToken, [.. values]);
            return new([.. rows.Data.Select(row => row.View())], rows.NextCursor);
        }
    }

    /// <summary>False when a card of this id is there already.</summary>
    internal Task<bool> AddAsync(CardDocument card, CancellationToken cancellationToken) =>
        documents.CreateAsync(card.Tenant, card, cancellationToken);

    /// <summary>Changes what a merchant may change; the denomination is not among it. False when it is not theirs.</summary>
    internal async Task<bool> ChangeAsync(
        string cardId, string merchantId, CardChange change, CancellationToken cancellationToken)
    {
        List<PatchOperation> set = [];
        Add("/name", change.Name);
        Add("/terms", change.Terms);
        Add("/validDays", change.ValidDays);
        Add("/imageUrl", change.ImageUrl?.AbsoluteUri);
        Add("/state", change.State?.ToString().ToLowerInvariant());
        bool theirs = await FindAsync(cardId, cancellationToken) is { } card && card.MerchantId == merchantId;
        return theirs && (set.Count == 0
            || await documents.PatchAsync(cardId, cardId, null, cancellationToken, [.. set, ChangeStamp.Patch("card")]));

        void Add<T>(string path, T? value)
        {
            if (value is not null)
            {
                set.Add(PatchOperation.Set(path, value));
            }
        }
    }
}

/// <summary>Which cards to list.</summary>
public sealed record CardFilter(
    string? Currency = null, long? Denomination = null, string? MerchantId = null, bool IncludeWithdrawn = false);
