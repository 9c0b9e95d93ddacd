using System.Text.Json.Serialization;
using FinVault.Giveaways.Draw;
using FinVault.Platform;

namespace FinVault.Giveaways;

/// <summary>An attempt, as a participant makes it.</summary>
/// <param name="Id"><c>ATTEMPT_&lt;ULID&gt;</c>, the participant's own: sent again it gets the same answer.</param>
/// <param name="ClientSeed">Goes into what the attempt rolls; up to 64 of <c>A–Z a–z 0–9 _ -</c>.</param>
public sealed record AttemptRequest(string Id, string ClientSeed = "")
{
    public const string Prefix = "ATTEMPT";

    /// <exception cref="ProblemException">invalid_attempt.</exception>
    public AttemptRequest Checked() =>
        Ids.IsValid(Id, Prefix) && (ClientSeed.Length == 0 || DrawScheme.IsId(ClientSeed))
            ? this
            : throw Problems.InvalidAttempt.With("An attempt has an id ATTEMPT_<ULID>, and perhaps a client's seed.");
}

/// <summary>What came of an attempt.</summary>
/// <param name="Id">The attempt's id.</param>
/// <param name="Won">Whether it won.</param>
/// <param name="SoldOut">Whether the last prize was gone already. Such an attempt may have no receipt.</param>
/// <param name="Prize">What was won.</param>
/// <param name="PrizeTitle">Its title.</param>
/// <param name="Receipt">To be checked once the draw is revealed.</param>
public sealed record AttemptAnswer(
    string Id, bool Won, bool SoldOut, string? Prize = null, string? PrizeTitle = null, SlotReceipt? Receipt = null)
{
    /// <summary>It took the last prize, so the giveaway is over.</summary>
    [JsonIgnore]
    public bool TookTheLast { get; init; }

    public static AttemptAnswer Of(string id, SlotReceipt receipt, string? prizeTitle)
    {
        ArgumentNullException.ThrowIfNull(receipt);
        return new(id, receipt.Prize is not null, receipt.SoldOut, receipt.Prize, prizeTitle, receipt);
    }
}

/// <summary>An attempt that waits for its turn.</summary>
internal sealed class PendingAttempt(ParticipantToken token, AttemptRequest request)
{
    private readonly TaskCompletionSource<AttemptAnswer> _answer =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ParticipantToken Token { get; } = token;

    public AttemptRequest Request { get; } = request;

    public Task<AttemptAnswer> Answer => _answer.Task;

    public void Answered(AttemptAnswer answer) => _answer.TrySetResult(answer);

    public void Failed(Exception exception) => _answer.TrySetException(exception);
}
