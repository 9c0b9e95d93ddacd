using System.Globalization;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;

namespace FinVault.Platform;

/// <summary>Where a page stands in the whole, for lists that take <c>limit</c> and <c>offset</c>.</summary>
public sealed record Pagination(long Total, int Limit, int Offset, bool HasNext);

/// <summary>
/// What every list answers: the rows, the cursor of the next page if there is one, and the counts if known.
/// </summary>
public sealed record Page<T>(
    IReadOnlyList<T> Data,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? NextCursor = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Pagination? Pagination = null) : IPage
{
    long? IPage.Total => Pagination?.Total;
}

internal interface IPage
{
    long? Total { get; }
}

/// <summary>
/// The part of a list that a request asks for: <c>limit</c> with either <c>offset</c> or <c>cursor</c>.
/// </summary>
/// <param name="Limit">Rows, 1 to the list's maximum.</param>
/// <param name="Offset">Rows to skip, 0 to <see cref="MaxOffset"/>; deeper goes by cursor, at constant cost.</param>
/// <param name="Cursor">As it was sent, still to be read by <see cref="After{T}"/>.</param>
public sealed record PageRequest(int Limit, int Offset, string? Cursor)
{
    public const int MaxOffset = 100_000;

    /// <summary>Reads <c>limit</c>, <c>offset</c> and <c>cursor</c>.</summary>
    /// <exception cref="ProblemException">invalid_limit, invalid_offset, or both offset and cursor.</exception>
    public static PageRequest From(HttpRequest request, int defaultLimit, int maxLimit)
    {
        ArgumentNullException.ThrowIfNull(request);
        int limit = Number(request, "limit", 1, maxLimit, Problems.InvalidLimit) ?? defaultLimit;
        int? offset = Number(request, "offset", 0, MaxOffset, Problems.InvalidOffset);
        string? cursor = request.Query["cursor"];
        if (offset is not null && !string.IsNullOrEmpty(cursor))
        {
            throw Problems.InvalidRequest.With("Give either offset or cursor, not both.");
        }

        return new(limit, offset ?? 0, string.IsNullOrEmpty(cursor) ? null : cursor);
    }

    /// <summary>The place where the previous page of this list ended; null on the first page.</summary>
    /// <exception cref="ProblemException">invalid_cursor.</exception>
    public T? After<T>(string kind) where T : class => Cursor is null ? null : Platform.Cursor.Read<T>(kind, Cursor);

    /// <summary>One page of a list that is whole in memory.</summary>
    public Page<T> Slice<T>(IReadOnlyList<T> all)
    {
        ArgumentNullException.ThrowIfNull(all);
        T[] rows = [.. all.Skip(Offset).Take(Limit)];
        return new(rows, null, new(all.Count, Limit, Offset, Offset + rows.Length < all.Count));
    }

    private static int? Number(HttpRequest request, string name, int min, int max, ProblemDefinition problem)
    {
        string? text = request.Query[name];
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        bool read = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number);
        return read && number >= min && number <= max
            ? number
            : throw problem.With(string.Create(
                CultureInfo.InvariantCulture, $"{name} must be a whole number from {min:N0} to {max:N0}."));
    }
}
