using FinVault.Platform;

namespace FinVault.Portfolios;

/// <summary>A change of an account that is made whole or not at all, conditioned on the account as it was read.</summary>
/// <param name="Before">The account as it was read: the fence.</param>
/// <param name="After">The account as it becomes.</param>
internal sealed record AccountChange(Versioned<AccountDocument> Before, AccountDocument After)
{
    /// <summary>Transactions to be recorded.</summary>
    public IReadOnlyList<PortfolioTransaction> Added { get; init; } = [];

    /// <summary>Transactions that say something new of themselves: that they are reversed, or completed.</summary>
    public IReadOnlyList<PortfolioTransaction> Changed { get; init; } = [];

    /// <summary>Holdings as they become; the rest stay.</summary>
    public IReadOnlyList<HoldingDocument> Holdings { get; init; } = [];

    /// <summary>Whether <see cref="Holdings"/> are all there are from now on.</summary>
    public bool ReplacesAll { get; init; }

    /// <summary>The import that this is part of, as it becomes, and the state in which it must be.</summary>
    public (ImportDocument After, ImportState Before)? Import { get; init; }

    /// <summary>A plan that is carried out by this: what becomes of its documents in the same batch.</summary>
    public (Action<Microsoft.Azure.Cosmos.TransactionalBatch> Write, int Operations)? Plan { get; init; }

    public string Account => After.Account;

    public int Operations => 1 + Added.Count + Added.Count(t => t.ClientId is not null) + Changed.Count + Holdings.Count
        + (Import is null ? 0 : 1) + (Plan?.Operations ?? 0);
}
