using System.Net;
using FinVault.Audit;
using Microsoft.Azure.Cosmos;

namespace FinVault.Escrow;

/// <summary>
/// How many of a card are left. Each change stands beside the card as a document of its own, made or changed in the same
/// transaction as the count, so a repeated change counts once and the count is never below zero.
/// </summary>
internal sealed class CardStock(EscrowDocuments documents)
{
    private const string Taken = "taken";
    private const string Returned = "returned";

    /// <summary>Takes one for an escrow, once; false when there is none, or it is withdrawn.</summary>
    public async Task<bool> TakeAsync(string cardId, string escrowId, CancellationToken cancellationToken)
    {
        TransactionalBatch batch = documents.Batch(cardId)
            .CreateItem(new StockChange(escrowId, cardId, -1, Taken))
            .PatchItem(
                cardId, [PatchOperation.Increment("/available", -1)],
                EscrowDocuments.Only("c.available >= 1 AND c.state = 'listed'"));
        return await EscrowDocuments.ExecuteAsync(batch, cancellationToken)
            is { IsDone: true } or (0, HttpStatusCode.Conflict);
    }

    /// <summary>Gives back what was taken for an escrow, once; nothing when nothing was.</summary>
    public Task GiveBackAsync(string cardId, string escrowId, CancellationToken cancellationToken)
    {
        TransactionalBatch batch = documents.Batch(cardId)
            .PatchItem(
                escrowId, [PatchOperation.Set("/state", Returned)], EscrowDocuments.Only($"c.state = '{Taken}'"))
            .PatchItem(cardId, [PatchOperation.Increment("/available", 1)]);
        return EscrowDocuments.ExecuteAsync(batch, cancellationToken);
    }

    /// <summary>Changes the count by a merchant's word, once for its id. False when it would fall below zero.</summary>
    public async Task<bool> ChangeAsync(
        string cardId, string merchantId, string changeId, int change, CancellationToken cancellationToken)
    {
        string room = $"c.merchant = '{merchantId}' AND c.available >= {-change}"
            + $" AND c.available <= {CardRules.MaxStock - change}";
        TransactionalBatch batch = documents.Batch(cardId)
            .CreateItem(new StockChange(changeId, cardId, change, "counted"))
            .PatchItem(cardId, [PatchOperation.Increment("/available", change)], EscrowDocuments.Only(room));
        return await EscrowDocuments.ExecuteAsync(batch, cancellationToken)
            is { IsDone: true } or (0, HttpStatusCode.Conflict);
    }

    /// <param name="Id">The escrow's that took one, or the merchant's own for a delivery.</param>
    /// <param name="Tenant">The card: its partition.</param>
    [NotAudited("It says that a change of a stock was made, so that it is made once.")]
    private sealed record StockChange(string Id, string Tenant, int Change, string State)
    {
        public string Type { get; init; } = "stock";
    }
}
