using System.Diagnostics.Metrics;
using FinVault.Platform;

namespace FinVault.Escrow;

/// <summary>The ledger's metrics.</summary>
internal static class LedgerTelemetry
{
    public const string ImbalancesName = "finvault.ledger.imbalances";

    /// <summary>Trial balances that were not zero, by <c>currency</c>. Anything but nothing is an incident.</summary>
    public static readonly Counter<long> Imbalances =
        Telemetry.Meter.CreateCounter<long>(ImbalancesName, "{balance}", "Trial balances that were not zero");

    private static readonly Counter<long> Commands =
        Telemetry.Meter.CreateCounter<long>("finvault.ledger.commands", "{command}", "Commands by result");

    private static readonly KeyValuePair<string, object?>[] Codes =
        [.. Enum.GetNames<TransferCode>().Select(name => new KeyValuePair<string, object?>("code", name))];

    public static void Counted(TransferCode code) => Commands.Add(1, Codes[(int)code]);
}
