using FinVault.Audit;
using FinVault.Platform;

namespace FinVault.Escrow;

/// <summary>Whether hosts can have a card.</summary>
public enum CardState
{
    Listed,

    /// <summary>No new prizes; what is reserved or won stays good.</summary>
    Withdrawn,
}

/// <summary>A merchant's offer of gift cards, as everybody sees it.</summary>
/// <param name="Id"><c>CARD_&lt;ULID&gt;</c>.</param>
/// <param name="MerchantId">Whose.</param>
/// <param name="Name">E.g. <c>Tea for two</c>.</param>
/// <param name="Denomination">What one is worth, in minor units.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Available">How many are left.</param>
/// <param name="ValidDays">How long a winner has to redeem it.</param>
/// <param name="Terms">Where and for what it is good.</param>
/// <param name="ImageUrl">A picture.</param>
/// <param name="State">Whether hosts can have it.</param>
/// <param name="CreatedAt">Since when.</param>
public sealed record CardView(
    string Id, string MerchantId, string Name, long Denomination, string Currency, int Available, int ValidDays,
    string Terms, Uri? ImageUrl, CardState State, DateTimeOffset CreatedAt);

/// <summary>
/// A card with its stock. It stands in a partition of its own, named as the card: hosts of any tenant take from it and
/// know nothing but its id, and cards do not wait for each other.
/// </summary>
[Audited("card", Containers.Escrow, Tenant = "merchant")]
internal sealed record CardDocument(
    string Id, string Tenant, string Merchant, string Name, long Amount, string Currency,
    [property: NotAudited("It is a counter.")] int Available, int ValidDays, string Terms, Uri? ImageUrl, CardState State,
    DateTimeOffset At)
{
    public const string DocumentType = "card";

    public string Type { get; init; } = DocumentType;

    public CardView View() =>
        new(Id, Merchant, Name, Amount, Currency, Available, ValidDays, Terms, ImageUrl, State, At);
}
