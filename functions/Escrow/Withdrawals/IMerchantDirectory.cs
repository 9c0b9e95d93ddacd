namespace FinVault.Escrow;

/// <summary>What withdrawals need to know of merchants; whoever keeps merchants implements it.</summary>
public interface IMerchantDirectory
{
    /// <summary>Null when the tenant has no such merchant.</summary>
    Task<PayableMerchant?> FindAsync(string tenant, string merchantId, CancellationToken cancellationToken);
}

/// <summary>A merchant as seen by who pays it.</summary>
/// <param name="Id">The merchant.</param>
/// <param name="Tenant">Whose it is.</param>
/// <param name="MayWithdraw">Whether its papers are approved and nobody has stopped it.</param>
/// <param name="BankAccount">Where it is paid; null until it has given one.</param>
public sealed record PayableMerchant(string Id, string Tenant, bool MayWithdraw, string? BankAccount)
{
    /// <summary>The ledger account of what it has earned.</summary>
    public static string AccountOf(string merchantId, string currency) => $"MERCHANT-{merchantId}-{currency}";
}
