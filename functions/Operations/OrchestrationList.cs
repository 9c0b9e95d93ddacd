using System.Globalization;
using FinVault.Platform;
using Microsoft.AspNetCore.Http;
using Microsoft.DurableTask.Client;

namespace FinVault.Operations;

/// <summary>Which orchestrations a list has.</summary>
internal sealed record OrchestrationFilter(
    IReadOnlyList<OrchestrationState> Statuses, string? Name, string? Prefix, DateTimeOffset? CreatedFrom,
    DateTimeOffset? CreatedTo)
{
    private const int MaxText = 200;

    /// <summary>Names the list in its cursors: a cursor goes on with the filters that it began with.</summary>
    public string Kind => string.Create(
        CultureInfo.InvariantCulture,
        $"orchestrations:{string.Join(',', Statuses.Order())}:{Name}:{Prefix}:{CreatedFrom:O}:{CreatedTo:O}");

    /// <exception cref="ProblemException">invalid_request, invalid_date.</exception>
    public static OrchestrationFilter From(IQueryCollection query) => new(
        [.. States(query["status"])], Text(query, "name"), Text(query, "prefix"), Instant(query, "createdFrom"),
        Instant(query, "createdTo"));

    public OrchestrationQuery ToQuery(int pageSize) => new(
        CreatedFrom, CreatedTo, Statuses.Count == 0 ? null : Statuses.Select(OrchestrationStates.ToRuntime),
        InstanceIdPrefix: Prefix, PageSize: pageSize);

    private static IEnumerable<OrchestrationState> States(string? text) => (text ?? "")
        .Split(',', StringSplitOptions.RemoveEmptyEntries)
        .Select(one => char.IsAsciiLetter(one[0]) && Enum.TryParse(one, ignoreCase: true, out OrchestrationState state)
            ? state
            : throw Problems.InvalidRequest.With(
                $"status is one or more of {string.Join(", ", Enum.GetNames<OrchestrationState>())}."))
        .Distinct();

    private static string? Text(IQueryCollection query, string name) => (string?)query[name] switch
    {
        null or "" => null,
        { Length: > MaxText } => throw Problems.InvalidRequest.With($"{name} has {MaxText} characters at most."),
        { } text => text,
    };

    private static DateTimeOffset? Instant(IQueryCollection query, string name)
    {
        string? text = query[name];
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        bool read = DateTimeOffset.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out DateTimeOffset at);
        return read ? at : throw Problems.InvalidDate.With($"{name} is an instant, such as 2026-01-31T12:00:00Z.");
    }
}

/// <summary>
/// A page of orchestrations. The engine finds by all filters but the name, which is looked for here: in so many of its
/// pages at most, so that a rare name answers in time, with a cursor to go on.
/// </summary>
internal static class OrchestrationList
{
    private const int PageOfSearch = 500;
    private const int MostPages = 10;

    public static async Task<Page<OrchestrationRow>> ReadAsync(
        DurableTaskClient client, OrchestrationFilter filter, PageRequest page, CancellationToken cancellation)
    {
        int size = filter.Name is null ? page.Limit : PageOfSearch;
        OrchestrationPlace? place = page.After<OrchestrationPlace>(filter.Kind);
        List<OrchestrationRow> rows = [];
        int pages = 0;
        IAsyncEnumerable<Microsoft.DurableTask.Page<OrchestrationMetadata>> found =
            client.GetAllInstancesAsync(filter.ToQuery(size)).AsPages(place?.Token, size);
        await foreach (Microsoft.DurableTask.Page<OrchestrationMetadata> one in found.WithCancellation(cancellation))
        {
            foreach (OrchestrationMetadata row in Unseen(one.Values, place).Where(row => Fits(row, filter)))
            {
                if (rows.Count == page.Limit)
                {
                    return Until(new(place?.Token, rows[^1].InstanceId));
                }

                rows.Add(OrchestrationRow.Of(row));
            }

            place = new(one.ContinuationToken, null);
            if (one.ContinuationToken is null || ++pages == MostPages || rows.Count == page.Limit)
            {
                break;
            }
        }

        return Until(place?.Token is null ? null : place);

        Page<OrchestrationRow> Until(OrchestrationPlace? next) =>
            new(rows, next is null ? null : Cursor.Write(filter.Kind, next));
    }

    private static bool Fits(OrchestrationMetadata row, OrchestrationFilter filter) =>
        filter.Name is null || string.Equals(row.Name, filter.Name, StringComparison.OrdinalIgnoreCase);

    // A page of the engine that the last page of ours ended within goes on behind that row, or anew if it is gone.
    private static IEnumerable<OrchestrationMetadata> Unseen(
        IReadOnlyList<OrchestrationMetadata> rows, OrchestrationPlace? place)
    {
        int last = place?.After is { } after ? rows.ToList().FindIndex(row => row.InstanceId == after) : -1;
        return rows.Skip(last + 1);
    }

    /// <param name="Token">The engine's own, of the page to read next; null is the first.</param>
    /// <param name="After">The row of that page that was the last one shown.</param>
    private sealed record OrchestrationPlace(string? Token, string? After);
}
