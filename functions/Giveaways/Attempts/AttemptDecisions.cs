using FinVault.Giveaways.Draw;
using FinVault.Platform;

namespace FinVault.Giveaways;

/// <summary>How a giveaway stood when it was last looked at, and what this process did since.</summary>
internal sealed class RoundMemory(PrizeGate gate, List<OpenPrize> open, long attempts, long readAt)
{
    public int Prizes => gate.Prizes;

    /// <summary>Prizes that are left. Counted, since others may have won between the two reads.</summary>
    public int Remaining => open.Count;

    /// <summary>
    /// Whether the last prize was won; where a giveaway was cancelled some are left and cannot be won.
    /// </summary>
    public bool IsSoldOut { get; private set; } = gate.Remaining == 0;

    public long Attempts { get; private set; } = attempts;

    public IReadOnlyList<OpenPrize> Open => open;

    public bool IsOlderThan(TimeSpan age, TimeProvider time) => time.GetElapsedTime(readAt) > age;

    public void Took(IReadOnlyList<DecidedAttempt> decided)
    {
        HashSet<string> taken = [.. decided.Select(attempt => attempt.Prize?.Id).OfType<string>()];
        open.RemoveAll(prize => taken.Contains(prize.Id));
        IsSoldOut |= taken.Count > 0 && open.Count == 0;
        Attempts += decided.Count;
    }
}

/// <summary>
/// Decides one batch of attempts, each as it stands after those before it. Pure, but for its answers.
/// </summary>
internal sealed class AttemptDecisions(
    Giveaway giveaway, SlotMachine machine, RoundMemory memory, DateTimeOffset now)
{
    private readonly HashSet<string> _participants = new(StringComparer.Ordinal);
    private int _operations = AttemptStore.SharedOperations;
    private int _wins;

    public List<DecidedAttempt> Decided { get; } = [];

    public bool HasRoom => _operations + AttemptStore.WinnerOperations <= GiveawayDocuments.MaxBatch;

    /// <summary>
    /// Answers, refuses or decides an attempt. False for one that has to wait for another of its participant.
    /// </summary>
    public bool Take(PendingAttempt attempt, Participant? participant)
    {
        if (participant is null || !attempt.Token.IsOf(participant))
        {
            attempt.Failed(ParticipantToken.Unknown());
            return true;
        }

        if (!_participants.Add(participant.Id))
        {
            return false;
        }

        if (participant.Attempts.TryGetValue(attempt.Request.Id, out SlotReceipt? before))
        {
            attempt.Answered(AttemptAnswer.Of(attempt.Request.Id, before, TitleOf(before.Prize)));
        }
        else if (Refusal(participant) is { } refused)
        {
            attempt.Failed(refused);
        }
        else
        {
            Decided.Add(Decide(attempt, participant));
        }

        return true;
    }

    private ProblemException? Refusal(Participant participant) => participant switch
    {
        _ when !giveaway.TakesAttempts(now) => Problems.GiveawayNotOpen.With(
            giveaway.IsPaused ? "It is paused." : "It does not run at this moment."),
        { Prizes: var won } when won >= giveaway.Plan.PrizesPerParticipant =>
            Problems.AlreadyWon.With("You have won as much as one may."),
        { AttemptCount: var made } when made >= giveaway.Plan.Attempts() =>
            Problems.NoAttemptsLeft.With($"You have made all of your {made} attempts."),
        _ => null,
    };

    private DecidedAttempt Decide(PendingAttempt attempt, Participant participant)
    {
        AttemptNonce nonce = new(participant.Id, participant.AttemptCount + 1, attempt.Request.ClientSeed);
        int awarded = memory.Prizes - memory.Remaining + _wins;
        SlotStanding standing = new(now.ToUnixTimeMilliseconds(), memory.Attempts + Decided.Count, awarded);
        SlotSpin spin = machine.Spin(standing, nonce);
        OpenPrize? prize = spin.Wins ? memory.Open.ElementAtOrDefault(_wins) : null;
        _wins += prize is null ? 0 : 1;
        _operations += prize is null ? 1 : AttemptStore.WinnerOperations;
        return new(attempt, participant, machine.Receipt(standing, nonce, spin, prize?.Id), prize);
    }

    private string? TitleOf(string? prize) => prize is null
        ? null
        : Prize.UnitsOf(giveaway).FirstOrDefault(unit => unit.Id == prize)?.Title;
}
