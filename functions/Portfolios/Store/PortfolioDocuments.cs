using FinVault.Platform;
using Microsoft.Azure.Cosmos;

namespace FinVault.Portfolios;

/// <summary>The container <c>portfolios</c> as the stores of this slice use it.</summary>
public sealed class PortfolioDocuments(CosmosClient cosmos) : Documents(cosmos, Containers.Portfolios)
{
    /// <summary>Operations that one batch of the store takes.</summary>
    public const int MaxBatch = 100;

    /// <summary>All rows of a query.</summary>
    internal async Task<List<T>> ListAsync<T>(
        string? partition, QueryDefinition query, CancellationToken cancellationToken)
    {
        List<T> rows = [];
        await foreach (T row in QueryAsync<T>(partition, query, cancellationToken))
        {
            rows.Add(row);
        }

        return rows;
    }
}
