namespace FinVault.Portfolios;

/// <summary>Why a transaction cannot be booked.</summary>
public enum LotRefusalCode
{
    /// <summary>More would leave than is held at that time, and the account sells nothing short.</summary>
    ShortSale,

    /// <summary>A named lot is not open then, or holds less than is named of it.</summary>
    LotNotHeld,

    /// <summary>The named lots do not sum to the quantity, or lots must be named and are not.</summary>
    LotsDoNotMatch,

    /// <summary>A split or bonus issue of a symbol of which nothing is held.</summary>
    NothingHeld,

    /// <summary>A quantity or ratio that must be above 0 is not, or money is below 0.</summary>
    NotPositive,

    /// <summary>Fees exceed a sale's proceeds.</summary>
    FeesExceedProceeds,

    /// <summary>The position is kept in another currency.</summary>
    OtherCurrency,

    /// <summary>Units are owed: they are bought back, and nothing is transferred in meanwhile.</summary>
    HeldShort,
}

/// <summary>A transaction that cannot be booked, and why; nothing has changed.</summary>
/// <param name="Code">For programs.</param>
/// <param name="Transaction">
/// The one that cannot stand. After a backdated one or a reversal this may be a later one, which leaned on it.
/// </param>
/// <param name="Detail">For people: what was asked and what is held.</param>
public sealed record LotRefusal(LotRefusalCode Code, string Transaction, string Detail);
