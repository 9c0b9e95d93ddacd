using FinVault.Audit;
using FinVault.Identity;
using FinVault.Platform;

namespace FinVault.Giveaways;

/// <summary>A draft's texts can be set back; what is public has been a promise.</summary>
public sealed class GiveawayRollback(GiveawayStore store, GiveawayDesk desk) : IRollbackTarget
{
    public string Kind => Giveaway.DocumentType;

    public IReadOnlyList<string> Fields { get; } = ["/plan/title", "/plan/description", "/plan/terms"];

    public async Task RollBackAsync(RollbackOrder order, CurrentUser user, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(order);
        Giveaway giveaway = await store.FindAsync(order.Partition, cancellationToken)
            ?? throw Problems.UnknownGiveaway.With("There is no such giveaway any more.");
        GiveawayPlan plan = giveaway.Plan with
        {
            Title = order.Text("/plan/title") ?? "",
            Description = order.Text("/plan/description") ?? "",
            Terms = order.Text("/plan/terms") ?? "",
        };
        // The revision that was audited must still be the giveaway's.
        await desk.EditAsync(giveaway, new((int)order.Now["revision"]!, plan), cancellationToken);
    }
}
