
namespace FinVault.Platform;

/// <summary>The clients of Azure services, by managed identity (<c>X__…</c> settings) or connection string (<c>X</c>).</summary>
public static class AzureClients
{
    public const string EventHubs = "EventHubs";
    public const string Cosmos = "Cosmos";
    public const string SignalR = "AzureSignalRConnectionString";
}
