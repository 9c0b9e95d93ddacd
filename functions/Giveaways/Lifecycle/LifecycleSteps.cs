using FinVault.Giveaways.Draw;
using FinVault.Platform;

namespace FinVault.Giveaways;

/// <summary>
/// What a lifecycle does with a giveaway, step by step. Each may be repeated: what was done stays as it was.
/// </summary>
public sealed class LifecycleSteps(
    GiveawayStore giveaways, PrizeStore prizes, ParticipantStore participants, AttemptStore attempts, Draws draws,
    WinnerCheck check, CompletionStore completions, GiveawayOptions options, TimeProvider time)
{
    /// <summary>What comes next. Takes off the mark of the changes that it has seen.</summary>
    public async Task<LifecycleStep> NextAsync(string id, CancellationToken cancellationToken)
    {
        while (true)
        {
            Giveaway? giveaway = await giveaways.FindAsync(id, cancellationToken);
            if (giveaway is null)
            {
                // A draft whose host removed it, and nothing was reserved for it.
                return new(LifecycleAction.End);
            }

            if (giveaway.Nudge && !await giveaways.SettleNudgeAsync(giveaway, cancellationToken))
            {
                continue;
            }

            bool soldOut = giveaway is { State: GiveawayState.Active, Plan.Mode: DrawMode.SlotMachine }
                && await attempts.FindGateAsync(id, cancellationToken) is { Remaining: 0 };
            return LifecycleRules.Next(
                giveaway, soldOut, time.GetUtcNow(), await VerifyUntilAsync(giveaway, cancellationToken));
        }
    }

    // Who did a task in the last minute has done it; how long the network takes to say so is not theirs to decide.
    private async Task<DateTimeOffset?> VerifyUntilAsync(Giveaway giveaway, CancellationToken cancellationToken) =>
        giveaway is { State: GiveawayState.Drawing, Plan.Mode: DrawMode.Condition, Draw.State: DrawState.Committed }
        && await completions.AnyUndecidedAsync(giveaway.Id, cancellationToken)
            ? giveaway.ClosedAt?.AddSeconds(options.VerificationWaitSeconds)
            : null;

    /// <summary>It runs. The commitment is published before, and is the one that the draw will use.</summary>
    public async Task StartAsync(string id, CancellationToken cancellationToken)
    {
        Giveaway giveaway = (await giveaways.FindAsync(id, cancellationToken))!;
        if (giveaway.State != GiveawayState.Scheduled)
        {
            return;
        }

        DrawNotice notice = await draws.NoticeAsync(id, cancellationToken) ?? giveaway.Draw!;
        await giveaways.ChangeAsync(
            id,
            before => before.State == GiveawayState.Scheduled
                ? before.Start(time.GetUtcNow()) with { Draw = notice }
                : null,
            cancellationToken);
    }

    /// <summary>No more entries, attempts or wins.</summary>
    public Task CloseAsync(string id, CancellationToken cancellationToken) => giveaways.ChangeAsync(
        id, before => before.State == GiveawayState.Active ? before.Close(time.GetUtcNow()) : null, cancellationToken);

    /// <summary>Closes the draw's entries and publishes their root.</summary>
    public async Task SealAsync(string id, CancellationToken cancellationToken)
    {
        Giveaway giveaway = (await giveaways.FindAsync(id, cancellationToken))!;
        bool slots = giveaway.Plan.Mode == DrawMode.SlotMachine;
        List<DrawEntry> entries =
            await participants.EntriesAsync(id, slots, cancellationToken).ToListAsync(cancellationToken);
        SlotReceipt[] receipts = slots
            ? [.. (await attempts.WinnersAsync(id, cancellationToken)).Select(winner => winner.Receipt)
                .OfType<SlotReceipt>()]
            : [];
        await SetDrawAsync(id, await draws.CloseAsync(id, entries, receipts, cancellationToken), cancellationToken);
    }

    /// <summary>
    /// Reveals the seed and gives the drawn prizes to their winners; false while the beacon is silent.
    /// </summary>
    public async Task<bool> RevealAsync(string id, CancellationToken cancellationToken)
    {
        DrawRecord? record;
        try
        {
            record = await draws.RevealAsync(id, cancellationToken);
        }
        catch (BeaconException silent)
        {
            throw new TimeoutException("The beacon cannot be asked now.", silent);
        }

        if (record is null)
        {
            return false;
        }

        record = await check.RunAsync(id, record, cancellationToken);
        Dictionary<string, Prize> open = (await prizes.AllAsync(id, cancellationToken))
            .Where(prize => prize.State == PrizeState.Open).ToDictionary(prize => prize.Id);
        foreach (PrizeHolder pick in record.Holders())
        {
            if (open.TryGetValue(pick.Prize, out Prize? prize)
                && await participants.FindAsync(id, pick.Entry, cancellationToken) is { } entrant)
            {
                await prizes.GiveAsync(prize, WinnerOf(entrant, prize), cancellationToken);
            }
        }

        DrawNotice notice = (await draws.NoticeAsync(id, cancellationToken))!;
        await SetDrawAsync(id, notice, cancellationToken);
        return true;
    }

    private Winner WinnerOf(Participant entrant, Prize prize) => new(
        Winner.IdOf(entrant.Id, entrant.Prizes + 1), prize.Giveaway, entrant.Id, Winner.Mask(entrant.Name), prize.Id,
        prize.Title, time.GetUtcNow());

    private Task<Giveaway> SetDrawAsync(string id, DrawNotice notice, CancellationToken cancellationToken) =>
        giveaways.ChangeAsync(
            id,
            before => before.Draw?.State == notice.State ? null : before with
            {
                Revision = before.Revision + 1, ChangedAt = time.GetUtcNow(), Draw = notice,
            },
            cancellationToken);
}
