using System.Text;
using FinVault.Platform;
using Microsoft.Azure.Cosmos;

namespace FinVault.Portfolios;

/// <summary>
/// Targets and plans in their account's partition. Whatever ends a plan also takes its slot away, in one batch, so that
/// an account has one open plan at most, whoever makes them.
/// </summary>
public sealed class RebalanceStore(PortfolioDocuments documents)
{
    private static readonly TransactionalBatchItemRequestOptions NoBody = new() { EnableContentResponseOnWrite = false };

    internal Task<TargetsDocument?> FindTargetsAsync(string account, CancellationToken cancellationToken) =>
        documents.FindAsync<TargetsDocument>(account, TargetsDocument.DocumentId, cancellationToken);

    internal Task SetTargetsAsync(TargetsDocument targets, CancellationToken cancellationToken) =>
        documents.Container.UpsertItemAsync(
            targets, new PartitionKey(targets.Account), new() { EnableContentResponseOnWrite = false }, cancellationToken);

    internal async Task<PlanDocument?> FindAsync(string account, string plan, CancellationToken cancellationToken) =>
        Ids.IsValid(plan, RebalancePlanView.Prefix)
            ? await documents.FindAsync<PlanDocument>(account, plan, cancellationToken)
            : null;

    /// <summary>What a night made for an account; null for nothing.</summary>
    internal async Task<PlanDocument?> OfNightAsync(string account, string night, CancellationToken cancellationToken)
    {
        QueryDefinition query = new QueryDefinition(
            "SELECT TOP 1 * FROM c WHERE c.type = 'rebalancePlan' AND c.night = @night").WithParameter("@night", night);
        return (await documents.ListAsync<PlanDocument>(account, query, cancellationToken)).FirstOrDefault();
    }

    /// <summary>A page of an account's plans without their orders, the newest first.</summary>
    /// <exception cref="ProblemException">invalid_cursor.</exception>
    internal async Task<Page<RebalancePlanSummary>> ListAsync(
        string account, PageRequest page, CancellationToken cancellationToken)
    {
        string list = $"rebalances:{account}";
        string? before = page.After<PlanPlace>(list)?.Id;
        QueryDefinition query = new QueryDefinition(
            "SELECT TOP @limit c.id, c.state, c.plan.trigger, c.plan.currency, c.plan.createdAt, c.plan.expiresAt, "
            + "ARRAY_LENGTH(c.plan.plan.orders) AS orders, c.plan.plan.total, c.plan.plan.fees, c.plan.plan.tax, c.tradesAt "
            + "FROM c WHERE c.type = 'rebalancePlan'" + (before is null ? "" : " AND c.id < @before") + " ORDER BY c.id DESC")
            .WithParameter("@limit", page.Limit + 1).WithParameter("@before", before);
        List<RebalancePlanSummary> rows =
            await documents.ListAsync<RebalancePlanSummary>(account, query, cancellationToken);
        RebalancePlanSummary[] data = [.. rows.Take(page.Limit)];
        return new(data, rows.Count > data.Length ? Cursor.Write(list, new PlanPlace(data[^1].Id)) : null);
    }

    internal Task<Versioned<PlanSlot>?> FindSlotAsync(string account, CancellationToken cancellationToken) =>
        documents.FindVersionedAsync<PlanSlot>(account, PlanSlot.DocumentId, cancellationToken);

    /// <summary>Opens a plan in the place of none, or of one that is over; false when somebody else did first.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="before">The slot of the plan that is over; null for none.</param>
    /// <param name="night">The night that makes it; null when the owner asked.</param>
    /// <param name="cancellationToken">Gives up.</param>
    internal async Task<bool> OpenAsync(
        PlanDocument plan, Versioned<PlanSlot>? before, string? night, CancellationToken cancellationToken)
    {
        PlanSlot slot = new(plan.Account, plan.Id, plan.Plan.ExpiresAt);
        TransactionalBatch batch = documents.Batch(plan.Account).CreateItem(plan, NoBody);
        if (before is null)
        {
            batch.CreateItem(slot, NoBody);
        }
        else
        {
            batch.ReplaceItem(slot.Id, slot, new() { IfMatchEtag = before.ETag, EnableContentResponseOnWrite = false });
            batch.PatchItem(before.Document.Plan, [State(PlanState.Expired)]);
        }

        if (night is not null)
        {
            Mark(batch, night);
        }

        return (await Documents.ExecuteAsync(batch, cancellationToken)).IsDone;
    }

    /// <summary>Ends a plan without its orders; false when it is no longer open.</summary>
    internal async Task<bool> CancelAsync(PlanDocument plan, CancellationToken cancellationToken) =>
        (await Documents.ExecuteAsync(
            documents.Batch(plan.Account)
                .PatchItem(plan.Id, [State(PlanState.Cancelled)], new() { FilterPredicate = "FROM c WHERE c.state = 'open'" })
                .DeleteItem(PlanSlot.DocumentId),
            cancellationToken)).IsDone;

    /// <summary>What an open plan's batch holds beside its orders.</summary>
    internal static (Action<TransactionalBatch> Write, int Operations) Confirming(
        PlanDocument plan, DateTimeOffset tradesAt, IReadOnlyList<string> transactions) =>
        (batch => batch
            .PatchItem(
                plan.Id,
                [
                    State(PlanState.Confirmed), PatchOperation.Set("/tradesAt", tradesAt),
                    PatchOperation.Set("/transactions", transactions),
                ],
                new() { FilterPredicate = "FROM c WHERE c.state = 'open'", EnableContentResponseOnWrite = false })
            .DeleteItem(PlanSlot.DocumentId), 2);

    /// <summary>The same of a plan that the night makes and carries out at once; no other may be open.</summary>
    internal static (Action<TransactionalBatch> Write, int Operations) Making(PlanDocument plan, string night) =>
        (batch =>
        {
            batch.CreateItem(plan, NoBody)
                .CreateItem(new PlanSlot(plan.Account, plan.Id, plan.Plan.ExpiresAt), NoBody)
                .DeleteItem(PlanSlot.DocumentId);
            Mark(batch, night);
        }, 4);

    /// <summary>Notes that a night has dealt with an account; false when it had.</summary>
    internal async Task<bool> MarkAsync(string account, string night, CancellationToken cancellationToken) =>
        (await Documents.ExecuteAsync(Mark(documents.Batch(account), night), cancellationToken)).IsDone;

    /// <summary>Accounts that a night has still to deal with, in order.</summary>
    internal async Task<List<string>> PendingAsync(
        string night, string after, int count, CancellationToken cancellationToken)
    {
        QueryDefinition query = new QueryDefinition(
            "SELECT TOP @count c.account FROM c WHERE c.type = 'rebalanceTargets' AND c.state IN ('propose', 'automatic')"
            + " AND c.account > @after AND c.night < @night ORDER BY c.account")
            .WithParameter("@count", count).WithParameter("@after", after).WithParameter("@night", night);
        return [.. (await documents.ListAsync<Place>(null, query, cancellationToken)).Select(row => row.Account)];
    }

    /// <summary>Writes out the orders of a confirmed plan that are not there yet; may be repeated.</summary>
    internal async Task WriteOrdersAsync(
        string account, string plan, long sequence, DateTimeOffset at, CancellationToken cancellationToken)
    {
        PlanDocument found = await FindAsync(account, plan, cancellationToken)
            ?? throw new InvalidOperationException($"{plan} is confirmed and not there.");
        foreach (PortfolioTransaction[] some in Orders(found, sequence, at, found.TradesAt!.Value)
            .Chunk(PortfolioDocuments.MaxBatch))
        {
            TransactionalBatch batch = documents.Batch(account);
            foreach (PortfolioTransaction order in some)
            {
                batch.CreateItem(TransactionDocument.Of(order), NoBody);
            }

            // A conflict: this part was written before.
            await Documents.ExecuteAsync(batch, cancellationToken);
        }
    }

    /// <summary>A plan's orders as pending transactions: the same whenever they are made.</summary>
    internal static IEnumerable<PortfolioTransaction> Orders(
        PlanDocument plan, long sequence, DateTimeOffset at, DateTimeOffset tradesAt)
    {
        Dictionary<string, PlanPrice> prices = plan.Plan.Prices.ToDictionary(price => price.Symbol, StringComparer.Ordinal);
        return plan.Plan.Plan.Orders.Select((order, i) =>
        {
            PlanPrice price = prices[order.Symbol];
            string seed = FormattableString.Invariant($"{plan.Id}-{i}");
            return new PortfolioTransaction(
                Ids.Derive(PortfolioTransaction.Prefix, at, Encoding.UTF8.GetBytes(seed)), plan.Account, sequence + i + 1,
                order.Side == OrderSide.Buy ? TransactionKind.Buy : TransactionKind.Sell, TransactionStatus.Pending,
                price.Currency, tradesAt, at)
            {
                Symbol = order.Symbol,
                Exchange = plan.Exchanges.GetValueOrDefault(order.Symbol),
                Quantity = order.Quantity,
                Price = price.Quoted,
                Amount = MinorUnits.Of(order.Quantity * price.Quoted, price.Currency),
                Fees = MinorUnits.Of(MinorUnits.ToDecimal(order.Fee, plan.Plan.Currency) / price.Rate, price.Currency),
                SettlesOn = DateOnly.FromDateTime(tradesAt.UtcDateTime),
                Picks = order.Lots,
                Note = $"Rebalancing {plan.Id}",
            };
        });
    }

    private static TransactionalBatch Mark(TransactionalBatch batch, string night) => batch.PatchItem(
        TargetsDocument.DocumentId, [PatchOperation.Set("/night", night)],
        new() { FilterPredicate = $"FROM c WHERE c.night < '{night}'", EnableContentResponseOnWrite = false });

    private static PatchOperation State(PlanState state) =>
        PatchOperation.Set("/state", state.ToString().ToLowerInvariant());

    private sealed record Place(string Account);

    private sealed record PlanPlace(string Id);
}
