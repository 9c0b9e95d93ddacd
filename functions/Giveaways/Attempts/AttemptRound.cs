using FinVault.Giveaways.Draw;
using FinVault.Platform;

namespace FinVault.Giveaways;

/// <summary>
/// Decides rounds of attempts of one giveaway. What it remembers between rounds (the gate, the prizes that are left,
/// how many attempts there were) saves reads and is never trusted: a round is one batch under conditions, and where one
/// of them fails everything is read anew and the round decided again.
/// </summary>
internal sealed class AttemptRound(
    string giveawayId, GiveawayStore giveaways, AttemptStore store, ParticipantStore participants, Draws draws,
    TimeProvider time)
{
    private const int MaxTries = 25;

    // Between refreshes another process' attempts are unknown; the odds are allowed to be that old.
    private static readonly TimeSpan MemoryAge = TimeSpan.FromSeconds(1);

    private readonly string _lane = Ids.New("TALLY", time);
    private AttemptTally? _tally;
    private RoundMemory? _memory;

    /// <summary>Answers every attempt, or fails it; says when no prize is left for any later one.</summary>
    public async Task<SoldOut?> RunAsync(IReadOnlyList<PendingAttempt> attempts)
    {
        List<PendingAttempt> waiting = [.. attempts];
        for (int stuck = 0; waiting.Count > 0;)
        {
            int before = waiting.Count;
            try
            {
                if (await StepAsync(waiting) is { } soldOut)
                {
                    return soldOut;
                }
            }
            catch (Exception failure) when (Failures.IsTransient(failure) && stuck < MaxTries)
            {
                // It may be done all the same, so nothing that was remembered holds.
                _memory = null;
            }

            stuck = waiting.Count < before ? 0 : stuck + 1;
            if (stuck > MaxTries)
            {
                throw new TimeoutException($"Attempts of {giveawayId} could not be written in {stuck} tries.");
            }
        }

        return null;
    }

    /// <summary>
    /// Writes as many of the waiting as one batch takes; those that are answered are no longer waiting.
    /// </summary>
    private async Task<SoldOut?> StepAsync(List<PendingAttempt> waiting)
    {
        Giveaway giveaway = await giveaways.FindRecentAsync(giveawayId, default) is { IsPublic: true } found
            ? found
            : throw Problems.UnknownGiveaway.With($"There is no giveaway {giveawayId}.");
        if (giveaway.Plan.Mode != DrawMode.SlotMachine)
        {
            throw Problems.GiveawayNotOpen.With("Nobody attempts anything here: its winners are drawn at the end.");
        }

        RoundMemory memory = _memory ??= await RememberAsync();
        memory = _memory = memory.IsOlderThan(MemoryAge, time) ? await RememberAsync() : memory;
        if (memory.IsSoldOut)
        {
            SoldOut soldOut = SoldOut.Of(await store.WinnersAsync(giveawayId, default));
            waiting.ForEach(attempt => attempt.Answered(soldOut.Answer(attempt.Token, attempt.Request)));
            waiting.Clear();
            return soldOut;
        }

        Dictionary<string, Participant> known = await participants.ReadManyAsync(
            giveawayId, waiting.Select(attempt => attempt.Token.Holder).Distinct(), default);
        List<DecidedAttempt> decided = await DecideAsync(giveaway, waiting, known, memory);
        if (decided.Count > 0)
        {
            await WriteAsync(giveaway, decided, waiting, memory);
        }

        return null;
    }

    private async Task<List<DecidedAttempt>> DecideAsync(
        Giveaway giveaway, List<PendingAttempt> waiting, Dictionary<string, Participant> known, RoundMemory memory)
    {
        SlotMachine machine = await draws.SlotMachineAsync(giveawayId, giveaway.Draw!.Commitment, default);
        AttemptDecisions decisions = new(giveaway, machine, memory, time.GetUtcNow());
        foreach (PendingAttempt attempt in waiting.ToArray())
        {
            if (decisions.HasRoom && decisions.Take(attempt, known.GetValueOrDefault(attempt.Token.Holder)))
            {
                waiting.Remove(attempt);
            }
        }

        return decisions.Decided;
    }

    private async Task WriteAsync(
        Giveaway giveaway, List<DecidedAttempt> decided, List<PendingAttempt> waiting, RoundMemory memory)
    {
        int wins = decided.Count(attempt => attempt.Prize is not null);
        DateTimeOffset bucket = giveaway.BucketOf(time.GetUtcNow());
        AttemptTally tally = _tally is { } old && old.Bucket == bucket
            ? old
            : new($"{_lane}-{bucket.ToUnixTimeSeconds()}", giveawayId, bucket, 0, 0);
        tally = tally with { Attempts = tally.Attempts + decided.Count, Wins = tally.Wins + wins };
        BatchOutcome outcome;
        try
        {
            outcome = await store.WriteAsync(giveawayId, decided, tally, default);
        }
        catch
        {
            waiting.InsertRange(0, decided.Select(attempt => attempt.Pending));
            throw;
        }

        if (!outcome.IsDone)
        {
            waiting.InsertRange(0, decided.Select(attempt => attempt.Pending));
            _memory = null;
            giveaways.Forget(giveawayId);
            return;
        }

        _tally = tally;
        memory.Took(decided);
        foreach (DecidedAttempt attempt in decided)
        {
            bool last = memory.IsSoldOut && ReferenceEquals(attempt, decided.FindLast(one => one.Prize is not null));
            attempt.Pending.Answered(attempt.ToAnswer() with { TookTheLast = last });
        }
    }

    private async Task<RoundMemory> RememberAsync()
    {
        PrizeGate gate = await store.FindGateAsync(giveawayId, default)
            ?? throw Problems.UnknownGiveaway.With($"There is no giveaway {giveawayId}.");
        List<OpenPrize> open = gate.Remaining == 0
            ? []
            : await store.OpenPrizesAsync(giveawayId, default);
        long attempts = 0;
        await foreach (AttemptTally tally in store.TalliesAsync(giveawayId, default))
        {
            attempts += tally.Attempts;
        }

        return new(gate, open, attempts, time.GetTimestamp());
    }
}
