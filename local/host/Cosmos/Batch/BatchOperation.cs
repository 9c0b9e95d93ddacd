namespace FinVault.Local.Cosmos;

/// <summary>One operation of a batch as it is on the wire.</summary>
internal sealed class BatchOperation
{
    public CosmosOperation Kind { get; set; }
    public string? PartitionKey { get; set; }
    public string? Id { get; set; }
    public ReadOnlyMemory<byte> Body { get; set; }
    public string? IfMatch { get; set; }
    public string? IfNoneMatch { get; set; }
    public bool Minimal { get; set; }

    /// <summary>The .NET SDK's <c>OperationType</c>.</summary>
    public static CosmosOperation KindOf(int type) => type switch
    {
        0 => CosmosOperation.Create,
        1 => CosmosOperation.Patch,
        2 => CosmosOperation.Read,
        4 => CosmosOperation.Delete,
        5 => CosmosOperation.Replace,
        20 => CosmosOperation.Upsert,
        _ => throw new RefusedException($"The batch operation type {type} is not supported."),
    };
}
