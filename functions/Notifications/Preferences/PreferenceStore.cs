using FinVault.Audit;

namespace FinVault.Notifications;

/// <summary>A user's preferences, one document, written whole: the last who saves is right.</summary>
public sealed class PreferenceStore(NotificationDocuments documents)
{
    private const string Id = "preferences";

    public async Task<Preferences> ReadAsync(string user, CancellationToken cancellationToken) =>
        (await documents.FindAsync<PreferencesDocument>(user, Id, cancellationToken))?.View() ?? Preferences.Default;

    public Task WriteAsync(string user, Preferences wanted, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        PreferencesDocument document = new(Id, user, wanted.TimeZone, wanted.QuietHours, wanted.Chosen);
        return documents.Container.UpsertItemAsync(
            document, new Microsoft.Azure.Cosmos.PartitionKey(user), cancellationToken: cancellationToken);
    }

    [NotAudited("It says what its user likes to hear, and warnings cannot be switched off by it.")]
    private sealed record PreferencesDocument(
        string Id, string User, string TimeZone, QuietHours? QuietHours,
        IReadOnlyDictionary<string, IReadOnlyList<NoticeChannel>> Chosen)
    {
        public string Type { get; init; } = "preferences";

        public Preferences View() => new(TimeZone, QuietHours, Chosen);
    }
}
