using System.ComponentModel;

namespace FinVault.Portfolios;

/// <summary>Units, or money, from one of your accounts to another.</summary>
public sealed record TransferRequest(
    [property: Description("The account that gets it.")] string To,
    [property: Description("Your own id, up to 100 letters, digits, _, - and .; sent again with it, nothing moves again.")]
    string ClientId,
    [property: Description("When it moved; not in the future.")] DateTimeOffset TradedAt)
{
    [Description("Of what; none for money.")]
    public string? Symbol { get; init; }

    [Description("Units, above 0.")]
    public decimal Quantity { get; init; }

    [Description("The lots that go, by the account's method without it.")]
    public IReadOnlyList<LotPick>? Picks { get; init; }

    [Description("ISO 4217 of money, and of fees; of units that of the holding without it.")]
    public string? Currency { get; init; }

    [Description("Minor units of money; none for units.")]
    public long? Amount { get; init; }

    [Description("Minor units that the transfer cost; paid by the account that gives.")]
    public long Fees { get; init; }

    [Description("Up to 500 characters.")]
    public string? Note { get; init; }
}

/// <summary>A transfer: both of its sides.</summary>
/// <param name="Out">In the account that gave.</param>
/// <param name="In">In the account that got, with the lots.</param>
public sealed record TransferView(PortfolioTransaction Out, PortfolioTransaction In);
