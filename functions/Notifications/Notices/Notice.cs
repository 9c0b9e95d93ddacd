using FinVault.Audit;

namespace FinVault.Notifications;

/// <summary>What a notice says.</summary>
/// <param name="Title">One line.</param>
/// <param name="Text">Plain text; paragraphs are separated by an empty line.</param>
/// <param name="Link">A place in the web client (<c>#/wallet</c>) that it is about; null for none.</param>
public sealed record NoticeText(string Title, string Text, string? Link);

/// <summary>A notice as its user sees it.</summary>
/// <param name="Id"><c>NOTICE_&lt;ULID&gt;</c>.</param>
/// <param name="Kind">Of <see cref="NoticeKinds"/>.</param>
/// <param name="Title">One line.</param>
/// <param name="Text">Plain text.</param>
/// <param name="Link">A place in the web client (<c>#/wallet</c>); null for none.</param>
/// <param name="At">When it happened.</param>
/// <param name="ReadAt">When the user saw it; null until then.</param>
/// <param name="Importance">How much it matters.</param>
/// <param name="Count">How many notices it stands for.</param>
public sealed record Notice(
    string Id, string Kind, string Title, string Text, string? Link, DateTimeOffset At, DateTimeOffset? ReadAt,
    Importance Importance, int Count = 1)
{
    public const string Prefix = "NOTICE";
}

/// <summary>
/// What stands in the place of a message and a user, so that the message is told to them once: the notice itself, or the
/// note that it was folded, or told outside of the app only.
/// </summary>
[NotAudited("It tells of what is audited where it happened.")]
internal sealed record NoticeDocument(
    string Id, string User, string Kind, string Title, string Text, string? Link, DateTimeOffset At,
    DateTimeOffset? ReadAt, Importance Importance, int Count, int Ttl)
{
    public const string Listed = "notice";

    /// <summary>Told by other channels: the user does not want the kind in the app.</summary>
    public const string Outside = "told";

    /// <summary>One of too many.</summary>
    public const string Folded = "folded";

    public string Type { get; init; } = Listed;

    public static NoticeDocument Of(string user, Notice notice, string type, int ttl) => new(
        notice.Id, user, notice.Kind, notice.Title, notice.Text, notice.Link, notice.At, notice.ReadAt,
        notice.Importance, notice.Count, ttl) { Type = type };

    public Notice View() => new(Id, Kind, Title, Text, Link, At, ReadAt, Importance, Count);
}

/// <summary>Limits on what a user is told.</summary>
internal static class NoticeLimits
{
    /// <summary>Notices in an hour; the rest is folded into one.</summary>
    public const int AnHour = 30;

    /// <summary>The same for those that matter much.</summary>
    public const int UrgentAnHour = 120;

    /// <summary>Notices that are kept; the oldest go.</summary>
    public const int Kept = 500;

    public const int KeptSeconds = 90 * 24 * 3600;

    /// <summary>Longer than an outbox message lives, so that none is told twice.</summary>
    public const int RememberedSeconds = 8 * 24 * 3600;

    public static int PerHour(Importance importance) => importance switch
    {
        Importance.Security => int.MaxValue,
        Importance.High => UrgentAnHour,
        _ => AnHour,
    };
}
