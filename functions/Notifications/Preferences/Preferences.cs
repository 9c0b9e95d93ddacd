using System.ComponentModel;
using FinVault.Platform;

namespace FinVault.Notifications;

/// <summary>Which channels a kind goes to.</summary>
public sealed record KindChoice(
    [property: Description("A kind of notice, such as wallet.toppedUp.")] string Kind,
    [property: Description("Where it goes; none for nowhere.")] IReadOnlyList<NoticeChannel> Channels);

/// <summary>What a user sets.</summary>
public sealed record PreferencesRequest(
    [property: Description("IANA name, such as Asia/Kolkata.")] string TimeZone,
    [property: Description("Kinds that are left out keep their defaults.")] IReadOnlyList<KindChoice> Kinds,
    [property: Description("Null for none.")] QuietHours? QuietHours = null);

/// <summary>A kind in a user's preferences.</summary>
/// <param name="Kind">Its key.</param>
/// <param name="Title">For people.</param>
/// <param name="Importance">How much it matters.</param>
/// <param name="Channels">Where it goes.</param>
/// <param name="Locked">Those of the channels that cannot be switched off.</param>
public sealed record KindView(
    string Kind, string Title, Importance Importance, IReadOnlyList<NoticeChannel> Channels,
    IReadOnlyList<NoticeChannel> Locked);

/// <summary>A user's preferences, with every kind there is.</summary>
public sealed record PreferencesView(string TimeZone, QuietHours? QuietHours, IReadOnlyList<KindView> Kinds);

/// <summary>What a user wants to be told, where and when.</summary>
public sealed record Preferences(
    string TimeZone, QuietHours? QuietHours, IReadOnlyDictionary<string, IReadOnlyList<NoticeChannel>> Chosen)
{
    private const string DefaultZone = "Asia/Kolkata";
    private const int MaxZone = 60;

    public static Preferences Default { get; } =
        new(DefaultZone, null, new Dictionary<string, IReadOnlyList<NoticeChannel>>());

    /// <exception cref="ProblemException">invalid_preferences.</exception>
    public static Preferences Checked(PreferencesRequest wanted)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        if (wanted.TimeZone.Length > MaxZone || !TimeZoneInfo.TryFindSystemTimeZoneById(wanted.TimeZone, out _))
        {
            throw Invalid("timeZone is an IANA name, such as Asia/Kolkata.");
        }

        if (wanted.QuietHours is { IsValid: false })
        {
            throw Invalid("Quiet hours are two different times such as 22:00.");
        }

        if (wanted.Kinds.Count > NoticeKinds.All.Count || wanted.Kinds.DistinctBy(one => one.Kind).Count() < wanted.Kinds.Count)
        {
            throw Invalid("Each kind is there once at most.");
        }

        Dictionary<string, IReadOnlyList<NoticeChannel>> chosen = [];
        foreach (KindChoice choice in wanted.Kinds)
        {
            NoticeKind kind = NoticeKinds.Find(choice.Kind) ?? throw Invalid("A kind is not known.");
            if (choice.Channels.Count > Enum.GetValues<NoticeChannel>().Length || kind.Locked.Except(choice.Channels).Any())
            {
                throw Invalid($"{kind.Key} always goes to {string.Join(" and ", kind.Locked)}.");
            }

            chosen[kind.Key] = [.. choice.Channels.Distinct().Order()];
        }

        return new(wanted.TimeZone, wanted.QuietHours, chosen);
    }

    public TimeZoneInfo Zone() =>
        TimeZoneInfo.TryFindSystemTimeZoneById(TimeZone, out TimeZoneInfo? zone) ? zone : TimeZoneInfo.Utc;

    public IReadOnlyList<NoticeChannel> ChannelsOf(NoticeKind kind)
    {
        ArgumentNullException.ThrowIfNull(kind);
        return [.. kind.Locked.Union(Chosen.GetValueOrDefault(kind.Key) ?? kind.Channels).Order()];
    }

    /// <summary>Until when quiet hours hold a notice; null for not at all.</summary>
    public DateTimeOffset? HeldUntil(NoticeKind kind, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(kind);
        bool held = QuietHours is { } quiet && kind.Importance != Importance.Security
            && (kind.Importance != Importance.High || quiet.HoldUrgent);
        return held ? QuietHours!.EndsAfter(now, Zone()) : null;
    }

    public PreferencesView View() => new(
        TimeZone, QuietHours,
        [.. NoticeKinds.All.Select(kind => new KindView(kind.Key, kind.Title, kind.Importance, ChannelsOf(kind), kind.Locked))]);

    private static ProblemException Invalid(string why) => Problems.InvalidPreferences.With(why);
}
