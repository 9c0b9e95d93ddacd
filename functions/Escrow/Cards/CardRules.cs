using FinVault.Platform;

namespace FinVault.Escrow;

/// <summary>A card that a merchant wants to offer.</summary>
/// <param name="Id">The merchant's own, <c>CARD_&lt;ULID&gt;</c>, so that a repeated call makes one card; else a new one.</param>
/// <param name="Name">1 to 100 characters.</param>
/// <param name="Denomination">Minor units.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Stock">How many there are, up to 1,000,000.</param>
/// <param name="ValidDays">1 to 730, from the day that it is won.</param>
/// <param name="Terms">Up to 2,000 characters.</param>
/// <param name="ImageUrl">https.</param>
public sealed record NewCard(
    string Name, long Denomination, string Currency, int Stock, int ValidDays, string Terms = "", Uri? ImageUrl = null,
    string? Id = null);

/// <summary>What is to be changed of a card; what is left out stays.</summary>
public sealed record CardChange(
    string? Name = null, string? Terms = null, int? ValidDays = null, Uri? ImageUrl = null, CardState? State = null);

/// <summary>A delivery to, or a removal from, a card's stock.</summary>
/// <param name="Id">The merchant's own, <c>STOCK_&lt;ULID&gt;</c>: a call that is repeated with it counts once.</param>
/// <param name="Change">More or fewer.</param>
public sealed record StockRequest(string Id, int Change);

/// <summary>What a card may be.</summary>
internal static class CardRules
{
    public const int MaxStock = 1_000_000;

    private const int MaxName = 100;
    private const int MaxTerms = 2000;
    private const int MaxDays = 730;

    /// <exception cref="ProblemException">invalid_request.</exception>
    public static void Check(NewCard card)
    {
        Require(card.Id is null || Ids.IsValid(card.Id, "CARD"), "id is CARD_ and a ULID.");
        Require(card.Denomination is > 0 and <= TransferRequest.MaxAmount, "denomination is 1 or more minor units.");
        Require(Currencies.Exists(card.Currency), "currency is one of ISO 4217.");
        Require(card.Stock is >= 0 and <= MaxStock, $"stock is 0 to {MaxStock}.");
        Check(new CardChange(card.Name, card.Terms, card.ValidDays, card.ImageUrl));
    }

    /// <exception cref="ProblemException">invalid_request.</exception>
    public static void Check(CardChange change)
    {
        Require(
            change.Name is null || (change.Name.Trim().Length is > 0 and <= MaxName && !change.Name.Any(char.IsControl)),
            $"name has 1 to {MaxName} characters.");
        Require(change.Terms is null or { Length: <= MaxTerms }, $"terms have at most {MaxTerms} characters.");
        Require(change.ValidDays is null or (>= 1 and <= MaxDays), $"validDays is 1 to {MaxDays}.");
        Require(
            change.ImageUrl is null || (change.ImageUrl.IsAbsoluteUri && change.ImageUrl.Scheme == Uri.UriSchemeHttps),
            "imageUrl begins with https.");
    }

    /// <exception cref="ProblemException">invalid_request.</exception>
    public static void Check(StockRequest change)
    {
        Require(Ids.IsValid(change.Id, "STOCK"), "id is STOCK_ and a ULID.");
        Require(Math.Abs((long)change.Change) is > 0 and <= MaxStock, $"change is up to {MaxStock}, and not 0.");
    }

    private static void Require(bool so, string otherwise)
    {
        if (!so)
        {
            throw Problems.InvalidRequest.With(otherwise);
        }
    }
}
