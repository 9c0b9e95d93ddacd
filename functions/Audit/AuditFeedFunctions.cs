using System.Text.Json;
using FinVault.Platform;
using Microsoft.Azure.Functions.Worker;

namespace FinVault.Audit;

/// <summary>Audits what changes, and seals the trail.</summary>
public sealed class AuditFeedFunctions(ChangeAuditor auditor, AuditSeals seals)
{
    // Nobody waits for it, and a longer poll costs less.
    private const int PollMilliseconds = 500;

    [Function(nameof(AuditGiveaways))]
    [ExponentialBackoffRetry(-1, "00:00:01", "00:01:00")]
    public Task AuditGiveaways(
        [CosmosDBTrigger(
            Containers.Database, Containers.Giveaways, Connection = AzureClients.Cosmos,
            LeaseContainerName = Containers.Leases, LeaseContainerPrefix = "audit-giveaways",
            FeedPollDelay = PollMilliseconds, StartFromBeginning = true)]
        IReadOnlyList<JsonElement> changes,
        FunctionContext context) => auditor.AuditAsync(Containers.Giveaways, changes, context.CancellationToken);

    [Function(nameof(AuditEscrow))]
    [ExponentialBackoffRetry(-1, "00:00:01", "00:01:00")]
    public Task AuditEscrow(
        [CosmosDBTrigger(
            Containers.Database, Containers.Escrow, Connection = AzureClients.Cosmos,
            LeaseContainerName = Containers.Leases, LeaseContainerPrefix = "audit-escrow",
            FeedPollDelay = PollMilliseconds, StartFromBeginning = true)]
        IReadOnlyList<JsonElement> changes,
        FunctionContext context) => auditor.AuditAsync(Containers.Escrow, changes, context.CancellationToken);

    [Function(nameof(AuditIdentity))]
    [ExponentialBackoffRetry(-1, "00:00:01", "00:01:00")]
    public Task AuditIdentity(
        [CosmosDBTrigger(
            Containers.Database, Containers.Identity, Connection = AzureClients.Cosmos,
            LeaseContainerName = Containers.Leases, LeaseContainerPrefix = "audit-identity",
            FeedPollDelay = PollMilliseconds, StartFromBeginning = true)]
        IReadOnlyList<JsonElement> changes,
        FunctionContext context) => auditor.AuditAsync(Containers.Identity, changes, context.CancellationToken);

    /// <summary>Holds the ends of all chains, so that none can be taken out as a whole.</summary>
    [Function(nameof(SealAudit))]
    public Task SealAudit([TimerTrigger("45 * * * * *")] TimerInfo timer, CancellationToken cancellationToken) =>
        seals.SealAsync(cancellationToken);
}
