namespace FinVault.Local.Cosmos;

/// <summary>What a request asks for; the ledger counts and the fault switches choose by it.</summary>
public enum CosmosOperation
{
    /// <summary>Account, databases, containers, partition key ranges, offers: costs nothing.</summary>
    Metadata,
    Read,
    Create,
    Upsert,
    Replace,
    Patch,
    Delete,
    Batch,
    Query,
    QueryPlan,
    ReadFeed,
    ChangeFeed,
}
