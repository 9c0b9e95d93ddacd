using System.Globalization;
using System.Text;
using System.Text.Json.Serialization;
using Azure;
using FinVault.Platform;
using Microsoft.Azure.Cosmos;

namespace FinVault.Uploads;

/// <summary>A file that is to be uploaded, as its owner declares it.</summary>
/// <param name="Kind">One of <see cref="UploadKind"/>.</param>
/// <param name="EntityId">What it is for.</param>
/// <param name="ContentType">Of the kind's content types.</param>
/// <param name="Bytes">Its exact size.</param>
/// <param name="Sha256">Its checksum, lower-case hex.</param>
public sealed record UploadRequest(string Kind, string EntityId, string ContentType, long Bytes, string Sha256);

public sealed record UploadRequests(IReadOnlyList<UploadRequest> Items);

/// <summary>What a client needs to upload a file.</summary>
/// <param name="UploadId">The upload.</param>
/// <param name="ObjectKey">What to confirm.</param>
/// <param name="Url">Where to put the file; it can do nothing else.</param>
/// <param name="ExpiresAt">When the URL is over; a new one can be had by then.</param>
/// <param name="Headers">The headers of the PUT (of the whole file, or of the block list).</param>
/// <param name="Blocks">How to send it in blocks; null for a file that goes as one.</param>
/// <param name="Complete">Whether all of it is there already and only the confirmation is missing.</param>
public sealed record SignedUpload(
    string UploadId,
    string ObjectKey,
    Uri Url,
    DateTimeOffset ExpiresAt,
    IReadOnlyDictionary<string, string> Headers,
    BlockPlan? Blocks,
    bool Complete)
{
    /// <param name="upload">The upload.</param>
    /// <param name="url">Its signed URL.</param>
    /// <param name="expires">When that is over.</param>
    /// <param name="there">The sizes of the blocks that are there.</param>
    /// <param name="complete">Whether a whole file is there.</param>
    public static SignedUpload Of(
        Upload upload, Uri url, DateTimeOffset expires, IReadOnlyDictionary<string, long> there, bool complete)
    {
        ArgumentNullException.ThrowIfNull(upload);
        BlockPlan? blocks = upload.InBlocks ? BlockPlan.Of(upload.Bytes, there) : null;
        Dictionary<string, string> headers = blocks is null
            ? new() { ["x-ms-blob-type"] = "BlockBlob", ["content-type"] = upload.ContentType }
            : new() { ["x-ms-blob-content-type"] = upload.ContentType };
        return new SignedUpload(upload.Id, upload.ObjectKey, url, expires, headers, blocks, complete);
    }
}

/// <summary>A file in blocks: each is PUT to the URL with <c>&amp;comp=block&amp;blockid=ID</c>, then the list of all ids.</summary>
/// <param name="BlockBytes">Size of every block but the last.</param>
/// <param name="Ids">Ids of all blocks, in order.</param>
/// <param name="Missing">Those that are not there yet.</param>
public sealed record BlockPlan(long BlockBytes, IReadOnlyList<string> Ids, IReadOnlyList<string> Missing)
{
    public static BlockPlan Of(long bytes, IReadOnlyDictionary<string, long> there)
    {
        ArgumentNullException.ThrowIfNull(there);
        int count = (int)((bytes + UploadKind.BlockBytes - 1) / UploadKind.BlockBytes);
        string[] ids = [.. Enumerable.Range(0, count).Select(Id)];
        // A block of another size is not the one that is meant.
        IEnumerable<string> missing = ids.Where((id, index) => there.GetValueOrDefault(id)
            != Math.Min(UploadKind.BlockBytes, bytes - (index * UploadKind.BlockBytes)));
        return new BlockPlan(UploadKind.BlockBytes, ids, [.. missing]);
    }

    // The service wants base64, all of one length.
    private static string Id(int index) =>
        Convert.ToBase64String(Encoding.ASCII.GetBytes(index.ToString("D6", CultureInfo.InvariantCulture)));
}

public sealed record ConfirmRequest(string ObjectKey);

public sealed record ConfirmRequests(IReadOnlyList<string> ObjectKeys);

/// <summary>An upload that is where it belongs.</summary>
public sealed record ConfirmedUpload(string UploadId, string ObjectKey, Uri Url);

/// <summary>What became of one item of a bulk call: its value, or the problem that the single call would have answered.</summary>
public sealed record ItemResult<T>(
    int Status,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] T? Value = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ItemProblem? Problem = null)
    where T : class;

public sealed record ItemProblem(string Code, string Title, string Detail);

/// <summary>A result for each item, in their order.</summary>
public sealed record BulkAnswer<T>(IReadOnlyList<ItemResult<T>> Results) where T : class;

internal static class BulkAnswer
{
    /// <summary>Does the items side by side; one that is refused does not hinder the others.</summary>
    /// <exception cref="ProblemException">too_many_uploads.</exception>
    public static async Task<BulkAnswer<T>> OfAsync<T, TItem>(
        IReadOnlyList<TItem> items, int status, Func<TItem, Task<T>> handle) where T : class
    {
        if (items.Count is 0 or > UploadOptions.MaxBulk || items.Any(item => item is null))
        {
            throw Problems.TooManyUploads.With($"A call takes 1 to {UploadOptions.MaxBulk} items.");
        }

        return new BulkAnswer<T>(await Task.WhenAll(items.Select(async item =>
        {
            try
            {
                return new ItemResult<T>(status, await handle(item), null);
            }
            catch (ProblemException refused)
            {
                return Failed<T>(refused.Problem, refused.Detail);
            }
            catch (Exception failure) when (failure is RequestFailedException or CosmosException)
            {
                // What the others came to must not be lost with this one.
                return Failed<T>(Problems.Unavailable, "Try this one again.");
            }
        })));
    }

    private static ItemResult<T> Failed<T>(ProblemDefinition problem, string detail) where T : class =>
        new(problem.Status, null, new ItemProblem(problem.Code, problem.Title, detail));
}
