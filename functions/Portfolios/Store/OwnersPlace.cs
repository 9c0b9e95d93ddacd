using FinVault.Audit;

namespace FinVault.Portfolios;

/// <summary>
/// One of the places that an owner has for things of a kind, beside them in one partition. A thing takes a place in the
/// transaction that makes it, or before, so that those that are made at once are never more than may be; it lives for as
/// long as the thing, so that a place whose thing is over is free without anybody's doing.
/// </summary>
[NotAudited("It follows from what takes it.")]
internal sealed record OwnersPlace(string Account, string Id, int Ttl)
{
    public const string DocumentType = "place";

    public string Type { get; init; } = DocumentType;

    public static OwnersPlace Of(string partition, string kind, int number, int ttl) =>
        new(partition, IdOf(kind, number), ttl);

    public static string IdOf(string kind, int number) => FormattableString.Invariant($"PLACE-{kind}-{number}");
}
