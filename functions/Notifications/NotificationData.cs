using System.Runtime.CompilerServices;
using System.Text.Json;
using FinVault.Identity;
using FinVault.Platform;

namespace FinVault.Notifications;

/// <summary>What a person was told, where, and how they wish to be told.</summary>
public sealed class NotificationData(NotificationDocuments documents) : IPersonalData
{
    // The keys of a browser's subscription are secrets of that browser.
    private const string Told = "SELECT c.id, c.type, c.kind, c.title, c.text, c.link, c.at, c.readAt, c.channel, c.name, "
        + "c.timeZone, c.quietHours, c.kinds FROM c WHERE c.type IN ('notice', 'device', 'preferences')";

    public string Slice => "notifications";

    public async IAsyncEnumerable<PersonalItem> ExportAsync(
        Person person, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(person);
        await foreach (JsonElement row in documents.QueryAsync<JsonElement>(person.User, new(Told), cancellationToken))
        {
            yield return new(row.GetProperty("type").GetString()!, row);
        }
    }

    public Task EraseAsync(Person person, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(person);
        return documents.DeleteAllAsync(person.User, "true", cancellationToken);
    }
}
