using System.Collections.Concurrent;
using FinVault.Platform;

namespace FinVault.Giveaways;

/// <summary>
/// The attempts of one giveaway in one process. While a round is being written the next one gathers, so however many
/// come at once they share few writes; and nobody within the process fails another's condition. Processes meet at the
/// gate and at the prizes' documents, where conditions decide.
/// <para>
/// Once the last prize is gone nothing is read or written any more: who has won is final, and all others have lost.
/// </para>
/// </summary>
internal sealed class AttemptLane(Func<IReadOnlyList<PendingAttempt>, Task<SoldOut?>> round)
{
    private readonly ConcurrentQueue<PendingAttempt> _waiting = new();
    private SoldOut? _soldOut;
    private int _running;

    /// <summary>More do not wait: they are told to come back.</summary>
    private const int MaxWaiting = 20_000;

    private const int MaxRound = GiveawayDocuments.MaxBatch - AttemptStore.SharedOperations;

    public bool IsIdle => Volatile.Read(ref _running) == 0 && _waiting.IsEmpty;

    public Task<AttemptAnswer> AttemptAsync(ParticipantToken token, AttemptRequest request)
    {
        if (Volatile.Read(ref _soldOut) is { } soldOut)
        {
            return Task.FromResult(soldOut.Answer(token, request));
        }

        if (_waiting.Count >= MaxWaiting)
        {
            throw new ProblemException(Problems.Unavailable, "Too many attempts wait. Send this one again.")
            {
                RetryAfterSeconds = 1,
            };
        }

        PendingAttempt attempt = new(token, request);
        _waiting.Enqueue(attempt);
        Run();
        return attempt.Answer;
    }

    private void Run()
    {
        if (!_waiting.IsEmpty && Interlocked.CompareExchange(ref _running, 1, 0) == 0)
        {
            _ = Task.Run(DrainAsync);
        }
    }

    private async Task DrainAsync()
    {
        List<PendingAttempt> next = [];
        while (_waiting.TryDequeue(out PendingAttempt? attempt))
        {
            next.Add(attempt);
            if (next.Count < MaxRound && !_waiting.IsEmpty)
            {
                continue;
            }

            await RoundAsync(next);
            next = [];
        }

        Volatile.Write(ref _running, 0);
        Run();
    }

    private async Task RoundAsync(List<PendingAttempt> attempts)
    {
        try
        {
            if (Volatile.Read(ref _soldOut) is { } soldOut)
            {
                attempts.ForEach(attempt => attempt.Answered(soldOut.Answer(attempt.Token, attempt.Request)));
                return;
            }

            Volatile.Write(ref _soldOut, await round(attempts));
        }
#pragma warning disable CA1031 // Whatever it was, everybody who waits is told, and the lane goes on.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            attempts.ForEach(attempt => attempt.Failed(failure));
        }
    }
}

/// <summary>The answers once no prize is left: fixed, so they are kept in memory.</summary>
/// <param name="Winners">The winning attempts, by participant and attempt.</param>
internal sealed record SoldOut(IReadOnlyDictionary<(string Participant, string Attempt), Winner> Winners)
{
    public static SoldOut Of(IEnumerable<Winner> winners) => new(
        winners.Where(winner => winner.Attempt is not null)
            .ToDictionary(winner => (winner.Participant, winner.Attempt!)));

    public AttemptAnswer Answer(ParticipantToken token, AttemptRequest request) =>
        Winners.TryGetValue((token.Holder, request.Id), out Winner? winner)
            ? AttemptAnswer.Of(request.Id, winner.Receipt!, winner.PrizeTitle)
            : new(request.Id, Won: false, SoldOut: true);
}
