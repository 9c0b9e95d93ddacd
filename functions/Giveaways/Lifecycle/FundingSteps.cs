using FinVault.Escrow;
using FinVault.Giveaways.Draw;
using FinVault.Platform;

namespace FinVault.Giveaways;

/// <summary>
/// The steps of a try to put every prize into escrow. Each may be repeated: ids follow from the giveaway, the prize and
/// the number of the try.
/// </summary>
public sealed class FundingSteps(
    GiveawayStore giveaways, PrizeStore prizes, Escrows escrows, Ledger ledger, Draws draws, JoinCodes codes,
    TimeProvider time)
{
    // A giveaway lasts 90 days at most and begins within 180; winners and runners-up then have months.
    private static readonly TimeSpan HoldFor = TimeSpan.FromDays(400);

    /// <summary>Looks before anything is done (GIV-13), and writes down the prizes.</summary>
    public async Task<FundingPlan> PlanAsync(FundingRun run, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(run);
        Giveaway? giveaway = await giveaways.FindAsync(run.Giveaway, cancellationToken);
        if (!IsOf(giveaway, run.Run))
        {
            return new("cancelled: it is not to be scheduled any more.", []);
        }

        string wallet = Wallets.AccountOf(giveaway!.Tenant, giveaway.Plan.Currency);
        long available = (await ledger.FindAccountAsync(wallet, cancellationToken))?.Available ?? 0;
        if (available < giveaway.Plan.Value())
        {
            return new(
                $"{Problems.InsufficientFunds.Code}: the prizes take {giveaway.Plan.Value()}, "
                + $"the wallet has {available}, in minor units.",
                []);
        }

        await prizes.WriteUnitsAsync(giveaway, cancellationToken);
        return new(null, [.. Prize.UnitsOf(giveaway).Select(prize => HoldOf(giveaway, run.Run, prize.Id))]);
    }

    /// <summary>Makes one prize's escrow. Null when it is made, else why not.</summary>
    public async Task<string?> HoldAsync(FundingHold hold, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(hold);
        Giveaway? giveaway = await giveaways.FindAsync(hold.Giveaway, cancellationToken);
        if (!IsOf(giveaway, hold.Run)
            || await prizes.FindAsync(hold.Giveaway, hold.Prize, cancellationToken) is not { } prize)
        {
            return "cancelled: it is not to be scheduled any more.";
        }

        EscrowResult result = await escrows.CreateAsync(
            RequestOf(giveaway!, prize, hold.EscrowId), cancellationToken);
        if (!result.IsDone)
        {
            return $"{Snake(result.Code)}: {prize.Title} could not be reserved.";
        }

        await prizes.SetEscrowAsync(hold.Giveaway, hold.Prize, hold.EscrowId, null, cancellationToken);
        return null;
    }

    /// <summary>Gives one escrow back (GIV-14). What was never made needs nothing.</summary>
    public async Task UndoHoldAsync(FundingHold hold, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(hold);
        Giveaway giveaway = (await giveaways.FindAsync(hold.Giveaway, cancellationToken))!;
        EscrowResult result = await escrows.ReleaseAsync(
            giveaway.Tenant, hold.EscrowId, $"funding {hold.Run} failed", cancellationToken);
        bool nothingLeft = result.IsDone || result.Code == EscrowCode.UnknownEscrow
            || result.Escrow?.State is EscrowState.Failed or EscrowState.Released;
        if (!nothingLeft)
        {
            throw new TimeoutException($"{hold.EscrowId} could not be given back: {result.Code}.");
        }
    }

    /// <summary>The prizes forget the escrows, whether or not they could be given back (GIV-15).</summary>
    public Task ForgetAsync(EscrowsToForget escrowIds, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(escrowIds);
        return prizes.ClearEscrowsAsync(escrowIds.Giveaway, [.. escrowIds.EscrowIds], cancellationToken);
    }

    /// <summary>
    /// Every prize is in escrow: commits to the draw, opens the doors. False when the host has called it off meanwhile.
    /// </summary>
    public async Task<bool> ScheduleAsync(FundingRun run, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(run);
        Giveaway giveaway = (await giveaways.FindAsync(run.Giveaway, cancellationToken))!;
        if (giveaway is { State: not GiveawayState.Draft, Funding: { State: FundingState.Done } done })
        {
            return done.Run == run.Run;
        }

        if (!IsOf(giveaway, run.Run))
        {
            return false;
        }

        DrawNotice notice = await draws.CommitAsync(giveaway.ToDrawPlan(), cancellationToken);
        string code = await codes.TakeAsync(giveaway.Id, cancellationToken);
        int count = giveaway.Plan.PrizeCount();
        Giveaway now = await giveaways.ChangeAsync(
            giveaway.Id, before => IsOf(before, run.Run) ? before.Schedule(notice, code, time.GetUtcNow()) : null,
            cancellationToken, new PrizeGate(giveaway.Id, count, count, Open: false));
        return now is { State: GiveawayState.Scheduled, Funding.State: FundingState.Done };
    }

    /// <summary>Says that the try failed, and why.</summary>
    public Task FailAsync(FundingFailure failure, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(failure);
        return giveaways.ChangeAsync(
            failure.Giveaway,
            before => before.Funding is { State: FundingState.Running } funding && funding.Run == failure.Run
                ? before with
                {
                    Revision = before.Revision + 1,
                    ChangedAt = time.GetUtcNow(),
                    Funding = funding with
                    {
                        State = FundingState.Failed, Failure = failure.Failure, Unreleased = failure.Unreleased,
                    },
                }
                : null,
            cancellationToken);
    }

    internal static EscrowRequest RequestOf(Giveaway giveaway, Prize prize, string escrowId) => new(
        escrowId, giveaway.Tenant, prize.Amount, prize.Currency, prize.Backing(), giveaway.Id,
        giveaway.CreatedAt + HoldFor);

    private static FundingHold HoldOf(Giveaway giveaway, int run, string prize)
    {
        string escrow = Prize.EscrowOf(giveaway, prize, $"funding/{run}");
        return new(giveaway.Id, run, prize, escrow, $"{escrow}-HOLD");
    }

    private static bool IsOf(Giveaway? giveaway, int run) =>
        giveaway is { State: GiveawayState.Draft, Funding: { State: FundingState.Running } funding }
            && funding.Run == run;

    private static string Snake(EscrowCode code) =>
        System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(code.ToString());
}
