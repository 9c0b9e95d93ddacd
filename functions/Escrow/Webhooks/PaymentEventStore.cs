using System.Text;
using FinVault.Audit;
using FinVault.Platform;
using Microsoft.Azure.Cosmos;

namespace FinVault.Escrow;

/// <summary>
/// Events of the provider, each in a partition of its own: <c>event:ID</c>. The create decides which copy is the first.
/// </summary>
public sealed class PaymentEventStore(EscrowDocuments documents, TimeProvider time)
{
    private const int MaxReason = 500;

    // A copy that comes while the first is being done is left alone for this long.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    internal async Task<PaymentEventDocument> KeepAsync(
        PaymentEvent told, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        PaymentEventDocument kept = new(
            PaymentEventDocument.PartitionOf(told.Id), told.Id, told.Type, PaymentEventState.Open,
            Encoding.UTF8.GetString(body.Span), time.GetUtcNow().ToUnixTimeMilliseconds());
        return await documents.CreateAsync(kept.Tenant, kept, cancellationToken)
            ? kept
            : await FindAsync(told.Id, cancellationToken) ?? kept;
    }

    internal async Task<PaymentEventDocument?> FindAsync(string eventId, CancellationToken cancellationToken) =>
        PaymentEvents.IsName(eventId)
            ? await documents.FindAsync<PaymentEventDocument>(
                PaymentEventDocument.PartitionOf(eventId), PaymentEventDocument.DocumentId, cancellationToken)
            : null;

    internal Task CloseAsync(
        PaymentEventDocument kept, PaymentEventState state, string? reason, CancellationToken cancellationToken) =>
        documents.PatchAsync(
            kept.Tenant, kept.Id, "FROM c WHERE c.state != 'done'", cancellationToken,
            PatchOperation.Set("/state", state == PaymentEventState.Done ? "done" : "setAside"),
            PatchOperation.Set("/reason", reason?[..Math.Min(reason.Length, MaxReason)]));

    internal IAsyncEnumerable<PaymentEventDocument> OpenAsync(CancellationToken cancellationToken) =>
        documents.QueryAsync<PaymentEventDocument>(
            null,
            new QueryDefinition(
                "SELECT * FROM c WHERE c.type = 'paymentEvent' AND c.state = 'open' AND c.at < @before ORDER BY c.at")
                .WithParameter("@before", (time.GetUtcNow() - Patience).ToUnixTimeMilliseconds()),
            cancellationToken);

    /// <summary>What was set aside, newest first.</summary>
    internal async Task<Page<PaymentEventView>> SetAsideAsync(PageRequest page, CancellationToken cancellationToken)
    {
        const string kind = "payment-events";
        QueryDefinition query = new QueryDefinition(
            "SELECT TOP @limit * FROM c WHERE c.type = 'paymentEvent' AND c.state = 'setAside' AND c.at < @before "
            + "ORDER BY c.at DESC")
            .WithParameter("@limit", page.Limit + 1)
            .WithParameter("@before", page.After<Place>(kind)?.Before ?? long.MaxValue);
        List<PaymentEventDocument> rows = [];
        await foreach (PaymentEventDocument row in documents.QueryAsync<PaymentEventDocument>(
            null, query, cancellationToken))
        {
            rows.Add(row);
        }

        PaymentEventDocument[] data = [.. rows.Take(page.Limit)];
        string? next = rows.Count > data.Length ? Cursor.Write(kind, new Place(data[^1].At)) : null;
        return new([.. data.Select(row => row.View())], next);
    }

    private sealed record Place(long Before);
}

/// <summary>An event as it is kept: as long as anybody may ask about the payment that it tells of.</summary>
[NotAudited("It is what a provider said, and never changes.")]
internal sealed record PaymentEventDocument(
    string Tenant, string EventId, string Kind, PaymentEventState State, string Body, long At, string? Reason = null,
    int Ttl = PaymentEventDocument.KeptSeconds)
{
    public const string DocumentId = "event";

    private const int KeptSeconds = 400 * 24 * 3600;

    public string Id { get; init; } = DocumentId;

    public string Type { get; init; } = "paymentEvent";

    [System.Text.Json.Serialization.JsonIgnore]
    public byte[] Bytes => Encoding.UTF8.GetBytes(Body);

    public static string PartitionOf(string eventId) => $"event:{eventId}";

    public PaymentEventView View() => new(
        EventId, Kind, State, Reason, Body, DateTimeOffset.FromUnixTimeMilliseconds(At));
}
