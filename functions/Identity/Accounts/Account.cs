using FinVault.Audit;
using FinVault.Platform;

namespace FinVault.Identity;

/// <summary>Who a user is and how they sign in.</summary>
/// <param name="User"><c>USER_&lt;ULID&gt;</c>.</param>
/// <param name="Email">As <see cref="EmailAddress"/> writes it.</param>
/// <param name="EmailVerified">Whether its owner has said so.</param>
/// <param name="Password">As <see cref="PasswordHash"/> writes it; null for who signs in elsewhere only.</param>
/// <param name="SecondFactor">Null until it is set up.</param>
/// <param name="Logins">Elsewhere.</param>
/// <param name="CreatedAt">When it was registered.</param>
/// <param name="Tenant">Where the user's sessions begin; null for their own.</param>
[Audited("account", Containers.Identity, Subject = "user", Tenant = null)]
public sealed record Account(
    string User, string Email, bool EmailVerified, [property: Sensitive] string? Password, SecondFactor? SecondFactor,
    IReadOnlyList<ExternalLogin> Logins, DateTimeOffset CreatedAt, string? Tenant = null)
{
    public string Id { get; init; } = DocumentId;

    public string Type { get; init; } = DocumentId;

    public bool NeedsCode => SecondFactor is { ConfirmedAt: not null };

    internal const string DocumentId = "account";
}

/// <summary>An account elsewhere that is known to be the same person's.</summary>
/// <param name="Provider">As it is called in the settings.</param>
/// <param name="Subject">The provider's <c>sub</c>: unlike an e-mail address it is never given to somebody else.</param>
/// <param name="At">Since when.</param>
public sealed record ExternalLogin(string Provider, [property: Sensitive] string Subject, DateTimeOffset At);

/// <summary>A second factor by time-based codes.</summary>
/// <param name="Secret">Encrypted, see <see cref="SecretBox"/>.</param>
/// <param name="ConfirmedAt">Null until the user has shown that their app makes the right codes.</param>
/// <param name="LastStep">The step of the last code that was taken: no code counts twice.</param>
/// <param name="RecoveryCodes">SHA-256 of those that are left.</param>
public sealed record SecondFactor(
    [property: Sensitive] string Secret, DateTimeOffset? ConfirmedAt,
    [property: NotAudited("It moves with every code.")] long LastStep,
    [property: Sensitive] IReadOnlyList<string> RecoveryCodes);
