using System.Security.Cryptography;
using System.Text;
using FinVault.Audit;

namespace FinVault.Giveaways;

/// <summary>A verification's life, as a job (JOB-02).</summary>
public enum CompletionState
{
    /// <summary>Nobody has looked at it yet.</summary>
    Waiting,

    /// <summary>The network is being asked, and may take its time.</summary>
    Active,

    /// <summary>It counts.</summary>
    Completed,

    /// <summary>It does not; it may be sent again.</summary>
    Failed,

    /// <summary>It counted, or would have, and was taken away for good.</summary>
    Invalidated,
}

/// <summary>That a participant says to have done a task, and what became of it.</summary>
/// <param name="Id"><see cref="IdOf"/>.</param>
/// <param name="Giveaway">The partition.</param>
/// <param name="Participant">Who.</param>
/// <param name="Task">Which task.</param>
/// <param name="Handle">The participant's name on the network.</param>
/// <param name="Points">What it brings.</param>
/// <param name="State">How far it is.</param>
/// <param name="At">When it was sent: what counts as the time of completion, however long the network takes.</param>
/// <param name="Submission">Counts from 1; each has a job of its own.</param>
/// <param name="CorrelationId">Of the request that sent it; the job works under it.</param>
[NotAudited("It is a verification's job, and keeps its own steps.")]
public sealed record Completion(
    string Id, string Giveaway, string Participant, string Task, string Handle, int Points, CompletionState State,
    DateTimeOffset At, int Submission, string CorrelationId)
{
    public const string DocumentType = "completion";

    public string Type { get; init; } = DocumentType;

    /// <summary>How often the network was asked.</summary>
    public int Asked { get; init; }

    /// <summary>When it was decided.</summary>
    public DateTimeOffset? DecidedAt { get; init; }

    /// <summary>Why it does not count, for the participant to read.</summary>
    public string? Reason { get; init; }

    /// <summary>0 to 100: how much the account looks made up for the occasion.</summary>
    public int FraudScore { get; init; }

    /// <summary>The job's instance id.</summary>
    public string JobId => $"{Giveaway}-{Id.Replace(':', '-')}-{Submission}";

    /// <summary>One completion a participant and task.</summary>
    public static string IdOf(string participant, string task) => $"completion:{participant}:{task}";
}

/// <summary>Keeps an account of a network with one participant of a giveaway.</summary>
/// <param name="Id">Of the network and the handle's hash.</param>
/// <param name="Giveaway">The partition.</param>
/// <param name="Participant">Whose it is.</param>
[NotAudited("It follows from the completion.")]
public sealed record HandleClaim(string Id, string Giveaway, string Participant)
{
    public string Type { get; init; } = "handle";

    public static string IdOf(string network, string handle)
    {
        byte[] name = Encoding.UTF8.GetBytes(handle.ToUpperInvariant());
        return $"handle:{network}:{Convert.ToHexStringLower(SHA256.HashData(name))}";
    }
}

/// <summary>What a participant sends.</summary>
/// <param name="Handle">Their name on the network, 1 to 100 characters.</param>
public sealed record CompletionRequest(string Handle);

/// <summary>A completion as its participant sees it.</summary>
public sealed record CompletionView(
    string Task, CompletionState State, int Points, string Handle, DateTimeOffset At, string? Reason, string JobId)
{
    public static CompletionView Of(Completion one)
    {
        ArgumentNullException.ThrowIfNull(one);
        return new(one.Task, one.State, one.Points, one.Handle, one.At, one.Reason, one.JobId);
    }
}

/// <summary>Why something is taken away.</summary>
/// <param name="Reason">3 to 300 characters, shown to the participant.</param>
public sealed record Invalidation(string Reason);
