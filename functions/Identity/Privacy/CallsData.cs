using FinVault.Platform;
using Microsoft.Azure.Cosmos;

namespace FinVault.Identity;

/// <summary>Answers that are kept to be repeated. They live for a day; who is erased need not wait for it.</summary>
public sealed class CallsData(CosmosClient cosmos) : Documents(cosmos, Containers.Idempotency), IPersonalData
{
    public string Slice => "calls";

    /// <summary>Nothing that is not elsewhere too.</summary>
    public IAsyncEnumerable<PersonalItem> ExportAsync(Person person, CancellationToken cancellationToken) =>
        AsyncEnumerable.Empty<PersonalItem>();

    public async Task EraseAsync(Person person, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(person);
        foreach (string tenant in person.Tenants)
        {
            await this.DeleteAllAsync(
                null, "STARTSWITH(c.scope, @scope)", cancellationToken, ("@scope", $"{tenant}:"));
        }
    }
}
