using FinVault.Audit;
using FinVault.Platform;

namespace FinVault.Giveaways;

/// <summary>What a participant is asked to do.</summary>
public enum TaskAction
{
    Follow,
    Like,
    Comment,
    Share,
    Join,
}

/// <summary>A task of condition mode. All tasks are fixed from scheduling on.</summary>
/// <param name="Title">1 to 120 characters.</param>
/// <param name="Network">The social network, as the provider names it: 1 to 32 of <c>a–z 0–9 -</c>.</param>
/// <param name="Action">What is to be done.</param>
/// <param name="Target">The account, post or group, up to 300 characters.</param>
/// <param name="Points">What it brings, 1 to 10,000.</param>
/// <param name="Id"><c>TASK_&lt;ULID&gt;</c>; made where none is given, kept where it is given again.</param>
public sealed record GiveawayTask(
    string Title, string Network, TaskAction Action, string Target, int Points, string? Id = null)
{
    public const string Prefix = "TASK";

    /// <summary>What is wrong with it, in a sentence, or null.</summary>
    public string? Fault() => this switch
    {
        _ when Title.Trim().Length is 0 or > 120 => "A task's title has 1 to 120 characters.",
        _ when !IsNetwork(Network) => "A network has 1 to 32 of a-z, 0-9 and hyphens.",
        _ when Target.Trim().Length is 0 or > 300 || Target.Any(char.IsControl) => "A target has 1 to 300 characters.",
        _ when Points is < 1 or > 10_000 => "A task brings 1 to 10,000 points.",
        _ when Id is not null && !Ids.IsValid(Id, Prefix) => "A task's id is not valid.",
        _ => null,
    };

    private static bool IsNetwork(string text) =>
        text.Length is > 0 and <= 32 && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');
}

/// <summary>All tasks of a giveaway; one document, so that they change at once.</summary>
/// <param name="Giveaway">The partition.</param>
/// <param name="Tasks">In the host's order.</param>
[Audited("tasks", Containers.Giveaways, Tenant = null)]
public sealed record TaskList(string Giveaway, IReadOnlyList<GiveawayTask> Tasks)
{
    public const string DocumentId = "tasks";
    public const int MaxTasks = 20;

    public string Id { get; init; } = DocumentId;

    public string Type { get; init; } = DocumentId;
}

/// <summary>What a host sends: every task, in order.</summary>
public sealed record TaskPlan(IReadOnlyList<GiveawayTask> Tasks);
