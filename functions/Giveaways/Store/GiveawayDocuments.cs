using FinVault.Platform;
using Microsoft.Azure.Cosmos;

namespace FinVault.Giveaways;

/// <summary>The container <c>giveaways</c>. A partition is a giveaway.</summary>
public sealed class GiveawayDocuments(CosmosClient cosmos) : Documents(cosmos, Containers.Giveaways)
{
    /// <summary>Tries of a write whose condition failed because somebody else was first.</summary>
    public const int MaxTries = 50;

    /// <summary>Operations in one transactional batch.</summary>
    public const int MaxBatch = 100;

    public static TransactionalBatchItemRequestOptions NoBody { get; } = new() { EnableContentResponseOnWrite = false };

    public static TransactionalBatchPatchItemRequestOptions Only(string condition) =>
        new() { FilterPredicate = condition, EnableContentResponseOnWrite = false };
}
