using FinVault.Audit;
using FinVault.Identity;
using FinVault.Platform;
using Microsoft.Azure.Cosmos;

namespace FinVault.Escrow;

/// <summary>
/// Texts of one kind of the container <c>escrow</c> can be set back, each as a patch that only what was audited last takes.
/// </summary>
public sealed class EscrowRollback(EscrowDocuments documents, string kind, params string[] fields) : IRollbackTarget
{
    public string Kind => kind;

    public IReadOnlyList<string> Fields => fields;

    public static IReadOnlyList<string> Kinds { get; } = ["merchant", "branch", "card"];

    /// <summary>What a merchant was checked by, and where it is paid, is not among the fields.</summary>
    public static EscrowRollback Of(string kind, EscrowDocuments documents) => kind switch
    {
        "merchant" => new(documents, kind, "/profile/name", "/profile/email"),
        "branch" => new(documents, kind, "/name", "/address"),
        "card" => new(documents, kind, "/name", "/terms"),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    public async Task RollBackAsync(RollbackOrder order, CurrentUser user, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(order);
        PatchOperation[] changes =
            [.. fields.Select(field => PatchOperation.Set(field, order.Text(field))), ChangeStamp.Patch(kind)];
        if (!await documents.PatchAsync(
            order.Partition, order.DocumentId, EscrowDocuments.When(ChangeStamp.Unchanged(order.Stamp)),
            cancellationToken, changes))
        {
            throw Problems.ChangedMeanwhile.With($"The {kind} has just changed.");
        }
    }
}
