using FinVault.Audit;
using FinVault.Platform;
using Microsoft.Azure.Cosmos;

namespace FinVault.Escrow;

/// <summary>Where a won gift card stands.</summary>
internal enum GiftCardState
{
    Active,
    Redeemed,
    Voided,
}

/// <summary>
/// A gift card that was won, in its merchant's partition under the hash of its code: there a branch finds it by what its
/// holder says, and no other merchant's branch does. Whether it may be paid is the escrow's to decide.
/// </summary>
/// <param name="Escrow">The escrow behind it.</param>
/// <param name="EscrowTenant">The host's.</param>
/// <param name="Redemption">The redemption that was begun with it last.</param>
/// <param name="BusyUntil">Until when, in Unix milliseconds, no other can begin; 0 when any can.</param>
[NotAudited("Every step of it posts to the journal, which is chained by itself.")]
internal sealed record GiftCardDocument(
    string Id, string Tenant, string Merchant, string Card, string Name, string Escrow, string EscrowTenant, long Amount,
    string Currency, GiftCardState State, DateTimeOffset ExpiresAt, DateTimeOffset At, string? Redemption, long BusyUntil)
{
    public string Type { get; init; } = "giftCard";

    public static string IdOf(string hash) => $"GIFT_{hash}";
}

/// <summary>Gift cards that were won.</summary>
internal sealed class GiftCards(EscrowDocuments documents, CardCatalogue catalogue, GiftCode codes, TimeProvider time)
{
    public async Task<GiftCardDocument?> FindAsync(
        string merchantTenant, string normalized, CancellationToken cancellationToken)
    {
        string id = GiftCardDocument.IdOf(codes.HashOf(normalized));
        return await documents.FindAsync<GiftCardDocument>(merchantTenant, id, cancellationToken);
    }

    /// <summary>Makes the card of an escrow that is won, once.</summary>
    public async Task IssueAsync(EscrowDocument won, CancellationToken cancellationToken)
    {
        GiftCardDocument card = await MakeAsync(won, GiftCardState.Active, cancellationToken);
        await documents.CreateAsync(card.Tenant, card, cancellationToken);
    }

    /// <summary>Makes it worthless. One that is not issued yet is made so, and its issue then comes too late.</summary>
    public async Task VoidAsync(EscrowDocument released, CancellationToken cancellationToken)
    {
        GiftCardDocument card = await MakeAsync(released, GiftCardState.Voided, cancellationToken);
        if (!await documents.CreateAsync(card.Tenant, card, cancellationToken))
        {
            await documents.PatchAsync(
                card.Tenant, card.Id, EscrowDocuments.When("c.state = 'active'"), cancellationToken,
                PatchOperation.Set("/state", "voided"));
        }
    }

    /// <summary>The code to show to the winner.</summary>
    public string CodeOf(EscrowDocument won) => codes.Of(won.Id);

    private async Task<GiftCardDocument> MakeAsync(
        EscrowDocument won, GiftCardState state, CancellationToken cancellationToken)
    {
        CardView card = await catalogue.FindAsync(won.Backing.CardId!, cancellationToken)
            ?? throw new InvalidOperationException($"{won.Backing.CardId} is gone; no card is ever removed.");
        string code = GiftCode.Normalize(codes.Of(won.Id))!;
        return new(
            GiftCardDocument.IdOf(codes.HashOf(code)), Merchant.TenantOf(card.MerchantId), card.MerchantId, card.Id, card.Name,
            won.Id, won.Tenant, won.Amount, won.Currency, state, won.ExpiresAt, time.GetUtcNow(), null, 0);
    }
}
