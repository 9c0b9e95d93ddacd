using System.Runtime.CompilerServices;
using System.Text.Json;
using FinVault.Identity;
using FinVault.Platform;
using Microsoft.Azure.Cosmos;

namespace FinVault.Portfolios;

/// <summary>A person's portfolios: accounts with everything in their partitions, and the list of them.</summary>
public sealed class PortfolioData(PortfolioDocuments documents) : IPersonalData
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
    }

    public async Task EraseAsync(Person person, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(person);
        foreach (string account in await AccountsAsync(person, cancellationToken))
        {
            await documents.DeleteAllAsync(account, "true", cancellationToken);
        }

        // The list goes last, and what else stands under the user.
        await documents.DeleteAllAsync(
            null, "ENDSWITH(c.account, @owner)", cancellationToken, ("@owner", $":{person.User}"));
        await documents.DeleteAllAsync(person.User, "true", cancellationToken);
    }

    // In whatever tenant they were opened.
    private Task<List<string>> AccountsAsync(Person person, CancellationToken cancellationToken) =>
        documents.ListAsync<string>(
            null, new QueryDefinition("SELECT VALUE c.account FROM c WHERE c.type = 'account' AND c.data.owner = @user")
                .WithParameter("@user", person.User), cancellationToken);
}
