using System.Runtime.CompilerServices;
using System.Text.Json;
using FinVault.Identity;
using FinVault.Platform;
using FinVault.Uploads;
using Microsoft.Azure.Cosmos;

namespace FinVault.Portfolios;

/// <summary>A person's portfolios: accounts with everything in their partitions, and the list of them.</summary>
public sealed class PortfolioData(PortfolioDocuments documents, UploadBlobs blobs) : IPersonalData
{
    // What is reckoned from transactions is left out, and how documents are kept.
    private const string Kept = "SELECT c.type, c.data, c.entry, c.name FROM c "
        + "WHERE c.type IN ('account', 'transaction', 'import')";

    public string Slice => "portfolios";

    public async IAsyncEnumerable<PersonalItem> ExportAsync(
        Person person, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(person);
        foreach (string account in await AccountsAsync(person, cancellationToken))
        {
            await foreach (JsonElement row in documents.QueryAsync<JsonElement>(account, new(Kept), cancellationToken))
            {
                yield return new(row.GetProperty("type").GetString()!, row);
            }
        }

        foreach (LinkDocument link in await LinksAsync(person, cancellationToken))
        {
            yield return new("link", link.Link);
        }
    }

    public async Task EraseAsync(Person person, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(person);
        foreach (string account in await AccountsAsync(person, cancellationToken))
        {
            await documents.DeleteAllAsync(account, "true", cancellationToken);
        }

        if (blobs.IsAvailable)
        {
            await blobs.RemovePrivateAsync(Exports.FolderOf(person.User), cancellationToken);
        }

        foreach (LinkDocument link in await LinksAsync(person, cancellationToken))
        {
            await documents.DeleteAllAsync(LinkPointer.PartitionOf(link.Hash), "true", cancellationToken);
        }

        // The list goes last, and what else stands under the user.
        await documents.DeleteAllAsync(
            null, "ENDSWITH(c.account, @owner)", cancellationToken, ("@owner", $":{person.User}"));
        await documents.DeleteAllAsync(person.User, "true", cancellationToken);
    }

    private Task<List<LinkDocument>> LinksAsync(Person person, CancellationToken cancellationToken) =>
        documents.ListAsync<LinkDocument>(
            null, new QueryDefinition("SELECT * FROM c WHERE c.type = 'link' AND c.owner = @user")
                .WithParameter("@user", person.User), cancellationToken);

    // In whatever tenant they were opened.
    private Task<List<string>> AccountsAsync(Person person, CancellationToken cancellationToken) =>
        documents.ListAsync<string>(
            null, new QueryDefinition("SELECT VALUE c.account FROM c WHERE c.type = 'account' AND c.data.owner = @user")
                .WithParameter("@user", person.User), cancellationToken);
}
