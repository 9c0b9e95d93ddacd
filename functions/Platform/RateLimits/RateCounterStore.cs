using System.Globalization;
using System.Net;
using FinVault.Audit;
using Microsoft.Azure.Cosmos;

namespace FinVault.Platform.RateLimits;

/// <summary>What a counter gave.</summary>
/// <param name="Calls">0 when none are left.</param>
/// <param name="Total">Calls that all instances have taken together.</param>
public sealed record Taken(int Calls, int Total);

/// <summary>
/// The container <c>limits</c>: a counter for each subject, limit and window, which goes away by itself. It only grows
/// by a patch whose condition keeps it within the limit.
/// </summary>
public sealed class RateCounterStore(CosmosClient cosmos)
{
    private readonly Container _limits = cosmos.GetContainer(Containers.Database, Containers.Limits);

    /// <summary>Takes as many calls as are asked for, or as many as are left.</summary>
    public async Task<Taken> TakeAsync(
        string subject, RateLimit limit, long window, int calls, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(limit);
        string id = string.Create(CultureInfo.InvariantCulture, $"{limit.Name}:{window}");
        int wanted = calls;
        while (wanted > 0)
        {
            using ResponseMessage response = await _limits.PatchItemStreamAsync(
                id, new PartitionKey(subject), [PatchOperation.Increment("/taken", wanted)],
                new PatchItemRequestOptions
                {
                    FilterPredicate = string.Create(
                        CultureInfo.InvariantCulture, $"FROM c WHERE c.taken <= {limit.Calls - wanted}"),
                },
                cancellationToken);
            switch (response.StatusCode)
            {
                case HttpStatusCode.PreconditionFailed:
                    // Fewer are left than were asked for.
                    wanted /= 2;
                    break;
                case HttpStatusCode.NotFound:
                    if (await CreateAsync(id, subject, limit, wanted, cancellationToken))
                    {
                        return new(wanted, wanted);
                    }

                    break;
                default:
                    return new(wanted, (await Json.ReadAsync<Counter>(response, cancellationToken)).Taken);
            }
        }

        return new(0, limit.Calls);
    }

    private async Task<bool> CreateAsync(
        string id, string subject, RateLimit limit, int calls, CancellationToken cancellationToken)
    {
        // Twice the window, since clocks of instances differ a little.
        int seconds = Math.Max(1, (int)Math.Ceiling(limit.Window.TotalSeconds * 2));
        try
        {
            await _limits.CreateItemAsync(
                new Counter(id, subject, calls, seconds), new PartitionKey(subject),
                new ItemRequestOptions { EnableContentResponseOnWrite = false }, cancellationToken);
            return true;
        }
        catch (CosmosException exists) when (exists.StatusCode == HttpStatusCode.Conflict)
        {
            return false;
        }
    }

    [NotAudited("It is a counter that lives for minutes.")]
    private sealed record Counter(string Id, string Subject, int Taken, int Ttl);
}
