namespace FinVault.Contracts;

/// <summary>What every declared body does: these types only name Azure's; behaviour is the real package's or the local host's.</summary>
internal static class Declaration
{
    internal static NotSupportedException Only => new(
        "FinVault was built against its declarations of the Azure packages, which do nothing. "
        + "Run it with 'dotnet run --project local/host', or build it with the real packages (AzureSdk=packages).");
}
