using FinVault.Platform;
using Microsoft.Azure.Cosmos;

namespace FinVault.Escrow;

/// <summary>The container <c>escrow</c>. A partition is a tenant, or what leads to one.</summary>
public sealed class EscrowDocuments(CosmosClient cosmos) : Documents(cosmos, Containers.Escrow)
{
    /// <summary>The filter of a condition on the document <c>c</c>.</summary>
    internal static string When(string condition) => $"FROM c WHERE {condition}";

    /// <summary>A change in a batch that is made under a condition on the document <c>c</c>.</summary>
    internal static TransactionalBatchPatchItemRequestOptions Only(string condition) =>
        new() { FilterPredicate = When(condition), EnableContentResponseOnWrite = false };

    /// <summary>
    /// A page of a tenant's documents by id, newest first, since ids begin with their time.
    /// </summary>
    /// <param name="tenant">The partition; null for all of them.</param>
    /// <param name="kind">Names the list and its filters, for the cursor.</param>
    /// <param name="filter">The condition, without the cursor's.</param>
    /// <param name="page">What was asked for.</param>
    /// <param name="idOf">The id of a row.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="parameters">Of <paramref name="filter"/>.</param>
    /// <exception cref="ProblemException">invalid_cursor.</exception>
    internal async Task<Page<T>> PageAsync<T>(
        string? tenant, string kind, string filter, PageRequest page, Func<T, string> idOf,
        CancellationToken cancellationToken, params (string Name, object Value)[] parameters)
    {
        string? before = page.After<Place>(kind)?.Before;
        string behind = before is null ? "" : " AND c.id < @before";
        QueryDefinition query = new QueryDefinition(
            $"SELECT TOP @limit * FROM c WHERE {filter}{behind} ORDER BY c.id DESC")
            .WithParameter("@limit", page.Limit + 1)
            .WithParameter("@before", before);
        foreach ((string name, object value) in parameters)
        {
            query = query.WithParameter(name, value);
        }

        List<T> rows = [];
        await foreach (T row in QueryAsync<T>(tenant, query, cancellationToken))
        {
            rows.Add(row);
        }

        T[] data = [.. rows.Take(page.Limit)];
        return new(data, rows.Count > data.Length ? Cursor.Write(kind, new Place(idOf(data[^1]))) : null);
    }

    private sealed record Place(string Before);
}
