using System.Text.Json.Nodes;
using FinVault.Identity;

namespace FinVault.Audit;

/// <summary>
/// A kind that may be set back, in part, to what it was: descriptive fields only; never money, states, counts, secrets or
/// who may do what. The slice that owns the kind writes it by its own rules.
/// </summary>
public interface IRollbackTarget
{
    string Kind { get; }

    /// <summary>What is set back, as JSON pointers; everything else stays as it is.</summary>
    IReadOnlyList<string> Fields { get; }

    /// <summary>Writes the fields, if the document is still as it was audited last.</summary>
    /// <exception cref="Platform.ProblemException">changed_meanwhile, and what the slice's own rules refuse.</exception>
    Task RollBackAsync(RollbackOrder order, CurrentUser user, CancellationToken cancellationToken);
}

/// <summary>What is to be set back.</summary>
/// <param name="Partition">Where the document is.</param>
/// <param name="DocumentId">Its id.</param>
/// <param name="Stamp">Of the change that was audited last: what it must still be.</param>
/// <param name="Now">As it was audited last.</param>
/// <param name="Then">As it was.</param>
public sealed record RollbackOrder(
    string Partition, string DocumentId, string Stamp, JsonObject Now, JsonObject Then)
{
    /// <summary>A text as it was; null for none.</summary>
    public string? Text(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        JsonNode? at = Then;
        foreach (string name in path[1..].Split('/'))
        {
            at = at?[name];
        }

        return (string?)at;
    }
}
