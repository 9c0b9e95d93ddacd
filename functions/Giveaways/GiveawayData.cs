using System.Runtime.CompilerServices;
using FinVault.Identity;
using FinVault.Platform;
using Microsoft.Azure.Cosmos;

namespace FinVault.Giveaways;

/// <summary>
/// What a person gives away, and where they take part by their e-mail address. What was drawn stays provable: its record
/// knows participants by ids only.
/// </summary>
public sealed class GiveawayData(GiveawayDocuments documents) : IPersonalData
{
    public string Slice => "giveaways";

    public async IAsyncEnumerable<PersonalItem> ExportAsync(
        Person person, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(person);
        foreach (string tenant in person.Tenants)
        {
            await foreach (Giveaway one in documents.QueryAsync<Giveaway>(null, Of(tenant), cancellationToken))
            {
                yield return new("giveaway", one with { ETag = null });
            }
        }

        foreach (Participant one in await ParticipationsAsync(person, cancellationToken))
        {
            yield return new("participation", new { one.Id, one.Giveaway, one.Name, one.Contact, one.At, one.Prizes, one.Points });
        }
    }

    public async Task<string?> FindObstacleAsync(Person person, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(person);
        foreach (string tenant in person.Tenants)
        {
            await foreach (Giveaway one in documents.QueryAsync<Giveaway>(null, Of(tenant), cancellationToken))
            {
                if (one.State is GiveawayState.Scheduled or GiveawayState.Active or GiveawayState.Drawing)
                {
                    return $"Your giveaway {one.Id} is not over. Cancel it, or wait for its end.";
                }
            }
        }

        return null;
    }

    public async Task EraseAsync(Person person, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(person);
        foreach (string tenant in person.Tenants)
        {
            // Nobody has seen a draft; what was public has been a promise to others, and stays.
            await documents.DeleteAllAsync(
                null, "c.type = 'giveaway' AND c.tenant = @tenant AND c.state = 'draft'", cancellationToken,
                ("@tenant", tenant));
        }

        foreach (Participant one in await ParticipationsAsync(person, cancellationToken))
        {
            (string Name, string Value) who = ("@who", one.Id);
            await documents.BlankAllAsync(
                one.Giveaway, "c.type = 'winner' AND c.participant = @who", [Blank("/name")], cancellationToken, who);
            await documents.BlankAllAsync(
                one.Giveaway, "c.type = 'completion' AND c.participant = @who", [Blank("/handle")], cancellationToken, who);
            await documents.DeleteAllAsync(
                one.Giveaway, "c.type IN ('contact', 'handle') AND c.participant = @who", cancellationToken, who);
            // Last, since the others are found by it.
            await documents.PatchAsync(
                one.Giveaway, one.Id, null, cancellationToken, Blank("/name"), Blank("/tokenHash"), Blank("/contact"));
        }
    }

    private static PatchOperation Blank(string path) => PatchOperation.Set(path, ErasedDocuments.Mark);

    private static QueryDefinition Of(string tenant) =>
        new QueryDefinition("SELECT * FROM c WHERE c.type = 'giveaway' AND c.tenant = @tenant").WithParameter("@tenant", tenant);

    private async Task<List<Participant>> ParticipationsAsync(Person person, CancellationToken cancellationToken) =>
        person.Email is null
            ? []
            : await documents.QueryAsync<Participant>(
                null,
                new QueryDefinition("SELECT * FROM c WHERE c.type = 'participant' AND c.contact = @contact")
                    .WithParameter("@contact", person.Email),
                cancellationToken).ToListAsync(cancellationToken);
}
