using FinVault.Audit;
using FinVault.Platform;

namespace FinVault.Identity;

/// <summary>A profile's name can be set back.</summary>
public sealed class ProfileRollback(ProfileStore profiles) : IRollbackTarget
{
    public string Kind => "profile";

    public IReadOnlyList<string> Fields { get; } = ["/displayName"];

    public async Task RollBackAsync(RollbackOrder order, CurrentUser user, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(order);
        if (!await profiles.RestoreNameAsync(
            order.Partition, order.Text("/displayName"), order.Stamp, cancellationToken))
        {
            throw Problems.ChangedMeanwhile.With("The profile has just changed.");
        }
    }
}
