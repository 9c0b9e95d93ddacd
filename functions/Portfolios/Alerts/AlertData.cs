using System.Runtime.CompilerServices;
using FinVault.Identity;
using FinVault.Platform;

namespace FinVault.Portfolios;

/// <summary>A person's alerts with their firings, and watchlists.</summary>
public sealed class AlertData(AlertDocuments documents, AlertStore store) : IPersonalData
{
    public string Slice => "alerts";

    public async IAsyncEnumerable<PersonalItem> ExportAsync(
        Person person, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(person);
        foreach (AlertDocument alert in await store.ListAsync(person.User, cancellationToken))
        {
            yield return new("alert", AlertView.Of(alert));
        }

        await foreach (FiringDocument one in documents.QueryAsync<FiringDocument>(
            person.User, new("SELECT * FROM c WHERE c.type = 'firing'"), cancellationToken))
        {
            yield return new("firing", FiringView.Of(one));
        }

        await foreach (WatchlistDocument one in documents.QueryAsync<WatchlistDocument>(
            person.User, new("SELECT * FROM c WHERE c.type = 'watchlist'"), cancellationToken))
        {
            yield return new("watchlist", one.List);
        }
    }

    public Task EraseAsync(Person person, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(person);
        return documents.DeleteAllAsync(person.User, "true", cancellationToken);
    }
}
