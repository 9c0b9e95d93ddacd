using FinVault.Platform;
using Microsoft.Azure.Cosmos;

namespace FinVault.Identity;

/// <summary>Who asks for their data, or to be erased.</summary>
/// <param name="User"><c>USER_…</c>.</param>
/// <param name="Email">Null once the account is gone.</param>
/// <param name="Tenants">Their own tenant, and those that nobody else is in.</param>
public sealed record Person(string User, string? Email, IReadOnlyList<string> Tenants);

/// <summary>Something that a slice knows about a person.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Data">As the person may see it.</param>
public sealed record PersonalItem(string Kind, object Data);

/// <summary>What a slice knows about people (GDPR, articles 15, 17 and 20). Every slice that knows something registers one.</summary>
public interface IPersonalData
{
    /// <summary>The slice, as the export names it; steps are done in the order of these names.</summary>
    string Slice { get; }

    /// <summary>Everything, one by one, without secrets.</summary>
    IAsyncEnumerable<PersonalItem> ExportAsync(Person person, CancellationToken cancellationToken);

    /// <summary>Why the person cannot be erased now, as a sentence for them; null for no reason.</summary>
    Task<string?> FindObstacleAsync(Person person, CancellationToken cancellationToken) => Task.FromResult<string?>(null);

    /// <summary>
    /// Removes or blanks what is known. It may be called again after it was done in part or whole. What must stay, such as
    /// the ledger, stays without saying who it was.
    /// </summary>
    Task EraseAsync(Person person, CancellationToken cancellationToken);
}

/// <summary>What steps of an erasure need of a container.</summary>
public static class ErasedDocuments
{
    /// <summary>What stands in the place of what was erased.</summary>
    public const string Mark = "(erased)";

    private sealed record Row(string Id, string Partition);

    /// <summary>Deletes what fits a condition on <c>c</c>, in a partition or, with null, in all.</summary>
    public static async Task DeleteAllAsync(
        this Documents documents, string? partition, string condition, CancellationToken cancellationToken,
        params (string Name, string Value)[] values)
    {
        ArgumentNullException.ThrowIfNull(documents);
        await foreach ((string id, string at) in documents.FindAllAsync(partition, condition, values, cancellationToken))
        {
            await documents.DeleteAsync(at, id, null, cancellationToken);
        }
    }

    /// <summary>Blanks fields of what fits a condition on <c>c</c>.</summary>
    public static async Task BlankAllAsync(
        this Documents documents, string? partition, string condition, IReadOnlyList<PatchOperation> blank,
        CancellationToken cancellationToken, params (string Name, string Value)[] values)
    {
        ArgumentNullException.ThrowIfNull(documents);
        await foreach ((string id, string at) in documents.FindAllAsync(partition, condition, values, cancellationToken))
        {
            await documents.PatchAsync(at, id, null, cancellationToken, [.. blank]);
        }
    }

    // All are read before any is changed, so that no page is lost under the query's feet.
    private static async IAsyncEnumerable<(string Id, string Partition)> FindAllAsync(
        this Documents documents, string? partition, string condition, (string Name, string Value)[] values,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string field = Containers.All.First(one => one.Name == documents.Container.Id).PartitionKey[1..];
        QueryDefinition query = values.Aggregate(
            new QueryDefinition($"SELECT c.id AS id, c.{field} AS partition FROM c WHERE {condition}"),
            (all, value) => all.WithParameter(value.Name, value.Value));
        List<Row> rows = await documents.QueryAsync<Row>(partition, query, cancellationToken).ToListAsync(cancellationToken);
        foreach (Row row in rows)
        {
            yield return (row.Id, row.Partition);
        }
    }
}
