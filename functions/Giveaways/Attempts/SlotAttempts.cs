using System.Collections.Concurrent;
using FinVault.Giveaways.Draw;
using FinVault.Platform;

namespace FinVault.Giveaways;

/// <summary>Attempts of slot-machine mode, a lane a giveaway.</summary>
public sealed class SlotAttempts(
    GiveawayStore giveaways, AttemptStore attempts, ParticipantStore participants, Draws draws, TimeProvider time)
{
    // More than can run at once on one instance; idle ones are dropped, and filled again by their next attempt.
    private const int MaxLanes = 1_000;

    private readonly ConcurrentDictionary<string, AttemptLane> _lanes = new(StringComparer.Ordinal);

    /// <summary>Makes an attempt; again with the same id, answers what came of it.</summary>
    /// <exception cref="ProblemException">
    /// unknown_giveaway, giveaway_not_open, invalid_participant, no_attempts_left, already_won.
    /// </exception>
    public Task<AttemptAnswer> AttemptAsync(string giveaway, ParticipantToken token, AttemptRequest request)
    {
        if (!Ids.IsValid(giveaway, Giveaway.Prefix))
        {
            throw Problems.UnknownGiveaway.With($"There is no giveaway {giveaway}.");
        }

        return Lane(giveaway).AttemptAsync(token, request);
    }

    private AttemptLane Lane(string giveaway)
    {
        if (_lanes.TryGetValue(giveaway, out AttemptLane? lane))
        {
            return lane;
        }

        if (_lanes.Count >= MaxLanes)
        {
            foreach ((string key, AttemptLane one) in _lanes.Where(lane => lane.Value.IsIdle))
            {
                _lanes.TryRemove(new(key, one));
            }
        }

        return _lanes.GetOrAdd(giveaway, id =>
        {
            AttemptRound round = new(id, giveaways, attempts, participants, draws, time);
            return new AttemptLane(round.RunAsync);
        });
    }
}
