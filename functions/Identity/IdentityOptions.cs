using FinVault.Platform;
using Microsoft.Extensions.Configuration;

namespace FinVault.Identity;

/// <summary>The settings <c>Identity__…</c>, and the numbers that have been decided.</summary>
public sealed class IdentityOptions(IConfiguration configuration)
{
    public const string Section = "Identity";

    /// <summary>Every setting that Azure must have; keys are references to a vault.</summary>
    public static IReadOnlyList<string> Settings { get; } =
    [
        nameof(AccessTokenKeys), nameof(RefreshTokenKeys), nameof(SecretKeys), nameof(WebBaseUrl), nameof(FirstAdmin),
        nameof(OperatorsNeedCode), nameof(LeakedPasswordsUrl),
    ];

    /// <summary>How long an access token lives; a day at most, since a denied token is remembered for a day.</summary>
    public TimeSpan AccessLife { get; } = TimeSpan.FromMinutes(15);

    public TimeSpan RefreshLife { get; } = TimeSpan.FromDays(7);

    public SessionLimits Sessions { get; } = new(TimeSpan.FromMinutes(30), TimeSpan.FromHours(8), 5);

    /// <summary>How long an answer of the store about a session is believed.</summary>
    public TimeSpan SessionCache { get; } = TimeSpan.FromSeconds(5);

    /// <summary>How long after a fresh password or second factor a step-up function may be called.</summary>
    public TimeSpan StepUpLife { get; } = TimeSpan.FromMinutes(5);

    public TimeSpan VerificationLife { get; } = TimeSpan.FromHours(24);

    public TimeSpan ResetLife { get; } = TimeSpan.FromHours(1);

    public TimeSpan LinkLife { get; } = CacheLives.LinkToken;

    public TimeSpan ChallengeLife { get; } = TimeSpan.FromMinutes(5);

    /// <summary>Keys of access tokens, as <see cref="KeyRing"/> reads them.</summary>
    public string? AccessTokenKeys => configuration[$"{Section}:{nameof(AccessTokenKeys)}"];

    /// <summary>Keys of refresh tokens; none of them signs access tokens too.</summary>
    public string? RefreshTokenKeys => configuration[$"{Section}:{nameof(RefreshTokenKeys)}"];

    /// <summary>Keys that second factors' secrets are kept under.</summary>
    public string? SecretKeys => configuration[$"{Section}:{nameof(SecretKeys)}"];

    /// <summary>The e-mail address whose owner is an administrator from the start; none by default.</summary>
    public string? FirstAdmin => configuration[$"{Section}:{nameof(FirstAdmin)}"];

    /// <summary>
    /// Whether administrators and auditors are so only in sessions that a second factor was shown in. True unless it is set
    /// to false, as the local host does for its demo users.
    /// </summary>
    public bool OperatorsNeedCode => configuration.GetValue($"{Section}:{nameof(OperatorsNeedCode)}", true);

    /// <summary>A service of leaked passwords, see <see cref="LeakedPasswords"/>; empty for none.</summary>
    public string? LeakedPasswordsUrl => configuration[$"{Section}:{nameof(LeakedPasswordsUrl)}"];

    /// <summary>Where the web client stands, for links in mails; never taken from a request.</summary>
    public string WebBaseUrl => configuration[$"{Section}:{nameof(WebBaseUrl)}"] is { Length: > 0 } url
        ? url.TrimEnd('/')
        : throw new InvalidOperationException($"Set '{Section}__{nameof(WebBaseUrl)}'.");
}
