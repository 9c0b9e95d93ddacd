using FinVault.Audit;
using Microsoft.Azure.Cosmos;

namespace FinVault.Escrow;

/// <summary>
/// Bounds how many wrong codes a user and a branch can try in a while. A try is counted before the code is looked at, by
/// a patch whose condition keeps the count within the limit, and taken back when the code was right; so tries at the
/// same moment cannot slip through together.
/// </summary>
internal sealed class CodeAttempts(EscrowDocuments documents, EscrowOptions options, TimeProvider time)
{
    /// <summary>Counts a try; false when there were too many.</summary>
    public async Task<bool> TakeAsync(Branch branch, string user, CancellationToken cancellationToken)
    {
        if (!await CountAsync(branch.Tenant, user, options.MaxUserAttempts, 1, cancellationToken))
        {
            return false;
        }

        return await CountAsync(branch.Tenant, branch.Id, options.MaxBranchAttempts, 1, cancellationToken);
    }

    /// <summary>Takes a try back.</summary>
    public async Task GiveBackAsync(Branch branch, string user, CancellationToken cancellationToken)
    {
        await CountAsync(branch.Tenant, user, int.MaxValue, -1, cancellationToken);
        await CountAsync(branch.Tenant, branch.Id, int.MaxValue, -1, cancellationToken);
    }

    private async Task<bool> CountAsync(
        string tenant, string subject, int limit, int change, CancellationToken cancellationToken)
    {
        long window = time.GetUtcNow().ToUnixTimeSeconds() / (options.AttemptMinutes * 60);
        string id = $"ATTEMPTS_{subject}_{window}";
        await documents.CreateAsync(
            tenant, new AttemptCount(id, tenant, 0, 2 * options.AttemptMinutes * 60), cancellationToken);
        return await documents.PatchAsync(
            tenant, id, EscrowDocuments.When($"c.count < {limit}"), cancellationToken,
            PatchOperation.Increment("/count", change));
    }

    [NotAudited("It is a counter that lives for minutes.")]
    private sealed record AttemptCount(string Id, string Tenant, int Count, int Ttl)
    {
        public string Type { get; init; } = "attempts";
    }
}
