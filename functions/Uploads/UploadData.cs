using System.Runtime.CompilerServices;
using FinVault.Identity;
using FinVault.Platform;
using Microsoft.Azure.Cosmos;

namespace FinVault.Uploads;

/// <summary>Files that a person has uploaded, with their bytes.</summary>
public sealed class UploadData(CosmosClient cosmos, UploadBlobs blobs, UploadOptions options)
    : Documents(cosmos, Containers.Uploads), IPersonalData
{
    private const string Uploaded = "STARTSWITH(c.id, 'UPLOAD_')";

    public string Slice => "uploads";

    /// <summary>What was uploaded and where it is; the files are had there.</summary>
    public async IAsyncEnumerable<PersonalItem> ExportAsync(
        Person person, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(person);
        await foreach (Upload one in AllAsync(person, cancellationToken))
        {
            yield return new("upload", one with { ETag = null });
        }
    }

    public async Task EraseAsync(Person person, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(person);
        foreach (Upload one in await AllAsync(person, cancellationToken).ToListAsync(cancellationToken))
        {
            if (blobs.IsAvailable && options.Kinds.TryGetValue(one.Kind, out UploadKind? kind))
            {
                await blobs.RemoveWaitingAsync(one, cancellationToken);
                await blobs.RemoveFinalAsync(one, kind, cancellationToken);
            }
        }

        await this.DeleteAllAsync(person.User, "true", cancellationToken);
    }

    private IAsyncEnumerable<Upload> AllAsync(Person person, CancellationToken cancellationToken) =>
        QueryAsync<Upload>(person.User, new($"SELECT * FROM c WHERE {Uploaded}"), cancellationToken);
}
