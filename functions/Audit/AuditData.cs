using System.Runtime.CompilerServices;
using FinVault.Identity;
using FinVault.Platform;

namespace FinVault.Audit;

/// <summary>What a person did. Nothing of the trail is ever removed: what it says of people goes with their keys.</summary>
public sealed class AuditData(AuditReader reader) : IPersonalData
{
    private const int LinesAPage = 200;

    public string Slice => "audit";

    /// <summary>The latest that they did themselves, as many as a search shows.</summary>
    public async IAsyncEnumerable<PersonalItem> ExportAsync(
        Person person, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(person);
        AuditFilter own = new(null, null, person.User, null, null, null, null, null);
        string? cursor = null;
        do
        {
            Page<AuditLine> page = await reader.SearchAsync(own, new(LinesAPage, 0, cursor), cancellationToken);
            foreach (AuditLine line in page.Data)
            {
                yield return new("auditLine", line);
            }

            cursor = page.NextCursor;
        }
        while (cursor is not null);
    }

    public Task EraseAsync(Person person, CancellationToken cancellationToken) => Task.CompletedTask;
}
