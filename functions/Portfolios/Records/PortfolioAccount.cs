namespace FinVault.Portfolios;

/// <summary>A user's account at a broker, or anything else that is kept like one.</summary>
/// <param name="Id"><c>PACC_&lt;ULID&gt;</c>.</param>
/// <param name="Owner">The user's id; nobody else's business.</param>
/// <param name="Tenant">The tenant that the owner opened it in.</param>
/// <param name="Name">The owner's, 1 to 100 characters.</param>
/// <param name="Currency">ISO 4217; gains and totals are told in it. It never changes.</param>
/// <param name="LotMethod">Which lots a sale takes. Changing it replays the account.</param>
/// <param name="TracksCash">
/// Whether every deposit is told too, so that money counts for the account's value; else only holdings do.
/// </param>
/// <param name="OpenedAt">When it was opened here.</param>
public sealed record PortfolioAccount(
    string Id,
    string Owner,
    string Tenant,
    string Name,
    string Currency,
    LotMethod LotMethod,
    bool TracksCash,
    DateTimeOffset OpenedAt)
{
    /// <summary>
    /// Whether a sale may take more than is held: the rest is kept as units that are owed, until they are bought back.
    /// Without it such a sale is refused, because it mostly means that a purchase was not told.
    /// </summary>
    public bool ShortSelling { get; init; }

    public const string Prefix = "PACC";
    public const int MaxName = 100;

    /// <summary>A user has no more.</summary>
    public const int MaxPerOwner = 50;
}
