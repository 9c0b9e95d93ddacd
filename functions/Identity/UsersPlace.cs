using FinVault.Audit;

namespace FinVault.Identity;

/// <summary>
/// One of the places that a user has for things of a kind, beside them in one partition. A thing takes a place in the
/// transaction that makes it, so that those that are made at once are never more than may be; the place goes with it.
/// </summary>
/// <param name="Ttl">Seconds, as the thing's; -1 for ever.</param>
[NotAudited("It follows from what takes it.")]
internal sealed record UsersPlace(string User, string Id, int Ttl)
{
    public const int ForEver = -1;

    public string Type { get; init; } = "place";

    public static string IdOf(string kind, int number) => FormattableString.Invariant($"PLACE-{kind}-{number}");
}
