namespace FinVault.Platform;

/// <summary>One Cosmos container: its name, partition key path and how long documents live unless they say otherwise.</summary>
/// <param name="Name">Container id in the database <see cref="Containers.Database"/>.</param>
/// <param name="PartitionKey">Partition key path.</param>
/// <param name="TimeToLiveSeconds">-1: only documents with a <c>ttl</c> of their own expire.</param>
/// <param name="IndexedPaths">The only paths that queries use; everything else is left out of the index.</param>
public sealed record ContainerDefinition(
    string Name, string PartitionKey, int TimeToLiveSeconds, params string[] IndexedPaths);

/// <summary>Every container of FinVault. The local host creates them, infra/containers.json makes the same ones.</summary>
public static class Containers
{
    public const string Database = "finvault";
    public const string Market = "market";
    public const string History = "history";
    public const string Uploads = "uploads";
    public const string Identity = "identity";
    public const string Ledger = "ledger";
    public const string Giveaways = "giveaways";
    public const string Escrow = "escrow";
    public const string Portfolios = "portfolios";
    public const string Audit = "audit";
    public const string Idempotency = "idempotency";
    public const string Limits = "limits";
    public const string Jobs = "jobs";
    public const string Notifications = "notifications";
    public const string Alerts = "alerts";
    public const string Leases = "leases";

    public static IReadOnlyList<ContainerDefinition> All { get; } =
    [
        new(Market, "/shard", -1, "/kind/?", "/last/?", "/at/?"),
        new(History, "/symbol", -1, "/kind/?", "/from/?"),
        new(Uploads, "/owner", -1, "/state/?", "/dueAt/?"),
        new(Identity, "/user", -1, "/type/?", "/tenant/?", "/at/?"),
        new(Ledger, "/account", -1, "/type/?", "/state/?", "/sequence/?", "/atMilliseconds/?", "/expiresAtMilliseconds/?"),
        new(Giveaways, "/giveaway", -1, "/type/?", "/tenant/?", "/state/?", "/at/?", "/nudge/?", "/rank/?"),
        new(
            Escrow, "/tenant", -1, "/type/?", "/merchant/?", "/state/?", "/at/?", "/dueAt/?", "/kyc/?", "/currency/?",
            "/amount/?", "/reference/?"),
        new(
            Portfolios, "/account", -1, "/type/?", "/symbol/?", "/status/?", "/place/?", "/import/?", "/isDue/?", "/state/?",
            "/at/?", "/account/?", "/snapshotsThrough/?"),
        new(
            Audit, "/entity", -1, "/type/?", "/entity/?", "/actor/?", "/kind/?", "/name/?", "/tenant/?", "/correlationId/?",
            "/place/?", "/open/?"),
        new(Idempotency, "/scope", -1),
        new(Limits, "/subject", -1),
        new(Jobs, "/id", -1, "/type/?", "/kind/?", "/state/?"),
        new(Notifications, "/user", -1, "/type/?", "/readAt/?"),
        new(Alerts, "/user", -1, "/type/?", "/symbol/?", "/isActive/?", "/alert/?"),
        new(Leases, "/id", -1, "/*"),
    ];
}
