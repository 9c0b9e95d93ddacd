namespace FinVault.Local.Cosmos;

/// <summary>One operation on one document, alone or in a batch, checked as far as it can be without the store.</summary>
/// <param name="Kind">Read, Create, Upsert, Replace, Patch or Delete.</param>
/// <param name="Partition">Partition key (<see cref="PartitionKeyValue"/>).</param>
/// <param name="Id">The document's id.</param>
internal sealed record DocumentOperation(CosmosOperation Kind, string Partition, string Id)
{
    /// <summary>The document to write, for create, upsert and replace.</summary>
    public DocumentScan? Document { get; init; }

    public PatchSpecification? Patch { get; init; }

    public string? IfMatch { get; init; }

    public string? IfNoneMatch { get; init; }

    /// <summary>The client wants no document in the answer to a write.</summary>
    public bool Minimal { get; init; }

    /// <summary>Parses and checks a request body for its operation. Throws <see cref="RefusedException"/>.</summary>
    public static DocumentOperation Parse(
        CosmosContainer container, CosmosOperation kind, string partition, string? id, ReadOnlyMemory<byte> body)
    {
        switch (kind)
        {
            case CosmosOperation.Create or CosmosOperation.Upsert or CosmosOperation.Replace:
                DocumentScan document = DocumentScan.Of(body, container, partition);
                if (kind == CosmosOperation.Replace && id is not null && id != document.Id)
                {
                    throw new RefusedException("Replacing an item with a different id is not supported.");
                }
                return new DocumentOperation(kind, partition, document.Id) { Document = document };
            case CosmosOperation.Patch:
                return new DocumentOperation(kind, partition, Required(id))
                {
                    Patch = PatchSpecification.Parse(body, container.PartitionKey),
                };
            case CosmosOperation.Read or CosmosOperation.Delete:
                return new DocumentOperation(kind, partition, Required(id));
            default:
                throw new RefusedException($"The operation {kind} is not supported on a document.");
        }
    }

    private static string Required(string? id) => id ?? throw new RefusedException("The operation needs an id.");
}

/// <summary>How one operation went: status, charge, the version it left or found, and the document if wanted.</summary>
internal readonly record struct DocumentResult(int Status, double Charge)
{
    public StoredDocument Stored { get; init; }

    /// <summary>The whole document, or the error document; empty if the client wants none.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    public Refusal? Refusal { get; init; }

    public bool Failed => Status >= 400;

    public static DocumentResult Refused(Refusal refusal, double charge) =>
        new(refusal.Status, charge) { Refusal = refusal };
}
