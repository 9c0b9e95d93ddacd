namespace FinVault.Portfolios;

/// <summary>What an export is started with.</summary>
internal sealed record ExportOrder(string Tenant);

/// <summary>What an export made: the job's result.</summary>
/// <param name="FileName">As it is offered.</param>
/// <param name="Bytes">Of the file.</param>
/// <param name="Sha256">Of the file, 64 lower-case hexadecimal digits.</param>
/// <param name="Accounts">How many are in it.</param>
/// <param name="Transactions">How many are in it.</param>
/// <param name="ExpiresAt">It is removed then.</param>
public sealed record ExportResult(
    string FileName, long Bytes, string Sha256, int Accounts, int Transactions, DateTimeOffset ExpiresAt);

/// <summary>Where an export is had.</summary>
/// <param name="Url">Reads this one file, for a few minutes; ask again for another.</param>
/// <param name="FileName">As it is offered.</param>
/// <param name="Bytes">Of the file.</param>
/// <param name="Sha256">Of the file, 64 lower-case hexadecimal digits.</param>
/// <param name="ExpiresAt">The URL is good until then.</param>
public sealed record ExportFile(Uri Url, string FileName, long Bytes, string Sha256, DateTimeOffset ExpiresAt);

/// <summary>An account with everything in it, as the export's JSON has it.</summary>
internal sealed record ExportedAccount(
    PortfolioAccount Account, IReadOnlyDictionary<string, long> Cash, IReadOnlyList<ExportedHolding> Holdings,
    IReadOnlyList<ClosedLot> ClosedLots, IReadOnlyList<PortfolioTransaction> Transactions,
    IReadOnlyList<ExportedDay> Days);

/// <summary>A position with its lots.</summary>
internal sealed record ExportedHolding(string? Exchange, Position Position);

/// <summary>A day's close of an account.</summary>
/// <param name="Date">The trading day.</param>
/// <param name="Value">Minor units of the account's currency; null where it is not known.</param>
/// <param name="In">Since the close before; transfers between accounts of one's own included.</param>
/// <param name="Out">Likewise.</param>
/// <param name="Fx">What exchange rates made.</param>
/// <param name="Earned">The day's return.</param>
/// <param name="Growth">Of one unit of money since the account began.</param>
/// <param name="Missing">What was missing.</param>
internal sealed record ExportedDay(
    DateOnly Date, long? Value, long In, long Out, long? Fx, double? Earned, double Growth, IReadOnlyList<string> Missing)
{
    public static ExportedDay Of(SnapshotRow row) => new(
        row.Day, row.Total, row.Flows.Sum(flow => flow.In + flow.MovedIn), row.Flows.Sum(flow => flow.Out + flow.MovedOut),
        row.Fx, row.Earned, row.Growth, row.Missing);
}
