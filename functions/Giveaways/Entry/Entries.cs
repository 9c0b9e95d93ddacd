using FinVault.Platform;

namespace FinVault.Giveaways;

/// <summary>How people come in, look at themselves, and leave.</summary>
public sealed class Entries(
    GiveawayStore giveaways, ParticipantStore participants, PrizeStore prizes, TimeProvider time)
{
    /// <summary>Registers somebody; says whether they are new.</summary>
    /// <exception cref="ProblemException">
    /// unknown_giveaway, giveaway_not_open, invalid_registration, giveaway_full, already_registered.
    /// </exception>
    public async Task<(Registered Registered, bool IsNew)> RegisterAsync(
        string id, EntryForm wanted, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        EntryForm registration = wanted.Checked();
        Giveaway giveaway = await giveaways.ReadPublicAsync(id, cancellationToken);
        DateTimeOffset now = time.GetUtcNow();
        Open(giveaway, now);
        string secret = registration.Secret ?? ParticipantToken.NewSecret();
        Participant entrant = new(
            Ids.New(Participant.Prefix, time), giveaway.Id, registration.Name, registration.Contact,
            registration.ContactId(giveaway.Id), ParticipantToken.HashOf(secret), now, giveaway.BucketOf(now));
        (EntryOutcome outcome, Participant there) = await participants.RegisterAsync(
            entrant, giveaway.Plan.MaxParticipants, cancellationToken);
        return outcome switch
        {
            EntryOutcome.Registered or EntryOutcome.AlreadyDone =>
                (new(there.Id, $"{there.Id}.{secret}"), outcome == EntryOutcome.Registered),
            EntryOutcome.Full =>
                throw Problems.GiveawayFull.With($"{giveaway.Plan.MaxParticipants} take part already."),
            EntryOutcome.ContactTaken =>
                throw Problems.AlreadyRegistered.With("Somebody registered with this contact."),
            _ => throw new InvalidOperationException($"A registration cannot become {outcome}."),
        };
    }

    /// <exception cref="ProblemException">unknown_giveaway, invalid_participant.</exception>
    public async Task<OwnEntry> ReadAsync(string id, ParticipantToken token, CancellationToken cancellationToken)
    {
        Giveaway giveaway = await giveaways.ReadPublicAsync(id, cancellationToken);
        Participant own = await participants.ReadAsync(giveaway.Id, token, cancellationToken);
        List<Prize> won = own.Prizes == 0
            ? []
            : [.. (await prizes.AllAsync(giveaway.Id, cancellationToken)).Where(prize => prize.Winner == own.Id)];
        return new(
            own.Id, own.Name, own.At, own.AttemptCount, Math.Max(0, giveaway.Plan.Attempts() - own.AttemptCount),
            own.Points,
            [.. own.Attempts.OrderBy(attempt => attempt.Value.Number).Select(attempt => AttemptAnswer.Of(
                attempt.Key, attempt.Value, won.Find(prize => prize.Id == attempt.Value.Prize)?.Title))],
            [.. won.Select(OwnPrize.Of)]);
    }

    /// <exception cref="ProblemException">unknown_giveaway, invalid_participant, giveaway_not_open.</exception>
    public async Task LeaveAsync(string id, ParticipantToken token, CancellationToken cancellationToken)
    {
        Giveaway giveaway = await giveaways.ReadPublicAsync(id, cancellationToken);
        Open(giveaway, time.GetUtcNow());
        for (int tries = 0; tries < GiveawayDocuments.MaxTries; tries++)
        {
            Participant own = await participants.ReadAsync(giveaway.Id, token, cancellationToken);
            if (own.Prizes > 0)
            {
                throw Problems.GiveawayNotOpen.With("Who has won stays until the end.");
            }

            if (await participants.LeaveAsync(own, cancellationToken))
            {
                return;
            }
        }

        throw new TimeoutException($"{token.Holder} changed {GiveawayDocuments.MaxTries} times while leaving.");
    }

    private static void Open(Giveaway giveaway, DateTimeOffset now)
    {
        if (!giveaway.TakesEntries(now))
        {
            throw Problems.GiveawayNotOpen.With(giveaway.IsPaused ? "It is paused." : "It takes no entries any more.");
        }
    }
}
