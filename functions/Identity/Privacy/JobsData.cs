using FinVault.Platform;
using Microsoft.Azure.Cosmos;

namespace FinVault.Identity;

/// <summary>Jobs that were done for a person, with what they were given.</summary>
public sealed class JobsData(CosmosClient cosmos) : Documents(cosmos, Containers.Jobs), IPersonalData
{
    public string Slice => "jobs";

    /// <summary>Nothing that is not elsewhere too.</summary>
    public IAsyncEnumerable<PersonalItem> ExportAsync(Person person, CancellationToken cancellationToken) =>
        AsyncEnumerable.Empty<PersonalItem>();

    public Task EraseAsync(Person person, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(person);
        return this.DeleteAllAsync(null, "c.owner = @user", cancellationToken, ("@user", person.User));
    }
}
