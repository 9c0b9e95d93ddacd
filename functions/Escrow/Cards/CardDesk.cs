using FinVault.Platform;

namespace FinVault.Escrow;

/// <summary>What a merchant does with its own cards.</summary>
public sealed class CardDesk
{
    private readonly CardCatalogue _cards;
    private readonly CardStock _stock;
    private readonly Merchants _merchants;
    private readonly TimeProvider _time;

    internal CardDesk(CardCatalogue cards, CardStock stock, Merchants merchants, TimeProvider time) =>
        (_cards, _stock, _merchants, _time) = (cards, stock, merchants, time);

    /// <exception cref="ProblemException">invalid_request, merchant_not_approved, different_content.</exception>
    public async Task<CardView> AddAsync(string tenant, NewCard wanted, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        CardRules.Check(wanted);
        Merchant merchant = await _merchants.ApprovedAsync(tenant, cancellationToken);
        string id = wanted.Id ?? Ids.New("CARD", _time);
        CardDocument card = new(
            id, id, merchant.Id, wanted.Name, wanted.Denomination, wanted.Currency, wanted.Stock, wanted.ValidDays,
            wanted.Terms, wanted.ImageUrl, CardState.Listed, _time.GetUtcNow());
        if (await _cards.AddAsync(card, cancellationToken))
        {
            return card.View();
        }

        CardView there = (await _cards.FindAsync(id, cancellationToken))!;
        bool same = (there.MerchantId, there.Denomination, there.Currency)
            == (merchant.Id, wanted.Denomination, wanted.Currency);
        return same ? there : throw Problems.DifferentContent.With("The id is that of another card.");
    }

    /// <exception cref="ProblemException">invalid_request, not_found, merchant_not_approved.</exception>
    public async Task<CardView> ChangeAsync(
        string tenant, string cardId, CardChange change, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(change);
        CardRules.Check(change);
        Merchant merchant = await _merchants.ApprovedAsync(tenant, cancellationToken);
        return await _cards.ChangeAsync(cardId, merchant.Id, change, cancellationToken)
            ? (await _cards.FindAsync(cardId, cancellationToken))!
            : throw Problems.NotFound.With($"You have no card {cardId}.");
    }

    /// <exception cref="ProblemException">invalid_request, not_found, stock_too_low.</exception>
    public async Task<CardView> CountAsync(
        string tenant, string cardId, StockRequest change, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(change);
        CardRules.Check(change);
        string merchant = Merchant.IdOf(tenant);
        bool theirs = await _cards.FindAsync(cardId, cancellationToken) is { } card && card.MerchantId == merchant;
        if (!theirs)
        {
            throw Problems.NotFound.With($"You have no card {cardId}.");
        }

        return await _stock.ChangeAsync(cardId, merchant, change.Id, change.Change, cancellationToken)
            ? (await _cards.FindAsync(cardId, cancellationToken))!
            : throw Problems.StockTooLow.With("Fewer are left than that, or more than a card can have.");
    }
}
